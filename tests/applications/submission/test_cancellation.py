"""A Quebec customer cancels: recorded first, sent once, never lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Cancellation
from applications.statuses import Status
from applications.submission.cancellation import CannotCancel, deliver_close, may_cancel, request_cancellation
from applications.submission.delivery import deliver
from applications.submission.sealing import submit
from applications.submission.sweep import sweep


@pytest.fixture
def approved(ready, associate):
    def run(province="QC"):
        application = ready(province=province, middle_name="A-RR_L")
        deliver(submit(application, by=associate, revision=application.revision).pk)
        application.refresh_from_db()
        return application

    return run


def close_calls(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith("/close")]


def test_cancel_closes_the_account(approved, associate, sandbox):
    application = approved()
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED
    assert [call["reference_id"] for call in close_calls(sandbox)] == [application.reference_id]


def test_cancel_outside_quebec_is_not_offered(approved, associate):
    application = approved(province="ON")
    assert not may_cancel(application)
    with pytest.raises(CannotCancel):
        request_cancellation(application, by=associate)


def test_cancel_asked_twice_is_one_request(approved, associate):
    application = approved()
    request_cancellation(application, by=associate)
    with pytest.raises(CannotCancel):
        request_cancellation(application, by=associate)


def test_cancel_that_did_not_reach_the_lender_waits_and_goes_out_later(approved, associate, credential, sandbox):
    application = approved()
    credential.base_url = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    credential.save()
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    credential.base_url = sandbox.base_url
    credential.save()
    deliver_close(cancellation.pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED


def test_cancel_without_answer_is_unconfirmed_and_not_resent(approved, associate, sandbox):
    application = approved()
    sandbox.fail("close", "reset_after")
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    deliver_close(cancellation.pk)
    sweep()
    application.refresh_from_db()
    assert application.status == Status.CANCELLING
    assert len(close_calls(sandbox)) == 1
    assert may_cancel(application), "a person may ask again"


def test_cancel_whose_worker_died_becomes_unconfirmed(approved, associate):
    cancellation = request_cancellation(approved(), by=associate)
    past = timezone.now() - timedelta(seconds=1)
    Cancellation.objects.filter(pk=cancellation.pk).update(sending_since=past, lease_until=past)
    sweep()
    cancellation.refresh_from_db()
    assert cancellation.outcome == "unconfirmed"


def test_cancel_refused_leaves_the_account_open(approved, associate, sandbox):
    application = approved()
    sandbox.reset()
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    assert application.cancellations.get().outcome == "refused"
