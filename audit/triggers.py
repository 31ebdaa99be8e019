"""The database's own refusal to change evidence, whoever asks.

A migration that alters a table on SQLite makes it anew and loses the triggers: it ends with `install` again. Who
owns the tables can take the triggers away; the portal's own role need not own them (docs/operations.md). Tests are
flushed through `tests/evidence.py`.
"""

from collections.abc import Iterable

from django.db import NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

# Each table with its key.
EVIDENCE = {"audit_event": "id", "audit_checkpoint": "number"}

_REFUSAL = "audit events are append-only"

_REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS {table}_no_update",
        "DROP TRIGGER IF EXISTS {table}_no_delete",
        "DROP TRIGGER IF EXISTS {table}_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        "DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        # With the last of those that call it.
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgfoid = to_regproc('audit_refuse_change'))"
        " THEN DROP FUNCTION IF EXISTS audit_refuse_change(); END IF; END $$",
    ],
}
_SQLITE_REFUSES = f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
_INSTALL = {
    "sqlite": [
        f"CREATE TRIGGER {{table}}_no_update BEFORE UPDATE ON {{table}} {_SQLITE_REFUSES}",
        f"CREATE TRIGGER {{table}}_no_delete BEFORE DELETE ON {{table}} {_SQLITE_REFUSES}",
        # INSERT OR REPLACE deletes without firing the trigger above.
        "CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN NEW.{key} IN"
        " (SELECT {key} FROM {table}) BEGIN SELECT RAISE(ABORT, 'audit events are append-only'); END",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse_change()",
        "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()",
    ],
}


def install(connection: BaseDatabaseWrapper, tables: Iterable[str] = EVIDENCE) -> None:
    """Let the database refuse UPDATE, DELETE and TRUNCATE of evidence with `IntegrityError`."""
    remove(connection, tables)
    _execute(connection, _INSTALL, tables)


def remove(connection: BaseDatabaseWrapper, tables: Iterable[str] = EVIDENCE) -> None:
    """Let it be changed again."""
    _execute(connection, _REMOVE, tables)


def _execute(connection: BaseDatabaseWrapper, statements: dict[str, list[str]], tables: Iterable[str]) -> None:
    if connection.vendor not in statements:
        raise NotSupportedError(f"Evidence cannot be kept on {connection.vendor}: it has no triggers for it.")
    with connection.cursor() as cursor:
        for table in tables:
            for statement in statements[connection.vendor]:
                cursor.execute(statement.format(table=table, key=EVIDENCE[table]))
