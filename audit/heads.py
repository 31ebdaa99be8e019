"""The last link of a subject's chain, held until the transaction ends so that nobody else links to it.

PostgreSQL: one call of a function that locks and then reads; a function's second statement sees what was committed
while the first one waited. SQLite has one writer, and every transaction that will write begins as one.
"""

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.chain import BEGINNING

# Shared by everything that appends; whoever holds it alone knows that no event is on its way (audit/checkpoints.py).
APPENDING = 6_962_000_001

# Both locks end with the transaction, however that ends. The first one's number is `APPENDING`.
_FUNCTION = """
CREATE FUNCTION audit_head(wanted_type text, wanted_id text) RETURNS TABLE (sequence integer, hash text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(6962000001);
    PERFORM pg_advisory_xact_lock(hashtextextended(wanted_type || ' ' || wanted_id, 0));
    RETURN QUERY SELECT event.sequence, event.hash::text FROM audit_event AS event
        WHERE event.subject_type = wanted_type AND event.subject_id = wanted_id
        ORDER BY event.sequence DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 0, repeat('0', 64);
    END IF;
END $$
"""
_READ = {
    "postgresql": "SELECT sequence, hash FROM audit_head(%s, %s)",
    "sqlite": "SELECT sequence, hash FROM audit_event WHERE subject_type = %s AND subject_id = %s"
    " ORDER BY sequence DESC LIMIT 1",
}


def held_head(connection: BaseDatabaseWrapper, subject_type: str, subject_id: str) -> tuple[int, str]:
    """The sequence and the hash of the subject's last event; 0 and `BEGINNING` where there is none."""
    if connection.vendor not in _READ:
        raise NotSupportedError(f"Evidence cannot be chained on {connection.vendor}.")
    with connection.cursor() as cursor:
        cursor.execute(_READ[connection.vendor], [subject_type, subject_id])
        found = cursor.fetchone()
    return found or (0, BEGINNING)


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the function that PostgreSQL needs."""
    if connection.vendor == "postgresql":
        _execute(connection, _FUNCTION)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Undo `install`."""
    if connection.vendor == "postgresql":
        _execute(connection, "DROP FUNCTION audit_head(text, text)")


def _execute(connection: BaseDatabaseWrapper, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
