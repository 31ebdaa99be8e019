"""One pass over all events, chain after chain, in memory for the chain at hand and a few hashes of each checkpoint."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connections
from django.db.models import QuerySet
from django.db.models.functions import Collate

from audit.chain import BEGINNING, HASHED, Tree, event_hash, leaf, written
from audit.models import Event
from audit.verification.findings import Subject

BEFORE_ALL = -(2**63)  # below every number that a row can have, also a forged one
_AFTER_ALL = -BEFORE_ALL
_AT_ONCE = 5_000
_BYTE_BY_BYTE = {"postgresql": "C", "sqlite": "BINARY"}


@dataclass
class Walked:
    """`broken`: subjects whose events do not follow from each other. `trees`: of the heads within each section."""

    trees: list[Tree]
    events: int = 0
    chains: int = 0
    uncovered: int = 0
    broken: list[Subject] = field(default_factory=list)


def walk(ends: Sequence[int]) -> Walked:
    """Read everything. `ends`: the highest numbers of events of each section, rising; beyond the last is uncovered."""
    walked = Walked([Tree() for _ in ends])
    subject: Subject | None = None
    sequence, last, section, low, high = 0, BEGINNING, -1, 0, 0

    for number, kept_hash, values in hashed_rows(Event.objects.order_by(*_in_chains())):
        walked.events += 1
        its = (values["subject_type"], values["subject_id"])
        if its != subject:
            _close(walked, subject, sequence, last, section)
            subject, sequence, last, section, low, high = its, 0, BEGINNING, -1, 0, 0
            walked.chains += 1
        if not low < number <= high:
            _close(walked, subject, sequence, last, section)
            section = bisect_left(ends, number)
            low = ends[section - 1] if section else BEFORE_ALL
            high = ends[section] if section < len(ends) else _AFTER_ALL
        fits = values["sequence"] == sequence + 1 and values["previous"] == last and event_hash(values) == kept_hash
        if not fits and (not walked.broken or walked.broken[-1] != subject):
            walked.broken.append(subject)
        sequence, last = values["sequence"], kept_hash
        walked.uncovered += section == len(ends)
    _close(walked, subject, sequence, last, section)
    return walked


def hashed_rows(events: "QuerySet[Event]") -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, kept hash, and what the hash is to be taken of."""
    for number, kept_hash, *values in events.values_list("id", "hash", *HASHED).iterator(_AT_ONCE):
        hashed = dict(zip(HASHED, values, strict=True))
        hashed["at"] = written(hashed["at"])
        yield number, kept_hash, hashed


def heads_between(after: int, up_to: int) -> dict[Subject, tuple[int, str]]:
    """The last sequence and hash of every chain that has events of these numbers."""
    rows = Event.objects.filter(id__gt=after, id__lte=up_to).order_by("sequence", "id")
    columns = ("subject_type", "subject_id", "sequence", "hash")
    return {(kind, key): (sequence, kept_hash) for kind, key, sequence, kept_hash in rows.values_list(*columns)}


def _close(walked: Walked, subject: Subject | None, sequence: int, last: str, section: int) -> None:
    if subject and 0 <= section < len(walked.trees):
        walked.trees[section].add(leaf(*subject, sequence, last))


def _in_chains() -> list[Any]:
    """Subjects in the order of their bytes, as checkpoints sort them, whatever the database's language."""
    collation = _BYTE_BY_BYTE[connections[Event.objects.db].vendor]
    return [Collate("subject_type", collation), Collate("subject_id", collation), "sequence", "id"]
