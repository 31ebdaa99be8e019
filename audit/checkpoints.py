"""Checkpoints: a signature over the heads of all chains.

Each covers what changed since the one before, and holds the hash of that one: so the newest vouches for every chain, at
the cost of the changed ones. Numbers of events are given before they are committed, in any order; so the highest number
is read while nothing that appends is on its way.
"""

import time

from django.db import IntegrityError, OperationalError, connections, router, transaction
from django.db.models import Max
from django.utils import timezone

from audit.chain import BEGINNING, leaf, line_hash, root_of
from audit.heads import APPENDING
from audit.models import Checkpoint, Event
from audit.signing import signing_key

EVENTS_AT_MOST = 10_000  # in one checkpoint: a row of two megabytes at most
_WAIT_MILLISECONDS = 500  # for those who append; so long others who want to append may wait behind
_TIMES = 20
_PAUSE_SECONDS = 0.5


class AlwaysAppending(Exception):
    """No moment was found at which nothing was being recorded: a transaction is open for very long."""


def catch_up() -> list[Checkpoint]:
    """Make the checkpoints that cover everything recorded until now; none if nothing is new.

    Raises AlwaysAppending, and IntegrityError where somebody else took every number that was tried.
    """
    made: list[Checkpoint] = []
    up_to, overtaken = _certain_up_to(), 0
    while True:
        try:
            checkpoint = _next(up_to)
        except IntegrityError:  # somebody else made this number, perhaps of less: what that one leaves comes next
            overtaken += 1
            if overtaken == _TIMES:
                raise
            continue
        if checkpoint is None:
            return made
        made.append(checkpoint)


def _certain_up_to() -> int:
    """A number up to which every event there will ever be is visible."""
    for _ in range(_TIMES):
        try:
            return _highest_alone()
        except OperationalError as problem:
            if getattr(problem.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
                raise
        time.sleep(_PAUSE_SECONDS)
    raise AlwaysAppending("A transaction that records an event does not end: no checkpoint can be made.")


@transaction.atomic
def _highest_alone() -> int:
    connection = connections[router.db_for_write(Event)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{_WAIT_MILLISECONDS}ms"])
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [APPENDING])
    return Event.objects.aggregate(highest=Max("id"))["highest"] or 0


@transaction.atomic
def _next(up_to: int) -> Checkpoint | None:
    last = Checkpoint.newest()
    begun_after = last.up_to if last else 0
    new = Event.objects.filter(id__gt=begun_after, id__lte=up_to).order_by("id")
    rows = list(new.values_list("id", "subject_type", "subject_id", "sequence", "hash")[:EVENTS_AT_MOST])
    if not rows:
        return None
    heads = {row[1:3]: row[1:] for row in rows}  # the last one of each chain stays
    leaves = [leaf(*heads[subject]) for subject in sorted(heads)]
    checkpoint = Checkpoint(
        number=last.number + 1 if last else 1,
        at=timezone.now(),
        up_to=rows[-1][0],
        leaves=len(leaves),
        root=root_of(leaves),
        previous=line_hash(last.line()) if last else BEGINNING,
        heads=b"\n".join(leaves).decode(),
    )
    key = signing_key()
    checkpoint.key_id = key.key_id
    checkpoint.signature = key.sign(checkpoint.signed_part())
    checkpoint.save()
    return checkpoint
