"""Waking workers. A lost message only delays: the sweep sees rows that no message covers (design.md §3).

A nudge for a delivery names no row. It means "somebody take the next in line", so as many messages as rows cover all.
"""

import logging
from collections.abc import Sequence

from celery import current_app
from django.conf import settings
from kombu.exceptions import ChannelError, OperationalError

# The tasks' names: `tasks` takes them from here, because delivering in turn leads to nudging.
DELIVER_NEXT = "applications.submission.deliver_next"
DELIVER_CANCELLATION = "applications.submission.deliver_cancellation"
LOOK = "applications.submission.look"

# A person waits for this: give up in a second. Only here: a worker with these options gives up on its broker for good.
_IMPATIENT = {"connect_retries_timeout": 1, "interval_start": 0, "interval_step": 0.2}

logger = logging.getLogger(__name__)


def nudge_delivery(times: int = 1) -> None:
    """Ask workers to deliver so many rows. The rows are committed, so a broker that is down is no error here."""
    _send(DELIVER_NEXT, [()] * times)


def nudge_cancellation(cancellation_id: int) -> None:
    """Ask a worker to deliver this cancellation."""
    _send(DELIVER_CANCELLATION, [(str(cancellation_id),)])


def nudge_looks(times: int) -> None:
    """Ask so many workers to search for what is due, one row after the other."""
    _send(LOOK, [()] * times)


def messages_waiting(task: str = DELIVER_NEXT) -> int | None:
    """How many messages in the queue of this task no worker has taken yet; None when the broker does not say."""
    queue = settings.CELERY_TASK_ROUTES.get(task, {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as connection:
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:
        return 0  # nobody has sent to this queue yet
    except (OperationalError, OSError):
        return None


def _send(task: str, messages: Sequence[tuple[str, ...]]) -> None:
    try:
        with current_app.connection_for_write(transport_options=_IMPATIENT) as connection:
            for arguments in messages:
                current_app.send_task(task, arguments, connection=connection, retry=False)
    except (OperationalError, OSError):
        logger.warning("The broker is not answering; the sweep will send %s later.", task)
