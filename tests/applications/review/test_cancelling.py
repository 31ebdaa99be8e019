"""A manager cancels for a Quebec customer, within the days there are."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.urls import reverse

from applications.models import Cancellation, SubmissionAttempt
from applications.review.cancelling import last_day_to_cancel, may_cancel_now
from applications.statuses import Status
from applications.submission.by_person import settle_as_told
from applications.submission.cancellation import deliver_close
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import StoreFactory


@pytest.fixture
def approved(decided):
    return decided(middle_name="A-RR_L", province="QC")


@pytest.fixture
def days_later():
    def pass_by(days):
        SubmissionAttempt.objects.update(closed_at=F("closed_at") - timedelta(days=days))

    return pass_by


def address(application):
    return reverse("review_cancel", args=[application.pk])


def page(client, application):
    return client.get(reverse("review_application", args=[application.pk])).content.decode()


def test_manager_cancels_and_is_named(manager_client, manager, approved):
    assert address(approved) in page(manager_client, approved)
    assert "Only if the customer asks for it" in manager_client.get(address(approved)).content.decode()
    html = manager_client.post(address(approved), follow=True).content.decode()
    assert "The cancellation is under way" in html
    cancellation = Cancellation.objects.get()
    assert cancellation.requested_by == manager
    deliver_close(cancellation.pk)
    approved.refresh_from_db()
    assert approved.status == Status.CANCELLED
    assert "Flexiti closed the account." in page(manager_client, approved)


def test_looking_cancels_nothing(manager_client, approved):
    manager_client.get(address(approved))
    assert not Cancellation.objects.exists()


def test_last_day_is_counted_by_the_stores_clock(manager_client, approved, days_later, settings):
    assert may_cancel_now(approved)
    days_later(settings.QUEBEC_CANCELLATION_DAYS)
    assert may_cancel_now(approved)
    days_later(1)
    assert not may_cancel_now(approved)
    html = page(manager_client, approved)
    assert address(approved) not in html
    assert "The days to cancel are over" in html
    manager_client.post(address(approved))
    assert not Cancellation.objects.exists()


def test_cancellation_never_confirmed_may_be_asked_again_after_the_days(approved, manager_client, sandbox, days_later):
    sandbox.fail("close", "reset_after")
    manager_client.post(address(approved))
    deliver_close(Cancellation.objects.get().pk)
    days_later(30)
    approved.refresh_from_db()
    assert approved.status == Status.CANCELLING
    assert may_cancel_now(approved)
    assert "The cancellation is not confirmed" in page(manager_client, approved)


def test_days_of_a_settled_approval_begin_when_it_was_settled(unknown, manager):
    application = unknown("reset_before", province="QC")
    settle_as_told(application, Status.APPROVED, account_number="20035156", reason="Called", by=manager)
    application.refresh_from_db()
    settled_on = application.settlements.get().settled_at.astimezone(application.store.tzinfo).date()
    assert last_day_to_cancel(application) == settled_on + timedelta(days=10)


def test_ontario_has_no_such_days(manager_client, decided):
    application = decided(middle_name="A-RR_L")
    assert last_day_to_cancel(application) is None
    assert manager_client.get(address(application)).status_code == 302
    manager_client.post(address(application))
    assert not Cancellation.objects.exists()


def test_strangers_cancel_nothing(approved, associate, store):
    assert signed_in(associate).post(address(approved)).status_code == 403
    sibling = signed_in(person("sibling", StoreFactory(merchant=store.merchant), Role.MANAGER))
    assert sibling.post(address(approved)).status_code == 404
    assert not Cancellation.objects.exists()
