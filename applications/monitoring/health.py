"""Whether this process can serve pages, and whether what it leans on answers (docs/operations.md)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from applications.monitoring import heartbeats, set_back
from applications.monitoring.broker import messages_waiting

OK = "ok"
SEEN_FOR_SECONDS = 1.0

_guard = threading.Lock()
_seen: dict[str, tuple[float, "Health"]] = {}


@dataclass(frozen=True)
class Health:
    """What each part answered: `ok`, or what is wrong, in words."""

    parts: dict[str, str]

    @property
    def can_serve(self) -> bool:
        """The row is the truth: without cache, broker or sweep, pages are served and submissions wait."""
        return self.parts["database"] == OK and self.parts.get("migrations") == OK

    @property
    def status(self) -> str:
        """ready, degraded or unavailable."""
        if not self.can_serve:
            return "unavailable"
        return "ready" if set(self.parts.values()) == {OK} else "degraded"


def seen_lately() -> Health:
    """What `look` found at most SEEN_FOR_SECONDS ago in this process: anybody may ask, as often as they like."""
    with _guard:
        seen = _seen.get("health")
        if seen is None or seen[0] <= time.monotonic() - SEEN_FOR_SECONDS:
            found = look()  # it may take long: whoever waited here meanwhile gets it too
            seen = _seen["health"] = (time.monotonic(), found)
        return seen[1]


def forget() -> None:
    """Ask every part again the next time."""
    _seen.clear()


def look() -> Health:
    """Ask every part now."""
    parts = {"database": _of_the_database(database_answers)}
    if parts["database"] == OK:
        parts["migrations"] = _of_the_database(migrations)
        parts["sweep"] = _of_the_database(sweep)
        parts["sending"] = _of_the_database(sending)
    parts["cache"] = cache_answers()
    parts["broker"] = broker_answers()
    return Health(parts)


def database_answers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        cursor.fetchone()
    return OK


def migrations() -> str:
    """Whether the tables are those of this code."""
    missing = _in_the_code() - set(MigrationRecorder(connection).applied_migrations())
    return f"{len(missing)} not applied" if missing else OK


def sweep() -> str:
    """Whether beat and its worker live: without them nothing finds what a dead worker left."""
    age = heartbeats.age(heartbeats.SWEEP)
    if age is None:
        return "never ran"
    return OK if age <= settings.SWEEP_LATE_SECONDS else f"last ran {age:.0f} s ago"


def sending() -> str:
    """Whether what waits may be sent: not from a database that was set back."""
    return "held back: the database was set back or moved" if set_back.is_set_back() else OK


def cache_answers() -> str:
    """The server itself: pages get by without it (flexiti_portal/cache.py)."""
    shared: Any = caches["default"]
    return OK if shared.answers() else "not answering"


def broker_answers() -> str:
    return "not answering" if messages_waiting(settings.CELERY_TASK_DEFAULT_QUEUE) is None else OK


def _of_the_database(look: Callable[[], str]) -> str:
    try:
        return look()
    except (DatabaseError, InterfaceError):
        return "not answering"


@lru_cache(maxsize=1)
def _in_the_code() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations or ())
