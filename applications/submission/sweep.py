"""Finding what no message covers: the row is the truth, so the broker may lose everything (design.md §3)."""

from datetime import timedelta

from django.utils import timezone

from applications.models import Cancellation, SubmissionAttempt
from applications.statuses import Status
from applications.submission.cancellation import abandon
from applications.submission.decisions import Decision
from applications.submission.delivery import record_decision
from applications.submission.nudge import nudge_cancellation, nudge_delivery

# A message normally takes milliseconds; a second nudge is harmless, because a claim succeeds once.
NUDGE_AFTER = timedelta(seconds=10)


def sweep() -> None:
    """Nudge what waits unclaimed, and turn sends whose lease ended into unknown outcomes."""
    now = timezone.now()
    waiting = SubmissionAttempt.objects.filter(
        sending_since=None, closed_at=None, sealed_at__lt=now - NUDGE_AFTER
    )
    for attempt_id in waiting.values_list("pk", flat=True):
        nudge_delivery(attempt_id)
    asked = Cancellation.objects.filter(
        sending_since=None, closed_at=None, requested_at__lt=now - NUDGE_AFTER
    )
    for cancellation_id in asked.values_list("pk", flat=True):
        nudge_cancellation(cancellation_id)
    for attempt in SubmissionAttempt.objects.filter(lease_until__lt=now, closed_at=None).select_related(
        "application"
    ):
        record_decision(attempt, Decision(status=Status.UNKNOWN, code="lease_ended"))
    for cancellation in Cancellation.objects.filter(lease_until__lt=now, closed_at=None).select_related(
        "application"
    ):
        abandon(cancellation)
