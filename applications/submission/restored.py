"""After the database was set back to an earlier moment: what waited then may have reached the lender since."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications.flow_log import flow_of
from applications.models import Cancellation, SubmissionAttempt
from applications.monitoring import set_back
from applications.moves import move
from applications.statuses import Status
from applications.submission.cancellation import abandon
from applications.submission.claims import lock_application
from applications.submission.recording import give_up
from audit.names import EventName


def presume_sent() -> list[str]:
    """Treat everything in line as sent without an answer: no worker sends it, and a search tells what became of it.

    So with cancellations: a second request to close an account is refused, which says nothing about the first. What
    was submitted after the portal had noticed is sent, because nothing was until now. Then sending goes on. Gives the
    reference ids. Interrupted, it is to be done again: nothing is sent before its end.
    """
    set_back.look()
    noticed = set_back.noticed_at() or timezone.now()
    presumed = [attempt.application.reference_id for attempt in _in_line(noticed) if _presume(attempt)]
    asked = Cancellation.objects.filter(closed_at=None, requested_at__lt=noticed).select_related("application")
    for cancellation in asked:
        abandon(cancellation)
    set_back.accept({"presumed": len(presumed), "cancellations": len(asked)})
    return presumed


def _in_line(noticed: datetime) -> list[SubmissionAttempt]:
    in_line = SubmissionAttempt.objects.filter(
        closed_at=None, sending_since=None, sealed_at__lt=noticed, application__status=Status.QUEUED
    )
    return list(in_line.select_related("application"))


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
