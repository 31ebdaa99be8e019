"""Whether checkpoints are signed and follow from each other, and what they say of chains that do not fit them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from audit.chain import BEGINNING, line_hash, root_of
from audit.models import Checkpoint
from audit.signing import is_signed_by
from audit.verification.findings import Finding, Kind, Subject
from audit.verification.walking import BEFORE_ALL, heads_between


@dataclass(frozen=True)
class Section:
    """The events that one checkpoint covers beyond the one before: numbers above `after` up to `up_to`."""

    number: int
    after: int
    up_to: int
    leaves: int
    root: str
    is_signed: bool


@dataclass(frozen=True)
class Claim:
    """What a checkpoint says of one chain: its last event within the section; 0 when it knows none there."""

    sequence: int
    hash: str
    section: Section


def read_checkpoints(findings: list[Finding]) -> list[Section]:
    """All sections in order; adds what is wrong with the checkpoints themselves."""
    sections: list[Section] = []
    previous, number, after = BEGINNING, 0, BEFORE_ALL
    for checkpoint in Checkpoint.objects.defer("heads").order_by("number").iterator(500):
        for missing in range(number + 1, checkpoint.number):
            findings.append(Finding(Kind.DELETED, "there are later ones", checkpoint=missing))
        follows = checkpoint.previous == previous or checkpoint.number != number + 1
        signed = is_signed_by(checkpoint.key_id, checkpoint.signature, checkpoint.signed_part())
        if signed and not (follows and checkpoint.up_to > after):
            findings.append(
                Finding(Kind.REORDERED, "does not follow from the one before", checkpoint=checkpoint.number)
            )
        up_to = max(after, checkpoint.up_to)
        sections.append(
            Section(checkpoint.number, after, up_to, checkpoint.leaves, checkpoint.root, is_signed=bool(signed))
        )
        previous, number, after = line_hash(checkpoint.line()), checkpoint.number, up_to
    return sections


def unsigned(section: Section, *, fits: bool) -> Finding:
    """A checkpoint without a valid signature: changed by itself, or made anew to fit changed events."""
    if fits:
        told = "it fits the events, but no key that is known signed it"
        return Finding(Kind.RECHAINED, told, checkpoint=section.number)
    return Finding(Kind.EDITED, "its signature does not fit", checkpoint=section.number)


def claims_of(section: Section) -> Iterator[tuple[Subject, Claim]]:
    """For every chain that is otherwise than the checkpoint says; nothing if its list of heads was changed too."""
    lines = Checkpoint.objects.values_list("heads", flat=True).get(number=section.number).split("\n")
    if root_of(line.encode() for line in lines) != section.root:
        return
    told = {(kind, key): (sequence, kept) for kind, key, sequence, kept in map(json.loads, lines)}
    found = heads_between(section.after, section.up_to)
    for subject in sorted(told.keys() | found.keys()):
        if told.get(subject) != found.get(subject):
            yield subject, Claim(*told.get(subject, (0, "")), section)
