"""Waking a worker. A lost message only delays: the sweep finds rows that no worker took (design.md §3)."""

import logging
from uuid import UUID

from celery import Task
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def nudge_delivery(attempt_id: UUID) -> None:
    """Ask a worker to deliver this attempt. The row is committed, so a broker that is down is no error here."""
    from applications.submission.tasks import deliver_attempt

    _nudge(deliver_attempt, str(attempt_id))


def nudge_cancellation(cancellation_id: int) -> None:
    """Ask a worker to deliver this cancellation."""
    from applications.submission.tasks import deliver_cancellation

    _nudge(deliver_cancellation, str(cancellation_id))


def _nudge(task: Task, row_id: str) -> None:
    try:
        task.delay(row_id)
    except OperationalError:
        logger.warning("The broker is not answering; the sweep will pick up %s.", row_id)
