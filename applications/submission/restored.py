"""After the database was set back to an earlier moment: what waited then may have reached the lender since."""

from django.db import transaction
from django.utils import timezone

from applications.flow_log import flow_of
from applications.models import SubmissionAttempt
from applications.moves import move
from applications.statuses import Status
from applications.submission.claims import lock_application
from applications.submission.recording import give_up
from audit.names import EventName


def presume_sent() -> list[str]:
    """Treat everything in line as sent without an answer: no worker sends it, and a search tells what became of it.

    For a restored database, while no worker runs. Gives the reference ids.
    """
    in_line = SubmissionAttempt.objects.filter(
        closed_at=None, sending_since=None, application__status=Status.QUEUED
    ).select_related("application")
    return [attempt.application.reference_id for attempt in in_line if _presume(attempt)]


@transaction.atomic
def _presume(attempt: SubmissionAttempt) -> bool:
    lock_application(attempt)
    mine = SubmissionAttempt.objects.filter(pk=attempt.pk, claim=attempt.claim, closed_at=None, sending_since=None)
    # Since it was sealed: an account of that day or later may be the one that was opened for it.
    if not mine.update(sending_since=attempt.sealed_at, lease_until=timezone.now()):
        return False
    detail = {"attempt": attempt.number, "reference_id": attempt.application.reference_id, "presumed": "restored"}
    with flow_of(attempt.application):
        move(attempt.application, Status.SENDING, by=None, event=EventName.SENT, detail=detail)
        give_up(attempt)
    return True
