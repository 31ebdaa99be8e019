"""Eight ways to tamper with evidence, each in several variants, by somebody who may write anything to the database."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db.models import Max
from django.test import override_settings

from audit.chain import BEGINNING, leaf, line_hash, root_of
from audit.checkpoints import catch_up
from audit.handing_over import hand_over
from audit.linking import as_hashed
from audit.models import Checkpoint, Event, Standing
from audit.signing import SigningKey
from audit.verification import Finding, Kind
from audit.verification.findings import Subject
from audit.verification.walking import heads_between
from audit.witnesses import File
from evidence.chains import Chains, change, checkpoints, delete, events_of, exchanged, put_in, raw, rehash, set_count

_FROM_BEFORE_IT = "from before its witness, and told to it"
_CONTENT = ("name", "actor_id", "actor", "merchant_id", "at", "detail")


@dataclass(frozen=True)
class Done:
    """What was done, to which records: any of them named is enough, with the right kind, and by `witness`."""

    kind: Kind
    variant: str
    subjects: frozenset[Subject] = frozenset()
    sequences: frozenset[int] = frozenset()
    from_checkpoint: int = 0
    witness: str = ""

    def is_named_by(self, finding: Finding) -> bool:
        if finding.kind != self.kind or (self.witness and finding.witness != self.witness):
            return False
        if finding.subject:
            return finding.subject in self.subjects and finding.sequence in self.sequences
        return bool(self.from_checkpoint) and (finding.checkpoint or 0) >= self.from_checkpoint


Attack = Callable[[Chains, random.Random], Done]


def _done(
    kind: Kind, variant: str, *events: Event, sequences: frozenset[int] = frozenset(), checkpoint: int = 0
) -> Done:
    subjects = frozenset((event.subject_type, event.subject_id) for event in events)
    return Done(kind, variant, subjects, sequences or frozenset(event.sequence for event in events), checkpoint)


def edit(chains: Chains, given: random.Random) -> Done:
    event = given.choice(chains.long(given, 3)[:-1])
    changes = {
        "name": "printed",
        "actor": "Somebody Else",
        "actor_id": "8",
        "merchant_id": "4",
        "at": event.at - timedelta(microseconds=1),
        "detail": {**event.detail, "seconds": 1000},
        "previous": "f" * 64,
        "hash": "f" * 64,
    }
    name = given.choice(sorted(changes))
    if name not in ("previous", "hash") and given.random() < 0.5:
        rehash(event, **{name: changes[name]})
        return _done(Kind.EDITED, f"{name}, with a new hash", event)
    change(event, **{name: changes[name]})
    return _done(Kind.EDITED, name, event)


def take_out(chains: Chains, given: random.Random) -> Done:
    chain = chains.long(given, 3)
    variant = given.choice(["first", "middle", "last", "whole chain", "and numbers closed up"])
    if variant == "whole chain":
        delete(raw().filter(subject_id=chain[0].subject_id))
        return _done(Kind.DELETED, variant, chain[0])
    event = {"first": chain[0], "last": chain[-1]}.get(variant, given.choice(chain[1:-1]))
    delete(raw().filter(pk=event.pk))
    if variant == "and numbers closed up":
        for later in chain[event.sequence :]:
            change(later, sequence=later.sequence - 1)
    return _done(Kind.DELETED, variant, event)


def insert(chains: Chains, given: random.Random) -> Done:
    chain = chains.long(given, 3)
    variant = given.choice(["between, with its hash", "between", "at the end", "in a chain of its own"])
    if variant == "at the end":
        forged = put_in(chain[-1], sequence=len(chain) + 1, previous=chain[-1].hash)
    elif variant == "in a chain of its own":
        forged = put_in(chain[0], subject_id="00000000-0000-0000-0000-000000000000", sequence=1, previous=BEGINNING)
    else:
        place = given.randrange(1, len(chain))
        for later in reversed(chain[place:]):
            change(later, sequence=later.sequence + 1)
        forged = put_in(chain[place], sequence=place + 1, previous=chain[place - 1].hash)
        if variant == "between":
            return _done(Kind.INSERTED, variant, forged)
    rehash(forged)
    return _done(Kind.INSERTED, variant, forged)


def reorder(chains: Chains, given: random.Random) -> Done:
    one, other = given.sample(chains.long(given, 4), 2)
    variant, names = given.choice(
        [
            ("numbers", ("sequence",)),
            ("numbers and links", ("sequence", "previous")),
            ("contents", _CONTENT),
        ]
    )
    places = frozenset({one.sequence, other.sequence})
    exchanged(one, other, names)
    return _done(Kind.REORDERED, variant, one, other, sequences=places)


def swap(chains: Chains, given: random.Random) -> Done:
    one = given.choice(chains.long(given, 3))
    others = [
        event for subject in chains.subjects for event in events_of(subject) if event.subject_id != one.subject_id
    ]
    other = given.choice(others)
    variant = given.choice(["places", "places and links", "contents", "one at the end of the other", "a whole chain"])
    if variant == "a whole chain":
        chain = events_of((one.subject_type, one.subject_id))
        raw().filter(subject_id=one.subject_id).update(subject_id="00000000-0000-0000-0000-000000000000")
        chain = events_of((one.subject_type, "00000000-0000-0000-0000-000000000000"))
        return _done(Kind.MOVED, variant, *chain)
    if variant == "one at the end of the other":
        length = len(events_of((other.subject_type, other.subject_id)))
        change(one, subject_id=other.subject_id, sequence=length + 1)
        return _done(Kind.MOVED, variant, one)
    exchanged(
        one,
        other,
        {
            "places": ("sequence", "subject_id"),
            "places and links": ("sequence", "subject_id", "previous"),
            "contents": _CONTENT,
        }[variant],
    )
    return _done(Kind.MOVED, variant, one, other)


def rechain(chains: Chains, given: random.Random) -> Done:
    chain = chains.long(given, 3)
    begun = given.choice(chain)
    last = begun.previous
    for number, event in enumerate(chain[begun.sequence - 1 :]):
        rehash(event, previous=last, **({"actor": "Somebody Else"} if number == 0 else {}))
        last = event.hash
    variant = given.choice(["events alone", "and the list of heads", "and the root", "and signed with another key"])
    touched = next(one.number for one in checkpoints() if one.up_to >= begun.pk)
    if variant != "events alone":
        _adjust_checkpoints(touched, variant)
    places = frozenset(range(begun.sequence, len(chain) + 1))
    return _done(Kind.RECHAINED, variant, begun, sequences=places, checkpoint=touched)


def _adjust_checkpoints(first: int, variant: str) -> None:
    """Make checkpoints say what the events say now, as far as somebody without the key can."""
    key = SigningKey(Ed25519PrivateKey.generate().private_bytes_raw())
    previous, after = "", 0
    for one in checkpoints():
        if one.number >= first:
            found = heads_between(after, one.up_to)
            leaves = [leaf(*subject, *found[subject]) for subject in sorted(found)]
            one.heads = b"\n".join(leaves).decode()
            if variant != "and the list of heads":
                one.root = root_of(leaves)
            if variant == "and signed with another key":
                one.previous = previous or BEGINNING
                one.key_id = key.key_id
                one.signature = key.sign(one.signed_part())
            changed = ("heads", "root", "previous", "key_id", "signature")
            raw(Checkpoint).filter(pk=one.number).update(**{name: getattr(one, name) for name in changed})
        previous, after = line_hash(one.line()), one.up_to


def cut(_chains: Chains, given: random.Random) -> Done:
    """The end of a chain, or of everything, with the checkpoints that knew it."""
    kept = given.randrange(1, len(checkpoints()))
    up_to = checkpoints()[kept - 1].up_to
    later = Event.objects.filter(id__gt=up_to)
    variant = given.choice(["of one chain", "of everything"])
    gone = later
    if variant == "of one chain":
        gone = later.filter(subject_id=given.choice(sorted({event.subject_id for event in later})))
    delete(raw().filter(pk__in=list(gone.values_list("pk", flat=True))))
    delete(raw(Checkpoint).filter(number__gt=kept))
    return Done(Kind.CUT, variant, from_checkpoint=kept + 1)


def roll_back(chains: Chains, given: random.Random) -> Done:
    """An older copy of the whole database is put in its place, and the portal may go on with it."""
    kept = given.randrange(1, len(checkpoints()))
    last = len(checkpoints())
    moment = checkpoints()[kept - 1].up_to + given.randrange(5)
    delete(raw().filter(id__gt=moment))
    delete(raw(Checkpoint).filter(number__gt=kept))
    set_count(moment)
    variant = given.choice(
        ["as it was", "and events are recorded again", "and signed again", "and told to the witness", _FROM_BEFORE_IT]
    )
    if variant != "as it was":
        like = events_of(chains.subjects[0])[-1]
        values = {name: value for name, value in as_hashed(like).items() if name not in ("sequence", "previous", "at")}
        latest = Checkpoint.objects.aggregate(at=Max("at"))["at"] + timedelta(days=1)
        for _ in range(given.randrange(1, 10)):
            Event.objects.create(**values, at=latest)
    if variant == "and signed again":
        catch_up()
    if variant in ("and told to the witness", _FROM_BEFORE_IT):
        standing = kept if variant != _FROM_BEFORE_IT else None
        _go_on_and_tell(chains.witness, standing, values, up_to=last + given.randrange(-1, 3))
    return Done(Kind.ROLLED_BACK, variant, from_checkpoint=kept + 1, witness=chains.witness.label)


def _go_on_and_tell(witness: File, standing: int | None, values: Mapping[str, Any], *, up_to: int) -> None:
    """The portal goes on until it has signed so many, and then gives its witness what it believes that one lacks.

    `standing` is how far the copy says that the witness is; None in one from before there was a witness.
    """
    raw(Standing).filter(witness=witness.label).delete()
    if standing:
        Standing.objects.create(witness=witness.label, number=standing)
    while True:
        latest = checkpoints()[-1]
        Event.objects.create(**values, at=latest.at + timedelta(days=1))
        catch_up()
        if latest.number + 1 >= up_to:
            break
    with override_settings(AUDIT_WITNESSES=[witness.label]):
        hand_over()


ATTACKS: Mapping[str, Attack] = {
    "edited": edit,
    "deleted": take_out,
    "inserted": insert,
    "reordered": reorder,
    "swapped between subjects": swap,
    "re-chained without the key": rechain,
    "tail cut": cut,
    "whole database rolled back": roll_back,
}
