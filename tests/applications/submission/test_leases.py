"""A worker that lives renews its leases; one that is dead, or hangs for too long, does not."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import SubmissionAttempt
from applications.submission import leases
from applications.submission.claims import begin_sending, claim_next
from applications.submission.leases import lease_kept, renew
from applications.submission.sealing import submit


@pytest.fixture
def sending(ready, associate):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    attempt = claim_next()
    begin_sending(attempt)
    return attempt


def remaining(attempt):
    return SubmissionAttempt.objects.get(pk=attempt.pk).lease_until - timezone.now()


def nearly_end(attempt):
    SubmissionAttempt.objects.filter(pk=attempt.pk).update(lease_until=timezone.now() + timedelta(seconds=1))


def test_renewal_pushes_the_lease_ahead_while_the_call_lives(sending, settings):
    settings.LEASE_SECONDS = 600
    with lease_kept(sending):
        nearly_end(sending)
        renew()
        assert remaining(sending) > timedelta(seconds=500)
    nearly_end(sending)
    renew()
    assert remaining(sending) < timedelta(seconds=2), "the call is over"


def test_renewal_ends_when_a_delivery_takes_longer_than_it_may(sending, settings):
    settings.LEASE_SECONDS, settings.DELIVERY_SECONDS = 600, 0
    with lease_kept(sending):
        nearly_end(sending)
        renew()
    assert remaining(sending) < timedelta(seconds=2)


def test_renewal_leaves_closed_rows_alone(sending, settings):
    settings.LEASE_SECONDS = 600
    SubmissionAttempt.objects.filter(pk=sending.pk).update(closed_at=timezone.now())
    with lease_kept(sending):
        nearly_end(sending)
        renew()
    assert remaining(sending) < timedelta(seconds=2)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_renewal_happens_by_itself(sending, settings, monkeypatch):
    monkeypatch.setattr(leases, "_renewers", [])
    settings.LEASE_SECONDS = 1.5
    with lease_kept(sending):
        nearly_end(sending)
        time.sleep(2)
        assert remaining(sending) > timedelta(0)
        settings.LEASE_SECONDS = 600  # the thread rests until the process ends
        time.sleep(0.6)
