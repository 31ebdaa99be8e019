"""The lender already has an account for this person: what the associate decides, before the bureau is asked."""

from django.db import transaction
from django.utils import timezone

from applications.consents import Consent, record_consent
from applications.models import Application, SubmissionAttempt
from applications.moves import move
from applications.purge import purge_sensitive
from applications.statuses import Status
from applications.submission.decisions import FOUND_BEFORE_SENDING, WITHDRAWN, Decision
from applications.submission.nudge import nudge_delivery
from audit.names import EventName
from merchants.models import User


class NotHeld(Exception):
    """Somebody decided in another window, or other accounts were found since the page was shown."""


def mark_of(attempt: SubmissionAttempt) -> str:
    """Which hold of which attempt a page shows: sent back with the decision, so that it meets no other."""
    looked_at = attempt.found[0]["looked_at"] if attempt.found else ""
    return f"{attempt.number} {looked_at}"


def use_existing_account(application: Application, *, mark: str, by: User) -> None:
    """Nothing is sent: the customer keeps to the account they have. Raises NotHeld."""
    with transaction.atomic():
        current, attempt = _held(application, mark)
        close_unsent(attempt, FOUND_BEFORE_SENDING)
        event = EventName.EXISTING_ACCOUNT_USED
        move(current, Status.ALREADY_CUSTOMER, by=by, event=event, detail={"attempt": attempt.number})
        purge_sensitive(current)


def change_answers(application: Application, *, mark: str, by: User) -> None:
    """Nothing is sent: an answer was wrong, perhaps it found somebody else. A draft again. Raises NotHeld."""
    with transaction.atomic():
        current, attempt = _held(application, mark)
        close_unsent(attempt, WITHDRAWN)
        move(current, Status.DRAFT, by=by, event=EventName.TAKEN_BACK, detail={"attempt": attempt.number})
        current.revision += 1  # a check page that is still open somewhere was submitted already
        current.save(update_fields=["revision"])


def send_all_the_same(application: Application, *, mark: str, consent: Consent, by: User) -> None:
    """Back in line, past the accounts that were found: the customer agreed to another inquiry. Raises NotHeld."""
    with transaction.atomic():
        current, attempt = _held(application, mark)
        record_consent(current, consent, attempt=attempt, by=by)
        move(current, Status.QUEUED, by=by, event=EventName.RELEASED, detail={"attempt": attempt.number})
        transaction.on_commit(nudge_delivery)


def give_way(second: SubmissionAttempt, first: SubmissionAttempt) -> Status:
    """An account is there by now, perhaps from the first send: the second ends here, and the search goes on at once."""
    close_unsent(second, FOUND_BEFORE_SENDING)
    SubmissionAttempt.objects.filter(pk=first.pk).update(next_look_at=timezone.now())
    return Status.NO_ACCOUNT


def close_unsent(attempt: SubmissionAttempt, code: str) -> None:
    """Close an attempt of which nothing was sent, with a code of ours that says why."""
    decision = Decision(status=Status.FAILED, code=code)
    attempt.closed_at = timezone.now()
    attempt.outcome, attempt.outcome_code = decision.status, decision.code
    attempt.answer = decision.to_json()
    attempt.save(update_fields=["closed_at", "outcome", "outcome_code", "answer"])


def held_attempt(application: Application) -> SubmissionAttempt | None:
    """The attempt that waits for the decision, with what was found."""
    return application.attempts.filter(closed_at=None, application__status=Status.HELD).first()


def _held(application: Application, mark: str) -> tuple[Application, SubmissionAttempt]:
    """The application, locked, and its attempt, when they are still held for what the page showed."""
    current = Application.objects.select_for_update().get(pk=application.pk)
    attempt = held_attempt(current)
    if attempt is None or mark_of(attempt) != mark:
        raise NotHeld
    return current, attempt
