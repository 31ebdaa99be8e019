"""The database connection around a call that may take a minute."""

from django.db import close_old_connections, connection


def check_connection_after_long_call() -> None:
    """Drop a connection that the database hung up on meanwhile: an answer must not be lost for want of one.

    Inside a transaction there is nothing to drop: its end depends on this very connection.
    """
    if not connection.in_atomic_block:
        close_old_connections()
