import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from audit.checkpoints import catch_up
from audit.events import Subject, record, timeline
from audit.models import Event
from audit.names import EventName
from audit.redaction import DENIED
from audit.verification import verify


@pytest.fixture
def subject(db: None) -> Group:
    """Any saved row can be the subject of an event."""
    return Group.objects.create(name="subject")


@pytest.fixture
def associate(db: None) -> Any:
    return get_user_model().objects.create_user("maude", first_name="Maude", last_name="Tremblay")


def test_event_says_what_happened_to_whom_by_whom_and_when(subject: Group, associate: Any) -> None:
    merchant = uuid.uuid4()
    record(EventName.STEP_SAVED, subject=subject, merchant_id=merchant, by=associate, detail={"step": "identity"})
    kept = Event.objects.get()
    assert (kept.name, kept.label) == ("step_saved", "Step saved")
    assert (kept.subject_type, kept.subject_id) == ("auth.group", str(subject.pk))
    assert (kept.actor_id, kept.actor) == (str(associate.pk), str(associate))
    assert kept.merchant_id == str(merchant)
    assert kept.detail == {"step": "identity"}
    assert timezone.now() - kept.at < timedelta(minutes=1)


def test_event_of_the_system_without_a_merchant(subject: Group) -> None:
    kept = record(EventName.DRAFT_EXPIRED, subject=subject, merchant_id=None, by=None)
    assert (kept.actor_id, kept.actor, kept.merchant_id, kept.detail) == ("", "", "", {})


def test_event_keeps_the_name_its_actor_had(subject: Group, associate: Any) -> None:
    named = str(associate)
    record(EventName.VIEWED, subject=subject, merchant_id="", by=associate)
    associate.last_name = associate.username = "changed"
    associate.save()
    assert Event.objects.get().actor == named


def test_what_no_row_stands_for_has_a_chain_of_its_own(subject: Group) -> None:
    day, next_day = Subject("merchants.sign_in", "2026-11-21"), Subject("merchants.sign_in", "2026-11-22")
    for one in (day, day, next_day, subject):
        record(EventName.SIGN_IN_FAILED, subject=one, merchant_id=None, by=None)
    assert [event.sequence for event in timeline(day)] == [1, 2]
    assert [event.sequence for event in timeline(next_day)] == [1]
    catch_up()
    assert verify().is_ok
    assert verify().events == 4


def test_event_survives_its_subject(subject: Group) -> None:
    record(EventName.SUBMITTED, subject=subject, merchant_id="", by=None)
    gone = str(subject.pk)
    subject.delete()
    assert Event.objects.get().subject_id == gone


@pytest.mark.django_db(transaction=True)
def test_event_outside_a_transaction_is_refused() -> None:
    subject = Group.objects.create(name="subject")
    with pytest.raises(TransactionManagementError, match="in the transaction of the change"):
        record(EventName.SUBMITTED, subject=subject, merchant_id="", by=None)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_event_goes_with_the_transaction_it_tells_about() -> None:
    subject = Group.objects.create(name="subject")
    with transaction.atomic():
        record(EventName.SUBMITTED, subject=subject, merchant_id="", by=None)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_event_of_an_unsaved_subject_is_refused(db: None) -> None:
    for unsaved in (Group(name="new"), Group(pk=1, name="new")):
        with pytest.raises(ValueError, match="needs a saved subject"):
            record(EventName.SUBMITTED, subject=unsaved, merchant_id="", by=None)


def test_event_by_nobody_in_particular_is_refused(subject: Group) -> None:
    with pytest.raises(ValueError, match="by a known person"):
        record(EventName.VIEWED, subject=subject, merchant_id="", by=get_user_model()(username="unsaved"))


def test_event_without_a_known_name_is_refused(subject: Group) -> None:
    with pytest.raises(ValueError, match="approved_by_magic"):
        record("approved_by_magic", subject=subject, merchant_id="", by=None)


@pytest.mark.parametrize("key", [*sorted(DENIED), "customer_email", "typed_sin", "old_client_secret"])
def test_detail_that_could_hold_an_answer_or_a_secret_is_refused(subject: Group, key: str) -> None:
    with pytest.raises(ValueError, match="does not belong into an event") as refused:
        record(EventName.STEP_SAVED, subject=subject, merchant_id="", by=None, detail={key: "046454286"})
    assert "046454286" not in str(refused.value)
    assert not Event.objects.exists()


@pytest.mark.parametrize("key", ["", "Step", "with space", "accentué", "x" * 41, 7])
def test_detail_under_a_key_that_is_no_short_name_is_refused(subject: Group, key: Any) -> None:
    with pytest.raises(ValueError, match="a short lower-case name"):
        record(EventName.STEP_SAVED, subject=subject, merchant_id="", by=None, detail={key: 1})


@pytest.mark.parametrize(
    "value",
    [
        *("x" * 201, 1.5, b"bytes", {"nested": 1}, ["x" * 201], [1], [["nested"]], ["x"] * 51, ("tuple",)),
        *("\0", "\ud800", ["\0"]),
    ],
)
def test_detail_that_is_not_short_is_refused(subject: Group, value: Any) -> None:
    with pytest.raises(ValueError, match="short text or a list of short texts"):
        record(EventName.STEP_SAVED, subject=subject, merchant_id="", by=None, detail={"step": value})


@pytest.mark.parametrize("value", ["x" * 200, "", 12, True, None, [], ["sin", "dob"]])
def test_detail_of_identifiers_counts_and_codes_is_kept(subject: Group, value: Any) -> None:
    record(EventName.CORRECTION_REQUESTED, subject=subject, merchant_id="", by=None, detail={"fields": value})
    assert Event.objects.get().detail == {"fields": value}


def test_timeline_is_of_one_subject_and_oldest_first(subject: Group, associate: Any) -> None:
    other = Group.objects.create(name="other")
    for name in (EventName.SUBMITTED, EventName.SENT, EventName.ANSWERED):
        record(name, subject=subject, merchant_id="", by=None)
        record(EventName.VIEWED, subject=other, merchant_id="", by=None)
    assert [event.name for event in timeline(subject)] == ["submitted", "sent", "answered"]
    assert not timeline(associate).exists()


def test_timeline_of_a_row_with_the_same_key_in_another_table_is_apart(associate: Any) -> None:
    same_key = Group.objects.create(pk=associate.pk, name="same key")
    record(EventName.SIGNED_IN, subject=associate, merchant_id="", by=associate)
    assert not timeline(same_key).exists()


@pytest.mark.django_db
def test_timeline_is_read_by_index(subject: Group) -> None:
    plan = timeline(subject).explain()
    if connection.vendor == "sqlite":
        assert "USING INDEX" in plan
        assert "TEMP B-TREE" not in plan
