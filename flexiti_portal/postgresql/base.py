"""Django's PostgreSQL engine, with a pool that is over a restart of the server at once.

The pool hands out its oldest connection first and waits 1, 2, 4… seconds after each one that turns out to be broken:
after a restart, a caller who met ten of them gave up twice, after 20 s in all (measured, psycopg_pool 3.3.3).
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    @property
    def pool(self) -> "ConnectionPool[Any] | None":
        """The pool of this process, or None when the settings want none."""
        pool: ConnectionPool[Any] | None = super().pool
        if pool is not None:
            pool._check = check
        return pool


def check(connection: "Connection[Any]") -> None:
    """Raise when the connection is broken, and have the pool look at all the others now: they went together."""
    try:
        ConnectionPool.check_connection(connection)
    except Exception:
        if pool := getattr(connection, "_pool", None):
            pool.check()
        raise
