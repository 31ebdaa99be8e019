"""Events of one subject are numbered from 1, and each holds the hash of the one before."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from audit.chain import BEGINNING, event_hash
from audit.events import record, timeline
from audit.linking import as_hashed
from audit.models import Event
from audit.names import EventName


def assert_chained(events: list[Event]) -> None:
    assert events
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    assert [event.previous for event in events] == [BEGINNING, *(event.hash for event in events[:-1])]
    assert [event.hash for event in events] == [event_hash(as_hashed(event)) for event in events]


def test_events_of_each_subject_are_a_chain(db: None) -> None:
    one, other = Group.objects.create(name="one"), Group.objects.create(name="other")
    for number in range(3):
        kept = record(EventName.STEP_SAVED, subject=one, merchant_id="m", by=None, detail={"n": number})
        record(EventName.VIEWED, subject=other, merchant_id=uuid.uuid4(), by=None)
        assert kept.hash == Event.objects.get(pk=kept.pk).hash
    assert_chained(list(timeline(one)))
    assert_chained(list(timeline(other)))


def test_events_appended_in_bulk_go_on_where_their_chains_end(db: None) -> None:
    group = Group.objects.create(name="one")
    record(EventName.SUBMITTED, subject=group, merchant_id="", by=None)
    at = timezone.now()
    Event.objects.bulk_create(
        Event(name="viewed", subject_type="auth.group", subject_id=subject, at=at)
        for subject in (str(group.pk), "other", str(group.pk), "other")
    )
    assert_chained(list(timeline(group)))
    assert [event.sequence for event in timeline(group)] == [1, 2, 3]
    assert_chained(list(Event.objects.filter(subject_id="other").order_by("sequence")))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_events_recorded_at_once_stand_in_one_chain() -> None:
    group = Group.objects.create(name="one")
    together = Barrier(4)

    def append(_: int) -> None:
        together.wait(10)
        for _ in range(10):
            with transaction.atomic():
                record(EventName.VIEWED, subject=group, merchant_id="", by=None)
        connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(append, range(4)))
    assert timeline(group).count() == 40
    assert_chained(list(timeline(group)))


@pytest.mark.django_db(transaction=True)
def test_events_from_before_the_chain_are_chained_by_the_migration() -> None:
    call_command("migrate", "audit", "0002", verbosity=0)
    columns = "name, subject_type, subject_id, actor_id, actor, merchant_id, at, detail"
    with connection.cursor() as cursor:
        for number in range(6):
            values = [
                "viewed",
                "auth.group",
                str(number % 2),
                "",
                "Zoé",
                "",
                timezone.now(),
                '{"b": [1, "’"], "a": null}',
            ]
            cursor.execute(f"INSERT INTO audit_event ({columns}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", values)
    call_command("migrate", "audit", verbosity=0)
    for subject in "01":
        chain = list(Event.objects.filter(subject_id=subject).order_by("id"))
        assert len(chain) == 3
        assert_chained(chain)
