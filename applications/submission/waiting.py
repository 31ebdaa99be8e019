"""Waiting for a lender that does not answer: only with the customer's consent, never for ever, until taken back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from applications.consents import Consent
from applications.models import Application, SubmissionAttempt
from applications.monitoring import set_back
from applications.moves import move
from applications.statuses import Status
from applications.submission.claims import ClaimLost, lock_application
from applications.submission.decisions import LENDER_DOWN, WAITED_TOO_LONG, WITHDRAWN, Decision
from applications.submission.recording import record_decision
from applications.submission.sealing import submit
from audit.names import EventName
from merchants.credentials.trials import not_answering
from merchants.models import User

# Before a submission that met no answer is tried again; the circuit may be closed still.
_TRY_AGAIN_AFTER = timedelta(seconds=15)


class TooLate(Exception):
    """It is being sent, or was, or is not waiting any more."""


def submit_to_wait(application: Application, *, consent: Consent, by: User, revision: int) -> SubmissionAttempt:
    """Seal and queue it as `submit` does, with the customer's consent to wait until the lender answers.

    Raises what `submit` raises.
    """
    with transaction.atomic():
        attempt = submit(application, by=by, revision=revision, consent=consent)
        attempt.waits_since = timezone.now()
        attempt.save(update_fields=["waits_since"])
    return attempt


def take_back(application: Application, *, by: User) -> None:
    """The customer does not want to wait any longer: it is not sent. Raises TooLate.

    In a database that was set back nobody knows whether it was sent.
    """
    attempt = application.latest_attempt
    if attempt is None or attempt.waits_since is None or set_back.is_set_back():
        raise TooLate
    _close_unsent(attempt, WITHDRAWN, by=by)


def back_in_line(attempt: SubmissionAttempt) -> None:
    """Nothing left the house, and the customer lets it wait. Raises ClaimLost."""
    application = attempt.application
    mine = SubmissionAttempt.objects.filter(pk=attempt.pk, claim=attempt.claim, closed_at=None)
    with transaction.atomic():
        lock_application(attempt)
        if not mine.update(claim="", lease_until=timezone.now() + _TRY_AGAIN_AFTER, sending_since=None):
            raise ClaimLost
        if application.status == Status.SENDING:
            detail = {"attempt": attempt.number}
            move(application, Status.QUEUED, by=None, event=EventName.BACK_IN_LINE, detail=detail)


def waiting_without_consent(now: datetime) -> QuerySet[SubmissionAttempt]:
    """Sealed a moment before the lender stopped answering: nobody has asked the customer whether it may wait."""
    return _unclaimed(now).filter(waits_since=None, credential__in=not_answering())


def waiting_too_long(now: datetime) -> QuerySet[SubmissionAttempt]:
    """What has waited for WAITING_HOURS."""
    return _unclaimed(now).filter(waits_since__lt=now - timedelta(hours=settings.WAITING_HOURS))


def fail_for_silence(attempt: SubmissionAttempt) -> None:
    """Certainly not processed: the associate asks the customer whether it may wait. Raises TooLate."""
    _close_unsent(attempt, LENDER_DOWN)


def fail_after_waiting(attempt: SubmissionAttempt) -> None:
    """Nobody expects it any more: the customer is asked again before it is sent. Raises TooLate."""
    _close_unsent(attempt, WAITED_TOO_LONG)


def _unclaimed(now: datetime) -> QuerySet[SubmissionAttempt]:
    free = Q(lease_until=None) | Q(lease_until__lt=now) | Q(claim="")
    return SubmissionAttempt.objects.filter(
        free, closed_at=None, sending_since=None, application__status=Status.QUEUED
    ).order_by("sealed_at")


def _close_unsent(attempt: SubmissionAttempt, code: str, *, by: User | None = None) -> None:
    """Of this and a worker that is about to send it, one is too late."""
    with transaction.atomic():
        lock_application(attempt)
        current = (
            SubmissionAttempt.objects.select_for_update(of=("self",)).select_related("application").get(pk=attempt.pk)
        )
        if current.closed_at or current.sending_since or current.application.status != Status.QUEUED:
            raise TooLate
        record_decision(current, Decision(status=Status.FAILED, code=code), by=by)
        if code != LENDER_DOWN:  # the customer is asked anew: a page that is still open somewhere was submitted already
            Application.objects.filter(pk=current.application_id).update(revision=F("revision") + 1)
