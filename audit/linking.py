"""Putting events at the end of their subjects' chains."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.backends.base.base import BaseDatabaseWrapper

from audit.chain import HASHED, canonical, event_hash, written
from audit.heads import held_head

if TYPE_CHECKING:
    from audit.models import Event

_LINKS = ("sequence", "previous", "hash")
# Keys are sorted, and these two stand beside each other.
_BEFORE_LINKS, _AFTER_LINKS = HASHED[: HASHED.index("previous")], HASHED[HASHED.index("sequence") + 1 :]
_APPEND = """
INSERT INTO audit_event ({columns}, sequence, previous, hash)
SELECT {values}, head.sequence + 1, head.hash, encode(sha256(convert_to(
    %s || head.hash || '","sequence":' || (head.sequence + 1) || %s, 'UTF8')), 'hex')
FROM audit_head(%s, %s) AS head
RETURNING id, sequence, previous, hash
"""


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


def append_at_once(event: "Event", connection: BaseDatabaseWrapper) -> None:
    """Link and insert one event in one statement, on PostgreSQL: a second one would cost half an insert again."""
    fields = [field for field in event._meta.concrete_fields if field.name not in _LINKS]
    fields = [field for field in fields if event.pk is not None or not field.primary_key]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = [field.get_db_prep_save(getattr(event, field.attname), connection) for field in fields]
    statement = _APPEND.format(columns=columns, values=", ".join(["%s"] * len(fields)))
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *_around_links(event), event.subject_type, event.subject_id])
        event.pk, event.sequence, event.previous, event.hash = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


def _around_links(event: "Event") -> tuple[str, str]:
    """The canonical form up to the hash of the event before, and from the sequence on (audit/chain.py)."""
    values = as_hashed(event)
    first, last = ({name: values[name] for name in names} for names in (_BEFORE_LINKS, _AFTER_LINKS))
    return f'{canonical(first).decode()[:-1]},"previous":"', f",{canonical(last).decode()[1:]}"


def as_hashed(event: "Event") -> dict[str, object]:
    """What the hash of an event is taken of."""
    return {name: getattr(event, name) for name in HASHED} | {"at": written(event.at)}
