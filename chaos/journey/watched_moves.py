"""Every change of an application's status, noted by the database itself: no path of the code can go round it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

_NOTE = "INSERT INTO watched_moves (application, before, after) VALUES (NEW.id, OLD.status, NEW.status);"
_WHEN = "AFTER UPDATE OF status ON applications_application FOR EACH ROW WHEN (OLD.status <> NEW.status)"
_INSTALL = {
    "sqlite": [
        "CREATE TABLE watched_moves (id integer PRIMARY KEY AUTOINCREMENT, application text, before text, after text)",
        f"CREATE TRIGGER watched_moves {_WHEN} BEGIN {_NOTE} END",
    ],
    "postgresql": [
        "CREATE TABLE watched_moves (id serial PRIMARY KEY, application uuid, before text, after text)",
        f"CREATE FUNCTION watch_moves() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {_NOTE} RETURN NEW; END $$",
        f"CREATE TRIGGER watched_moves {_WHEN} EXECUTE FUNCTION watch_moves()",
    ],
}


@dataclass(frozen=True)
class WatchedMove:
    """One change, in the order of `number`."""

    number: int
    application: UUID
    before: str
    after: str


def watch() -> None:
    """Note moves from now on, until the transaction is rolled back."""
    with connection.cursor() as cursor:
        for statement in _INSTALL[connection.vendor]:
            cursor.execute(statement)


def moves_since(number: int) -> list[WatchedMove]:
    """The moves after this one, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, application, before, after FROM watched_moves WHERE id > %s ORDER BY id", [number])
        return [WatchedMove(row[0], UUID(str(row[1])), row[2], row[3]) for row in cursor.fetchall()]
