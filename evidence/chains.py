"""Some chains under some checkpoints, known to one witness; and the way around every guard that the portal has."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection, models
from django.utils import timezone

from audit import triggers
from audit.chain import event_hash
from audit.checkpoints import catch_up
from audit.linking import as_hashed
from audit.models import Checkpoint, Event
from audit.names import EventName
from audit.verification.findings import Subject
from audit.witnesses import File

_CHAINS, _SECTIONS, _EVENTS_OF_A_SECTION = 30, 6, 40
_NAMES = (EventName.STEP_SAVED, EventName.TERMS_SHOWN, EventName.TERMS_ACCEPTED, EventName.SUBMITTED, EventName.VIEWED)


@dataclass(frozen=True)
class Chains:
    subjects: list[Subject]
    witness: File

    def long(self, given: random.Random, at_least: int) -> list[Event]:
        """The events of some chain with so many."""
        chains = [chain for subject in self.subjects if len(chain := events_of(subject)) >= at_least]
        return given.choice(chains)


def make_chains(given: random.Random, folder: Path) -> Chains:
    """In an empty database: applications' chains of different lengths, interleaved, with six checkpoints."""
    subjects = [("applications.application", str(uuid.UUID(int=given.getrandbits(128)))) for _ in range(_CHAINS)]
    witness = File(str(folder / "witness.jsonl"))
    began = timezone.now() - timedelta(days=1)
    for section in range(_SECTIONS):
        chosen = [given.choice(subjects) for _ in range(_EVENTS_OF_A_SECTION)]
        if not section:
            chosen = subjects + chosen
        at = [began + timedelta(seconds=100 * section + number) for number in range(len(chosen))]
        Event.objects.bulk_create(
            Event(
                name=given.choice(_NAMES),
                subject_type=subject[0],
                subject_id=subject[1],
                actor_id="7",
                actor="Maude Tremblay",
                merchant_id="3",
                at=moment,
                detail={"step": given.choice(["identity", "income"]), "seconds": given.randrange(100)},
            )
            for subject, moment in zip(chosen, at, strict=True)
        )
        for checkpoint in catch_up():
            witness.take(checkpoint.number, checkpoint.line())
    return Chains(subjects, witness)


def unguarded() -> None:
    """For the rest of the transaction, what an owner of the tables can do: no trigger refuses anything."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
    else:
        triggers.remove(connection)


def raw(model: type[models.Model] = Event) -> "models.QuerySet[Any]":
    """Rows without the refusals of their own query set."""
    return models.QuerySet(model)


def events_of(subject: Subject) -> list[Event]:
    return list(Event.objects.filter(subject_type=subject[0], subject_id=subject[1]).order_by("sequence"))


def change(event: Event, **values: Any) -> None:
    """As UPDATE does it; the object has it too."""
    raw().filter(pk=event.pk).update(**values)
    for name, value in values.items():
        setattr(event, name, value)


def delete(rows: "models.QuerySet[Any]") -> None:
    rows._raw_delete(rows.db)


def rehash(event: Event, **values: Any) -> None:
    """Change it, and give it the hash that fits."""
    change(event, **values)
    change(event, hash=event_hash(as_hashed(event)))


def put_in(like: Event, **values: Any) -> Event:
    """A forged event, with a number from before the first: covered by a checkpoint, and not taken."""
    lowest = raw().order_by("id").values_list("id", flat=True)[0]
    copied = {field.name: getattr(like, field.name) for field in Event._meta.concrete_fields}
    forged = Event(**{**copied, "id": min(lowest, 0) - 1, "actor": "Nobody", **values})
    raw().bulk_create([forged])
    return forged


def set_count(number: int) -> None:
    """Put the database's count of events back, as a copy from then would."""
    sql = {
        "postgresql": f"ALTER SEQUENCE audit_event_id_seq RESTART WITH {number + 1}",
        "sqlite": f"UPDATE sqlite_sequence SET seq = {number} WHERE name = 'audit_event'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)


def checkpoints() -> list[Checkpoint]:
    return list(Checkpoint.objects.order_by("number"))


def exchanged(one: Event, other: Event, names: tuple[str, ...]) -> None:
    """Give each what the other has of these columns. Two rows with one place are never there at a time."""
    of_one: Mapping[str, Any] = {name: getattr(one, name) for name in names}
    of_other: Mapping[str, Any] = {name: getattr(other, name) for name in names}
    if "sequence" in names:
        change(one, sequence=1_000_000)
    change(other, **of_one)
    change(one, **of_other)
