"""What happened to chains that do not fit.

An event whose hash does not fit may still fit elsewhere: under another number of its chain, or in another subject's.
Put back there, it tells whether something was taken out, put in, exchanged or moved. Where everything fits again but
not what a checkpoint says, the chain was made anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.chain import BEGINNING, event_hash
from audit.models import Event
from audit.verification.checkpoints import Claim
from audit.verification.findings import Finding, Kind, Subject
from audit.verification.walking import hashed_rows

_MOST_TRIED = 500_000  # rows that do not fit, times those among which their own places are looked for
_NEARBY = 3


@dataclass
class Row:
    """An event as it stands. `place`, `previous` and `link` are where and how it fits, once that is known."""

    id: int
    hash: str
    values: Mapping[str, Any]
    fits: bool = field(init=False)
    subject: Subject = field(init=False)
    place: int = field(init=False)
    previous: str = field(init=False)
    link: str = field(init=False)

    def __post_init__(self) -> None:
        self.fits = event_hash(self.values) == self.hash
        self.subject = (self.values["subject_type"], self.values["subject_id"])
        self.place, self.previous, self.link = self.sequence, self.values["previous"], self.hash

    @property
    def sequence(self) -> int:
        return int(self.values["sequence"])

    @property
    def is_displaced(self) -> bool:
        return self.fits and self.place != self.sequence


ByNumber = Mapping[int, Row]  # the rows of one chain by their numbers


def diagnose(broken: Iterable[Subject], claims: Mapping[Subject, Sequence[Claim]]) -> Iterator[Finding]:
    """At least one finding for each of these subjects."""
    chains = {subject: _rows(subject) for subject in sorted({*broken, *claims})}
    moved_from: dict[Subject, set[int]] = defaultdict(set)
    home: dict[int, tuple[Subject, int]] = {}
    unfit = [row for rows in chains.values() for row in rows if not row.fits]
    everywhere = len(unfit) * sum(map(len, chains.values())) <= _MOST_TRIED
    standing = {subject: {row.sequence: row for row in rows} for subject, rows in chains.items()}
    for row in unfit:
        if elsewhere := _settle(row, standing, everywhere=everywhere):
            home[row.id] = elsewhere
            moved_from[elsewhere[0]].add(elsewhere[1])
    for subject, rows in chains.items():
        moved = [row for row in rows if row.id in home]
        for row in moved:
            (kind, key), place = home[row.id]
            yield Finding(Kind.MOVED, f"it was event {place} of {kind} {key}", subject, row.sequence)
        staying = [row for row in rows if row.id not in home]
        found = list(_of_chain(subject, staying, moved_from[subject] | {row.sequence for row in moved}))
        if not found and not moved:
            found = list(_of_claims(subject, staying, claims.get(subject, ()), moved_from[subject]))
        if not (found or moved or moved_from[subject]):
            found = [Finding(Kind.EDITED, "its events do not follow from each other", subject)]
        yield from found


def _rows(subject: Subject) -> list[Row]:
    events = Event.objects.filter(subject_type=subject[0], subject_id=subject[1]).order_by("sequence", "id")
    return [Row(*row) for row in hashed_rows(events)]


def _settle(row: Row, standing: Mapping[Subject, ByNumber], *, everywhere: bool) -> tuple[Subject, int] | None:
    """Find where the event fits: in its own chain, which is noted in the row, or in another one, which is returned.

    Unless `everywhere`, only nearby in its own: who changed very many is to be told so before the day is over.
    """
    for subject in [row.subject, *(other for other in standing if other != row.subject and everywhere)]:
        for place, previous, kept_hash in _places(row, standing[subject], everywhere=everywhere):
            values = {"subject_type": subject[0], "subject_id": subject[1], "sequence": place, "previous": previous}
            if event_hash({**row.values, **values}) != kept_hash:
                continue
            if subject != row.subject:
                return subject, place
            if place != row.sequence:
                row.fits, row.place, row.previous, row.link = True, place, previous, kept_hash
            return None
    return None


def _places(row: Row, standing: ByNumber, *, everywhere: bool) -> Iterator[tuple[int, str, str]]:
    """Where it might fit: any place of the chain, free or not, and those nearby; with the links there, or its own."""
    nearby = range(max(1, row.sequence - _NEARBY), row.sequence + _NEARBY + 1)
    for place in sorted({*nearby, *range(1, len(standing) + 2), *standing}) if everywhere else nearby:
        there, before = standing.get(place), standing.get(place - 1)
        links = {
            row.values["previous"],
            there.values["previous"] if there else "",
            before.hash if before else BEGINNING,
        }
        for previous in sorted(links):
            for kept_hash in {row.hash, there.hash if there else row.hash}:
                yield place, previous, kept_hash


def _of_chain(subject: Subject, rows: Sequence[Row], elsewhere: set[int]) -> Iterator[Finding]:
    """What the chain itself tells. `elsewhere`: places of events that were moved, from here or to here."""
    by_place: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_place[row.place].append(row)
    intruders = [row for place in by_place for row in _intruders(by_place, place)]
    missing = sorted(set(range(1, max(by_place, default=0))) - set(by_place) - elsewhere)
    for row in intruders:
        yield Finding(Kind.INSERTED, "another event belongs in this place", subject, row.sequence)
    for place in missing:
        yield Finding(Kind.DELETED, "there are later ones", subject, place)
    staying = sorted((row for row in rows if row not in intruders), key=lambda row: row.place)
    if not intruders and not missing:
        for row in staying:
            if row.is_displaced:
                yield Finding(Kind.REORDERED, f"it was event {row.place}", subject, row.sequence)
    yield from _edited(subject, staying)


def _intruders(by_place: Mapping[int, list[Row]], place: int) -> list[Row]:
    """All but the one that belongs: put back, or what the next event refers to, or the first that was written."""
    following = {row.previous for row in by_place.get(place + 1, ())}
    ranked = sorted(by_place[place], key=lambda row: (not row.is_displaced, row.link not in following, row.id))
    return ranked[1:]


def _edited(subject: Subject, rows: Sequence[Row]) -> Iterator[Finding]:
    """Events that fit nowhere, and events that fit but are not those that the next one refers to."""
    following = {row.place: row.previous for row in rows if row.fits}
    for row in rows:
        if not row.fits:
            yield Finding(Kind.EDITED, "its hash does not fit what it says", subject, row.sequence)
        elif following.get(row.place + 1, row.link) != row.link:
            yield Finding(Kind.EDITED, "the next event refers to another hash", subject, row.sequence)


def _of_claims(
    subject: Subject, rows: Sequence[Row], claims: Sequence[Claim], moved_from: set[int]
) -> Iterator[Finding]:
    """What checkpoints tell of a chain that fits in itself."""
    standing = {row.sequence: row for row in rows}
    for claim in claims:
        number = claim.section.number
        if claim.sequence and claim.sequence not in standing:
            for place in range(len(rows) + 1, claim.sequence + 1):
                if place not in moved_from:
                    yield Finding(Kind.DELETED, f"checkpoint {number} knows it", subject, place)
        elif claim.sequence and standing[claim.sequence].hash != claim.hash:
            told = f"checkpoint {number} signed another event"
            yield Finding(Kind.RECHAINED, told, subject, claim.sequence)
        else:
            for row in rows:
                if row.sequence > claim.sequence and claim.section.after < row.id <= claim.section.up_to:
                    yield Finding(Kind.INSERTED, f"checkpoint {number} does not know it", subject, row.sequence)
