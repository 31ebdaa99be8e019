"""Finding what no message covers: the row is the truth, so the broker may lose everything (design.md §3)."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar

from django.utils import timezone

from applications.models import Cancellation, SubmissionAttempt
from applications.submission.cancellation import abandon
from applications.submission.delivery import give_up
from applications.submission.nudge import nudge_cancellation, nudge_delivery

Row = TypeVar("Row")

logger = logging.getLogger(__name__)

# A message normally takes milliseconds; a second nudge is harmless, because a claim succeeds once.
NUDGE_AFTER = timedelta(seconds=10)


def sweep() -> None:
    """Nudge what waits unclaimed, and turn sends whose lease ended into unknown outcomes."""
    now = timezone.now()
    attempts = SubmissionAttempt.objects.filter(closed_at=None)
    cancellations = Cancellation.objects.filter(closed_at=None)
    ended = {"lease_until__lt": now}
    waiting = {"sending_since": None}
    _each(give_up, attempts.filter(**ended).select_related("application"))
    _each(abandon, cancellations.filter(**ended).select_related("application"))
    sealed = attempts.filter(**waiting, sealed_at__lt=now - NUDGE_AFTER)
    _each(nudge_delivery, sealed.values_list("pk", flat=True))
    asked = cancellations.filter(**waiting, requested_at__lt=now - NUDGE_AFTER)
    _each(nudge_cancellation, asked.values_list("pk", flat=True))


def _each(settle: Callable[[Row], None], rows: Iterable[Row]) -> None:
    """One row that cannot be settled, because a worker was faster or its data are damaged, must not stop the others."""
    for row in rows:
        try:
            settle(row)
        except Exception:
            logger.exception("The sweep could not settle %s", row)
