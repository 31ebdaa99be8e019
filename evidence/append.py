"""What the chain costs: an append against a plain insert, and a verification of very many events.

python -m evidence.append --size 1000000

Both appends are one transaction each, with its commit to disk, and take turns, so that whatever else the machine does
meets both. The plain insert is the same row into a table without chain, with the indexes that events had before.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING, Any

from chaos.in_process import portal_here
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_most, must_be, told

if TYPE_CHECKING:
    from audit.models import Event

_AT_MOST_TIMES, _AT_MOST_SECONDS = 1.3, 60.0
_APPENDS, _BRISK_APPENDS, _WARM = 4_000, 100, 100
_SUBJECTS, _EVENTS_OF_A_SUBJECT = 500, 6
_AT_ONCE = 30_000
_PLAIN = (
    "CREATE TABLE plain_event (LIKE audit_event INCLUDING DEFAULTS INCLUDING IDENTITY)",
    "ALTER TABLE plain_event DROP COLUMN sequence, DROP COLUMN previous, DROP COLUMN hash, ADD PRIMARY KEY (id)",
    "CREATE INDEX ON plain_event (subject_type, subject_id, id)",
    "CREATE INDEX ON plain_event (merchant_id, id)",
)


def run(given: Run) -> Iterable[Figure]:
    """Appends, then a verification of `given.size` events."""
    with portal_here(given.folder, on_postgres=True):
        given.say("appending")
        yield from _of_appends(given)
        yield from of_verifying(given)


def _of_appends(given: Run) -> list[Figure]:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in _PLAIN:
            cursor.execute(statement)
    turns = {"plain": _plain_model(), "chained": _event_model()}
    seconds: dict[str, list[float]] = {name: [] for name in turns}
    for number in range(_WARM + (_BRISK_APPENDS if given.brisk else _APPENDS)):
        for name in given.random.sample(sorted(turns), 2):
            took = _timed(turns[name].objects.create, _values(given))
            if number >= _WARM:
                seconds[name].append(took)
    of_means = sum(seconds["chained"]) / sum(seconds["plain"])
    cost = round(of_means, 3)
    return [
        told("appends of each", len(seconds["plain"])),
        *(told(f"{name}, median, ms", round(1000 * median(taken), 3)) for name, taken in seconds.items()),
        told("append against a plain insert, medians", round(median(seconds["chained"]) / median(seconds["plain"]), 3)),
        told("append against a plain insert, times", cost)
        if given.brisk
        else at_most("append against a plain insert, times", cost, _AT_MOST_TIMES),
    ]


def _timed(append: Callable[..., object], values: dict[str, Any]) -> float:
    from django.db import transaction

    began = time.perf_counter()
    with transaction.atomic():
        append(**values)
    return time.perf_counter() - began


def _values(given: Run) -> dict[str, Any]:
    from django.utils import timezone

    return {
        "name": "step_saved",
        "subject_type": "applications.application",
        "subject_id": f"00000000-0000-0000-0000-{given.random.randrange(_SUBJECTS):012}",
        "actor_id": "12",
        "actor": "Maude Tremblay",
        "merchant_id": "00000000-0000-0000-0000-000000000001",
        "at": timezone.now(),
        "detail": {"step": "identity", "fields": ["first_name", "last_name"]},
    }


def _event_model() -> "type[Event]":
    from audit.models import Event

    return Event


def _plain_model() -> Any:
    from django.db import models

    from audit.models import Event

    unchained = ("id", "sequence", "previous", "hash")
    fields = {field.name: field.clone() for field in Event._meta.concrete_fields if field.name not in unchained}
    meta = type("Meta", (), {"app_label": "audit", "db_table": "plain_event", "managed": False})
    return type("Plain", (models.Model,), {**fields, "Meta": meta, "__module__": __name__})


def of_verifying(given: Run) -> list[Figure]:
    """In Django's database, beside the evidence that is there."""
    from audit.checkpoints import catch_up
    from audit.verification import verify

    given.say(f"making {given.size:,} events")
    before = _event_model().objects.count()
    _fill(given)
    given.say("checkpoints")
    began = time.perf_counter()
    made = catch_up()
    signing = time.perf_counter() - began
    given.say("verifying")
    began, used = time.perf_counter(), time.process_time()
    report = verify()
    seconds, used = round(time.perf_counter() - began, 1), round(time.process_time() - used, 1)
    return [
        told("checkpoints over them, s", round(signing, 1)),
        must_be("events verified", report.events, given.size + before),
        must_be("findings", len(report.findings), 0),
        told("checkpoints", len(made)),
        told("of these the verifying process computed, s", used),
        told("events a second", round(report.events / max(seconds, 0.1))),
        told("verification, s", seconds) if given.brisk else at_most("verification, s", seconds, _AT_MOST_SECONDS),
    ]


def _fill(given: Run) -> None:
    """Chains of six events each, as they would have been recorded: their events lie far from each other."""
    from applications.specimens.loading import load

    events = _made(given)
    while rows := list(islice(events, _AT_ONCE)):
        load(rows)


def _made(given: Run) -> "Iterator[Event]":
    from audit.chain import BEGINNING, event_hash
    from audit.linking import as_hashed

    event_of = _event_model()
    chains = -(-given.size // _EVENTS_OF_A_SUBJECT)
    last = [BEGINNING] * chains
    for number in range(given.size):
        sequence, chain = divmod(number, chains)
        values = {**_values(given), "subject_id": f"00000000-0000-0000-0001-{chain:012}"}
        event = event_of(**values, sequence=sequence + 1, previous=last[chain])
        event.hash = last[chain] = event_hash(as_hashed(event))
        yield event


MEASURE = Measure(
    "append",
    "The cost of an append, and of verifying",
    "events",
    long=1_000_000,
    run=run,
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
