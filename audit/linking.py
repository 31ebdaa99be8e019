"""Putting events at the end of their subjects' chains."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.chain import HASHED, event_hash, written
from audit.heads import held_head

if TYPE_CHECKING:
    from audit.models import Event


def link(events: Iterable["Event"], connection: BaseDatabaseWrapper) -> None:
    """Give new events their place and their hash, in their order. Needs a transaction that also inserts them.

    Each subject is locked for the rest of the transaction, in an order that cannot block two of these crosswise: not
    for tens of thousands at once.
    """
    events = list(events)
    subjects = sorted({(event.subject_type, event.subject_id) for event in events})
    heads = {subject: held_head(connection, *subject) for subject in subjects}
    for event in events:
        subject = (event.subject_type, event.subject_id)
        last, event.previous = heads[subject]
        event.sequence = last + 1
        event.hash = event_hash(as_hashed(event))
        heads[subject] = event.sequence, event.hash


def as_hashed(event: "Event") -> dict[str, object]:
    """What the hash of an event is taken of."""
    return {name: getattr(event, name) for name in HASHED} | {"at": written(event.at)}
