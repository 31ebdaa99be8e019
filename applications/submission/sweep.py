"""Finding what no message covers: the row is the truth, so the broker may lose everything (design.md §3)."""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.utils import timezone

from applications.flow_log import flow_of
from applications.models import Cancellation, SubmissionAttempt
from applications.monitoring import heartbeats, set_back
from applications.submission.cancellation import abandon
from applications.submission.claims import in_line
from applications.submission.nudge import LOOK, messages_waiting, nudge_cancellation, nudge_delivery, nudge_looks
from applications.submission.reconciliation import due_for_a_look
from applications.submission.recording import give_up
from applications.submission.succession import follow_switches
from applications.submission.waiting import (
    fail_after_waiting,
    fail_for_silence,
    waiting_too_long,
    waiting_without_consent,
)

Row = TypeVar("Row")

logger = logging.getLogger(__name__)

# A message normally takes milliseconds; one too many is harmless, because it finds nothing to take.
NUDGE_AFTER = timedelta(seconds=10)
# As many as are sent in a second or two; what is left gets its message from the next sweep.
MOST_NUDGES = 500
# Each searches for several rows. Few, so that neither many unknown outcomes nor a slow lender keep the sweep waiting.
MOST_LOOKS = 4


def sweep() -> None:
    """Turn sends whose lease ended into unknown outcomes, and nudge what no message covers."""
    now = timezone.now()
    ended = {"closed_at": None, "sending_since__isnull": False, "lease_until__lt": now}
    _each(give_up, SubmissionAttempt.objects.filter(**ended).select_related("application"))
    _each(abandon, Cancellation.objects.filter(**ended).select_related("application"))
    cover_looks(now)
    if set_back.look():
        _see_to_what_waits(now)
    heartbeats.note(heartbeats.SWEEP)


def _see_to_what_waits(now: datetime) -> None:
    """Not in a database that was set back: there nobody may say of a row that it was not sent."""
    follow_switches()
    _each(fail_for_silence, waiting_without_consent(now))
    _each(fail_after_waiting, waiting_too_long(now))
    cover_what_waits(now)
    asked = Cancellation.objects.filter(closed_at=None, sending_since=None, requested_at__lt=now - NUDGE_AFTER)
    _each(nudge_cancellation, asked.values_list("pk", flat=True))


def cover_what_waits(now: datetime) -> None:
    """Send the messages that are missing: the broker may have lost any number of them."""
    waiting = in_line(now).filter(sealed_at__lt=now - NUDGE_AFTER).count()
    if waiting:
        missing = waiting - (messages_waiting() or 0)
        nudge_delivery(min(max(missing, 0), MOST_NUDGES))


def cover_looks(now: datetime) -> None:
    """Have what is due searched for."""
    due = due_for_a_look(now).count()
    if due:
        nudge_looks(max(min(due, MOST_LOOKS) - (messages_waiting(LOOK) or 0), 0))


def _each(settle: Callable[[Row], None], rows: Iterable[Row]) -> None:
    """One row that cannot be settled, because a worker was faster or its data are damaged, must not stop the others."""
    for row in rows:
        with _flow(row):
            try:
                settle(row)
            except Exception:
                logger.exception("The sweep could not settle %s", row)


def _flow(row: Any) -> AbstractContextManager[None]:
    application = getattr(row, "application", None)
    return flow_of(application) if application else nullcontext()
