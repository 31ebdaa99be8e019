"""Evidence is refused change by the model, by its query set, and by the database whoever asks."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.checkpoints import catch_up
from audit.events import record
from audit.models import Event, EvidenceIsAppendOnly
from audit.names import EventName
from audit.triggers import install, remove
from audit.verification import verify
from local_services.portal import ROOT

UNTOUCHED = [("submitted", "before")]


@pytest.fixture
def event(db: None) -> Event:
    subject = Group.objects.create(name="subject")
    return record(EventName.SUBMITTED, subject=subject, merchant_id="before", by=None)


def kept() -> list[tuple[str, str]]:
    return list(Event.objects.values_list("name", "merchant_id"))


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.save(),
        lambda event: event.save(update_fields=["merchant_id"]),
        lambda event: event.save(force_update=True),
        lambda event: event.delete(),
        lambda event: Event.objects.update(merchant_id="after"),
        lambda event: Event.objects.filter(pk=event.pk).delete(),
        lambda event: Event.objects.bulk_update([event], ["merchant_id"]),
        lambda event: Event.objects.update_or_create(pk=event.pk, defaults={"merchant_id": "after"}),
        lambda event: Event.objects.bulk_create([event], ignore_conflicts=True),
        lambda event: Event.objects.bulk_create(
            [event], update_conflicts=True, unique_fields=["id"], update_fields=["merchant_id"]
        ),
    ],
)
def test_change_through_the_orm_is_refused(event: Event, change: Callable[[Event], Any]) -> None:
    event.merchant_id = "after"
    with pytest.raises(EvidenceIsAppendOnly, match="never changed or deleted"):
        change(event)
    assert kept() == UNTOUCHED


def test_new_event_under_an_old_number_is_refused(event: Event) -> None:
    forged = Event(pk=event.pk, name="sent", subject_type="auth.group", subject_id="1", at=timezone.now())
    with CaptureQueriesContext(connection) as tried, pytest.raises(IntegrityError), transaction.atomic():
        forged.save()
    assert not [query for query in tried if query["sql"].startswith("UPDATE")]
    assert kept() == UNTOUCHED


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET merchant_id = 'after'",
        "UPDATE audit_event SET id = id + 1",
        "DELETE FROM audit_event",
        "DELETE FROM audit_event WHERE name = 'submitted'",
        pytest.param("TRUNCATE audit_event", marks=pytest.mark.postgres),
    ],
)
def test_change_by_sql_is_refused(event: Event, sql: str) -> None:
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert kept() == UNTOUCHED


def test_replacing_insert_is_refused(event: Event) -> None:
    """The ways around an update: each engine has its own."""
    columns = "id, name, subject_type, subject_id, actor_id, actor, merchant_id, at, detail, sequence, previous, hash"
    values = f"{event.pk}, 'sent', 'a', '1', '', '', 'after', '2026-01-01 00:00:00+00:00', '{{}}', 1, '', ''"
    sql = {
        "sqlite": f"INSERT OR REPLACE INTO audit_event ({columns}) VALUES ({values})",
        "postgresql": f"INSERT INTO audit_event ({columns}) VALUES ({values})"
        " ON CONFLICT (id) DO UPDATE SET merchant_id = EXCLUDED.merchant_id",
    }[connection.vendor]
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert kept() == UNTOUCHED


def test_events_can_be_appended_in_bulk(db: None) -> None:
    at = timezone.now()
    Event.objects.bulk_create(
        Event(name="viewed", subject_type="auth.group", subject_id=str(uuid.uuid4()), at=at) for _ in range(3)
    )
    assert Event.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_flush_between_tests_empties_events_and_leaves_them_guarded() -> None:
    for _ in range(2):
        with transaction.atomic():
            subject = Group.objects.create(name="subject")
            record(EventName.SUBMITTED, subject=subject, merchant_id="before", by=None)
        with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
            cursor.execute("DELETE FROM audit_event")
        call_command("flush", interactive=False, verbosity=0)
        assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_triggers_can_be_taken_away_and_put_back_by_migration() -> None:
    call_command("migrate", "audit", "0001", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")
    call_command("migrate", "audit", verbosity=0)
    with transaction.atomic():
        subject = Group.objects.create(name="subject")
        record(EventName.SUBMITTED, subject=subject, merchant_id="before", by=None)
    with pytest.raises(IntegrityError, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_event")


@pytest.mark.postgres
def test_function_of_the_triggers_goes_with_the_last_of_them(db: None) -> None:
    def is_there() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regproc('audit_refuse_change') IS NOT NULL")
            return bool(cursor.fetchone()[0])

    remove(connection, ["audit_event"])
    assert is_there()
    remove(connection, ["audit_checkpoint"])
    assert not is_there()
    install(connection)
    assert is_there()


@pytest.mark.postgres
def test_role_of_the_portal_needs_no_right_to_change_evidence(event: Event) -> None:
    """With the rights that docs/operations.md gives it, and without any trigger."""
    grants = (ROOT / "docs" / "operations.md").read_text().partition("```sql\n")[2].partition("```")[0]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE portal_app")
        cursor.execute(grants)
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SET LOCAL ROLE portal_app")
    record(EventName.SENT, subject=Group.objects.create(name="another"), merchant_id="", by=None)
    assert len(catch_up()) == 1
    assert verify().is_ok
    for table in ("audit_event", "audit_checkpoint"):
        for change in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            refused = pytest.raises(ProgrammingError, match="permission denied")
            with refused, transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)
