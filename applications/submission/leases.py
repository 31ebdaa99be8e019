"""Leases of the rows that this process is working on, renewed while it lives: a killed worker is missed in seconds."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from applications.models import Cancellation, SubmissionAttempt
from merchants.credentials.trials import keep_trials

Leased = type[SubmissionAttempt] | type[Cancellation]

logger = logging.getLogger(__name__)

_guard = threading.Lock()
_held: dict[tuple[Leased, Any], float] = {}
_renewers: list[threading.Thread] = []


@contextmanager
def lease_kept(row: SubmissionAttempt | Cancellation) -> Iterator[None]:
    """Renew the lease of this row until the block ends, but for no longer than a delivery may take."""
    key = (type(row), row.pk)
    with _guard:
        _held[key] = time.monotonic() + settings.DELIVERY_SECONDS
        if not any(thread.is_alive() for thread in _renewers):  # none yet, or lost in a fork
            _renewers[:] = [threading.Thread(target=_renew_while_needed, name="leases", daemon=True)]
            _renewers[0].start()
    try:
        yield
    finally:
        with _guard:
            _held.pop(key, None)


def _renew_while_needed() -> None:
    while True:
        time.sleep(settings.LEASE_SECONDS / 3)
        try:
            renew()
        except Exception:
            logger.exception("Leases could not be renewed")  # the next try is soon enough, or the database is gone
        finally:
            connection.close()


def renew() -> None:
    """Push the leases of all rows in hand ahead."""
    with _guard:
        held = [key for key, until in _held.items() if until > time.monotonic()]
    lease = timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)
    for model in (SubmissionAttempt, Cancellation):
        mine = [pk for kind, pk in held if kind is model]
        if mine:
            model.objects.filter(pk__in=mine, closed_at=None).update(lease_until=lease)
    if trying := [pk.hex for kind, pk in held if kind is SubmissionAttempt]:
        keep_trials(trying, until=lease)
