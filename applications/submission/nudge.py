"""Waking a worker. A lost message only delays: the sweep finds rows that no worker took (design.md §3)."""

import logging
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError

# The tasks' names: `tasks` takes them from here, because delivering in turn leads to nudging.
DELIVER_ATTEMPT = "applications.submission.deliver_attempt"
DELIVER_CANCELLATION = "applications.submission.deliver_cancellation"

# A person waits for this: give up in a second. Only here: a worker with these options gives up on its broker for good.
_IMPATIENT = {"connect_retries_timeout": 1, "interval_start": 0, "interval_step": 0.2}

logger = logging.getLogger(__name__)


def nudge_delivery(attempt_id: UUID) -> None:
    """Ask a worker to deliver this attempt. The row is committed, so a broker that is down is no error here."""
    _nudge(DELIVER_ATTEMPT, str(attempt_id))


def nudge_cancellation(cancellation_id: int) -> None:
    """Ask a worker to deliver this cancellation."""
    _nudge(DELIVER_CANCELLATION, str(cancellation_id))


def _nudge(task: str, row_id: str) -> None:
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as connection:
            current_app.send_task(task, (row_id,), connection=connection, retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is not answering; the sweep will pick up %s.", row_id)
