"""Delivering an attempt: claimed and committed before the socket, sent once, closed by the answer (design.md §3)."""

import logging
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from applications.moves import move
from applications.purge import purge_sensitive
from applications.statuses import FINAL, IllegalMove, Status
from applications.submission.connections import check_connection_after_long_call
from applications.submission.decisions import LEASE_ENDED, UNSENDABLE, Decision, approved, refused
from audit.names import EventName
from merchants.sessions import OUT_OF_USE, CredentialUnusable, client_for
from posapi import CreditApplication, errors
from vault.keys import CannotOpen

logger = logging.getLogger(__name__)


def deliver(attempt_id: UUID) -> None:
    """Send one attempt, unless another worker has taken it."""
    attempt = claim(attempt_id)
    if attempt is None:
        return
    decision = send(attempt)
    check_connection_after_long_call()
    record_decision(attempt, decision)


def claim(attempt_id: UUID) -> SubmissionAttempt | None:
    """Take a queued attempt and commit that it is being sent, or None when it is not there to take.

    From here on a worker that dies leaves `sending`, which the end of the lease turns into `unknown`.
    """
    now = timezone.now()
    lease = now + timedelta(seconds=settings.SENDING_LEASE_SECONDS)
    with transaction.atomic():
        taken = SubmissionAttempt.objects.filter(pk=attempt_id, sending_since=None, closed_at=None).update(
            sending_since=now, lease_until=lease
        )
        if not taken:
            return None
        attempt = SubmissionAttempt.objects.select_related("application", "credential").get(pk=attempt_id)
        move(
            attempt.application,
            Status.SENDING,
            by=None,
            event=EventName.SENT,
            detail={"attempt": attempt.number, "reference_id": attempt.application.reference_id},
        )
    return attempt


def send(attempt: SubmissionAttempt) -> Decision:
    """One `apply` call and what its answer means. Never raises for what the network or the lender does."""
    application = attempt.application
    try:
        body = CreditApplication.from_body(attempt.body)
    except (ValueError, CannotOpen) as problem:
        logger.error("apply %s: what was sealed cannot be sent: %s", application.reference_id, type(problem).__name__)
        return Decision(status=Status.FAILED, code=UNSENDABLE)
    try:
        if not attempt.credential.is_active:
            raise CredentialUnusable(OUT_OF_USE)  # taken out of use since the draft began, perhaps for a reason
        with client_for(attempt.credential) as client:
            return approved(client.flow(application.reference_id).apply(body))
    except errors.PosApiError as error:
        logger.info("apply %s: %s", application.reference_id, error)
        return refused(error)


def record_decision(attempt: SubmissionAttempt, decision: Decision) -> None:
    """Close the attempt with its answer and move the application, once, in one transaction.

    An answer that comes after the end of the lease still counts: it is the answer of this very call. Raises
    IllegalMove when another answer closed the attempt.
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=attempt.application_id)
        current = SubmissionAttempt.objects.get(pk=attempt.pk)
        if current.closed_at and not _waits_for_a_late(decision, current):
            raise IllegalMove(application.status, decision.status)
        current.closed_at = timezone.now()
        current.outcome = decision.status
        current.outcome_code = decision.code[:80]
        current.http_status = decision.http_status
        current.answer = decision.to_json()
        current.save(update_fields=["closed_at", "outcome", "outcome_code", "http_status", "answer"])
        move(application, decision.status, by=None, event=_event(decision), detail=_detail(current, decision))
        if decision.status == Status.NEEDS_CORRECTION:
            _ask_again(application, decision)
        if decision.status in FINAL:
            purge_sensitive(application)


def give_up(attempt: SubmissionAttempt) -> None:
    """The lease ended without an answer: whether the lender has the application is not known (design.md §3)."""
    record_decision(attempt, Decision(status=Status.UNKNOWN, code=LEASE_ENDED))


def _waits_for_a_late(decision: Decision, attempt: SubmissionAttempt) -> bool:
    return attempt.outcome_code == LEASE_ENDED and decision.status != Status.UNKNOWN


def _ask_again(application: Application, decision: Decision) -> None:
    application.answers = Answers.from_json(application.answers).with_corrections(decision.corrections).to_json()
    application.revision += 1
    application.save(update_fields=["answers", "revision"])


def _event(decision: Decision) -> EventName:
    return {
        Status.UNKNOWN: EventName.OUTCOME_UNKNOWN,
        Status.NEEDS_CORRECTION: EventName.CORRECTION_REQUESTED,
    }.get(decision.status, EventName.ANSWERED)


def _detail(attempt: SubmissionAttempt, decision: Decision) -> dict[str, str | int | None]:
    return {
        "attempt": attempt.number,
        "outcome": str(decision.status),
        "code": decision.code[:80],
        "http_status": decision.http_status,
    }
