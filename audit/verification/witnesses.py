"""What witnesses keep, held against the database."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db import connections

from audit.chain import checkpoint_line, leaf, root_of, signed_part
from audit.models import Checkpoint, Event, Standing
from audit.signing import is_signed_by
from audit.verification.checkpoints import Section
from audit.verification.findings import Finding, Kind
from audit.verification.walking import heads_between
from audit.witnesses import Witness


def ask(witness: Witness, sections: Sequence[Section]) -> Iterator[Finding]:
    """What this witness says against the database."""
    newest = sections[-1].number if sections else 0
    try:
        lines = list(witness.lines(newest))
    except OSError as problem:
        told = problem.strerror or str(problem)
        yield Finding(Kind.UNREADABLE, told, witness=witness.label)
        return
    # Signed since the sections were read, it is here by now: it was before any witness had it.
    known = max(newest, Checkpoint.newest_number())
    told_by_it = [one for line in lines if (one := signed(line))]
    if unsigned := len(lines) - len(told_by_it) - _torn(lines):
        told = f"{unsigned} lines are not signed by a key that is known"
        yield Finding(Kind.EDITED, told, witness=witness.label)
    handed = Standing.objects.filter(witness=witness.label[:200]).values_list("number", flat=True).first()
    highest = max((one["number"] for one in told_by_it), default=0)
    if handed and highest < min(handed, newest):
        told = f"it was given checkpoint {handed} and shows no later one than {highest}"
        yield Finding(Kind.CUT, told, witness=witness.label)
    yield from _differing(witness, [one for one in told_by_it if one["number"] <= known])
    yield from _ahead(witness, sections, [one for one in told_by_it if one["number"] > known])


def _torn(lines: Sequence[bytes]) -> int:
    """How many are beginnings of the next one: a full disk or a crash left them, and the whole line came after."""
    return sum(after != line and after.startswith(line) for line, after in pairwise(lines))


def signed(line: bytes) -> dict[str, Any] | None:
    """What this line of a witness tells; None where no key that is known signed exactly it."""
    try:
        told = json.loads(line)
        exact = checkpoint_line(told) == line
        return told if exact and is_signed_by(told["key_id"], told["signature"], signed_part(told)) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _differing(witness: Witness, told: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Every line counts, not only the last of a number: after a roll-back the portal goes on telling the witness."""
    kept: dict[int, set[bytes]] = defaultdict(set)
    for one in told:
        kept[one["number"]].add(checkpoint_line(one))
    ours = Checkpoint.objects.defer("heads").filter(number__gte=min(kept, default=0)).order_by("number")
    for checkpoint in ours.iterator(500):
        if kept.get(checkpoint.number, set()) - {checkpoint.line()}:
            told_ = "the witness has another one: what came after the one before it was put back and went on otherwise"
            yield Finding(Kind.ROLLED_BACK, told_, checkpoint=checkpoint.number, witness=witness.label)
            return


def _ahead(witness: Witness, sections: Sequence[Section], told: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """Checkpoints that only the witness has: with their events gone, or still here."""
    after = sections[-1].up_to if sections else 0
    for one in sorted(told, key=lambda one: int(one["number"])):
        found = heads_between(after, one["up_to"])
        root = root_of(leaf(*subject, *found[subject]) for subject in sorted(found))
        if root == one["root"]:
            kind, what = Kind.DELETED, "the witness has it, and the events that it covers are here"
        elif _ids_were_given(one["up_to"]) and not _given_again(after, one):
            kind, what = Kind.CUT, "events that it covers are gone, and later numbers were given"
        else:
            kind, what = Kind.ROLLED_BACK, "the database is as it was before it"
        yield Finding(kind, what, checkpoint=one["number"], witness=witness.label)
        after = max(after, one["up_to"])


def _ids_were_given(number: int) -> bool:
    """Whether the database's own count of events went so far: a copy put back brings its count back too."""
    connection = connections[Event.objects.db]
    sql = {
        "postgresql": "SELECT last_value FROM audit_event_id_seq",
        "sqlite": "SELECT seq FROM sqlite_sequence WHERE name = 'audit_event'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()
    return bool(found) and found[0] >= number


def _given_again(after: int, told: Mapping[str, Any]) -> bool:
    """Whether numbers that the checkpoint covers belong to events from after it."""
    return Event.objects.filter(id__gt=after, id__lte=told["up_to"], at__gt=told["at"]).exists()
