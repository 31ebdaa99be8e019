"""A follow-up opens and closes with the status of its application."""

from datetime import timedelta

import pytest
from django.db import transaction

from applications.follow_ups import FollowUp
from applications.models import Application
from applications.moves import move
from applications.statuses import Status
from audit.events import timeline
from audit.names import EventName
from tests.factories import ApplicationFactory, UserFactory


@pytest.fixture
def sending(db):
    return ApplicationFactory(status=Status.SENDING)


def moved(application, to, by=None, event=EventName.ANSWERED):
    with transaction.atomic():
        move(application, to, by=by, event=event)


def closings(application):
    return [event.detail for event in timeline(application).filter(name=EventName.FOLLOW_UP_CLOSED)]


def test_follow_up_opens_with_the_review_and_is_due_after_the_hours_set(sending, settings):
    settings.PENDING_DUE_HOURS = 5
    moved(sending, Status.PENDING)
    follow_up = FollowUp.objects.get()
    assert follow_up.application == sending
    assert follow_up.store == sending.store
    assert follow_up.due_at == sending.updated_at + timedelta(hours=5)
    assert follow_up.is_open
    assert not follow_up.is_overdue


@pytest.mark.parametrize("answer", [Status.APPROVED, Status.DECLINED, Status.UNKNOWN])
def test_other_answers_open_none(sending, answer):
    moved(sending, answer)
    assert not FollowUp.objects.exists()


def test_settlement_closes_it_with_what_was_stated(sending):
    moved(sending, Status.PENDING)
    person = UserFactory()
    moved(sending, Status.APPROVED, by=person, event=EventName.SETTLED)
    follow_up = FollowUp.objects.get()
    assert (follow_up.closed_by, follow_up.outcome) == (person, "approved")
    assert follow_up.closed_at == sending.updated_at
    assert closings(sending) == [{"outcome": "approved"}]


def test_what_nobody_stated_closes_it_without_an_outcome(sending):
    moved(sending, Status.PENDING)
    moved(sending, Status.DECLINED)
    follow_up = FollowUp.objects.get()
    assert (follow_up.closed_by, follow_up.outcome, follow_up.is_open) == (None, "", False)


def test_follow_up_that_a_person_closed_stays_as_they_closed_it(sending):
    moved(sending, Status.PENDING)
    FollowUp.objects.update(closed_at=sending.updated_at, outcome="withdrawn")
    moved(sending, Status.DECLINED)
    assert FollowUp.objects.get().outcome == "withdrawn"
    assert closings(sending) == []


def test_second_review_opens_it_again(sending):
    moved(sending, Status.PENDING)
    moved(sending, Status.APPROVED)
    Application.objects.update(status=Status.UNKNOWN)
    sending.refresh_from_db()
    moved(sending, Status.PENDING)
    follow_up = FollowUp.objects.get()
    assert follow_up.is_open
    assert follow_up.outcome == ""


def test_overdue_is_what_is_open_and_late(sending):
    moved(sending, Status.PENDING)
    FollowUp.objects.update(due_at=sending.updated_at - timedelta(hours=1))
    assert FollowUp.objects.get().is_overdue
    moved(sending, Status.DECLINED)
    assert not FollowUp.objects.get().is_overdue
