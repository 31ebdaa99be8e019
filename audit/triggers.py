"""The database's own refusal to change evidence, whoever asks.

A migration that alters the table on SQLite makes it anew and loses the triggers: it ends with `install`
again. Emptying the table with TRUNCATE stays possible on PostgreSQL for those who own it; tests are flushed
that way, and on SQLite through `tests/evidence.py`.
"""

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

_REFUSAL = "audit events are append-only"

_REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS audit_event_no_update",
        "DROP TRIGGER IF EXISTS audit_event_no_delete",
        "DROP TRIGGER IF EXISTS audit_event_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS audit_event_append_only ON audit_event",
        "DROP FUNCTION IF EXISTS audit_refuse_change",
    ],
}
_SQLITE_REFUSES = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
_INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event {_SQLITE_REFUSES}",
        f"CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event {_SQLITE_REFUSES}",
        # INSERT OR REPLACE deletes without firing the trigger above.
        "CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event WHEN NEW.id IN"
        " (SELECT id FROM audit_event) BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
    ],
}


def install(connection: BaseDatabaseWrapper) -> None:
    """Let the database refuse UPDATE and DELETE of events with `IntegrityError`."""
    remove(connection)
    _execute(connection, _INSTALL)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Undo `install`."""
    _execute(connection, _REMOVE)


def _execute(connection: BaseDatabaseWrapper, statements: dict[str, list[str]]) -> None:
    if connection.vendor not in statements:
        raise NotSupportedError(f"Evidence cannot be kept on {connection.vendor}: it has no triggers for it.")
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
