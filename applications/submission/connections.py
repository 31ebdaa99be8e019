"""The database connection around calls that take long, and through a database that is away for a moment."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection

_AGAIN_AFTER_SECONDS = 0.5

Value = TypeVar("Value")

logger = logging.getLogger(__name__)


def release_connection() -> None:
    """Give the connection back before a call: fifty calls in flight need no fifty connections.

    Inside a transaction there is nothing to give back: its end depends on this very connection.
    """
    if not connection.in_atomic_block:
        connection.close()


def patiently(work: Callable[[], Value]) -> Value:
    """The result of `work`, tried again while the database is away, for DATABASE_PATIENCE_SECONDS.

    Whether the last try was committed is not known when a connection breaks, so `work` must be safe to repeat.
    """
    give_up_at = time.monotonic() + settings.DATABASE_PATIENCE_SECONDS
    while True:
        try:
            return work()
        except (OperationalError, InterfaceError) as problem:
            if connection.in_atomic_block or time.monotonic() > give_up_at:
                raise
            logger.warning("The database is away, trying again: %s", type(problem).__name__)
            connection.close()
            time.sleep(_AGAIN_AFTER_SECONDS)
