"""Settling what became of a submission that brought no readable answer: by a search, or by a person (design.md §3)."""

from django.db import transaction
from django.utils import timezone

from applications.models import Application, SettledBy, Settlement, SubmissionAttempt
from applications.monitoring import tallies
from applications.moves import move
from applications.persons import account_key
from applications.purge import purge_sensitive
from applications.statistics.recording import count_decision
from applications.statuses import FINAL, UNSETTLED, Status
from applications.submission.decisions import Decision
from applications.submission.look_times import after_absence
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import User

# After an approval the application goes on, and the decision stays what it was.
_DECIDED_AS = {Status.CANCELLING: Status.APPROVED, Status.CANCELLED: Status.APPROVED}
_NOT_COUNTED = (Verdict.CONTRADICTED, Verdict.OVERRULED)


class AlreadySettled(Exception):
    """The answer, a search or somebody else was faster, or it was sent again meanwhile."""


def settle(
    attempt: SubmissionAttempt, decision: Decision, *, how: SettledBy, by: User | None = None, reason: str = ""
) -> Settlement:
    """Write down what became of this submission, and move its application there, once. Raises AlreadySettled.

    The attempt itself is not edited: it keeps saying that its call brought no answer.
    """
    with transaction.atomic():
        application = locked_unsettled(attempt)
        settlement = write_settlement(application, attempt, decision, how=how, by=by, reason=reason)
        _end_looks(attempt, decision)
        _count(settlement)
    return settlement


def write_settlement(
    application: Application,
    attempt: SubmissionAttempt,
    decision: Decision,
    *,
    how: SettledBy,
    by: User | None,
    reason: str,
) -> Settlement:
    """The row, its event, and the move where there is one. Call it in a transaction, with the application locked."""
    settled_at = timezone.now()
    count_decision(attempt, decision.status, at=settled_at)
    settlement = Settlement.objects.create(
        application=application,
        attempt=attempt,
        how=how,
        outcome=decision.status,
        answer=decision.to_json(),
        reason=reason or None,
        settled_by=by,
        settled_at=settled_at,
    )
    detail: dict[str, Detail] = {"attempt": attempt.number, "how": str(how), "outcome": str(decision.status)}
    if application.status == decision.status:
        record(EventName.SETTLED, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
    else:
        move(application, decision.status, by=by, event=EventName.SETTLED, detail=detail)
    application.account_key = account_key(decision.account_number)
    application.save(update_fields=["account_key"])
    if decision.status in FINAL:
        purge_sensitive(application)
    return settlement


def _count(settlement: Settlement) -> None:
    """For the metrics: how long the outcome was not known."""
    since = SubmissionAttempt.objects.values_list("closed_at", flat=True).get(pk=settlement.attempt_id)
    assert since
    seconds = (settlement.settled_at - since).total_seconds()
    tallies.count_settlement(settlement.outcome, settlement.how, seconds)


def locked_unsettled(attempt: SubmissionAttempt) -> Application:
    """The application, locked, while this attempt is the one in question. Call it in the settling transaction."""
    application = Application.objects.select_for_update().get(pk=attempt.application_id)
    in_question = application.unsettled_attempt
    if application.status not in UNSETTLED or in_question is None or in_question.pk != attempt.pk:
        raise AlreadySettled
    return application


def decision_of(application: Application) -> Decision | None:
    """What is known of the outcome: the lender's own answer, or else what was settled in place of one.

    None before anything is known, and after it was erased. An answer that contradicts the settlement does not count
    (`late_answers`).
    """
    answered = application.attempts.filter(outcome=decided_as(application)).exclude(look_verdict__in=_NOT_COUNTED)
    attempt = answered.order_by("-number").first()
    if attempt is not None:
        return Decision.from_json(attempt.answer) if attempt.answer else None
    settlement = settlement_of(application)
    if settlement is not None:
        return Decision.from_json(settlement.answer) if settlement.answer else None
    latest = application.latest_attempt
    return Decision.from_json(latest.answer) if latest and latest.answer else None


def settlement_of(application: Application) -> Settlement | None:
    """The settlement behind the present status, also when the lender's own answer confirmed it later."""
    settled = application.settlements.filter(outcome=decided_as(application)).select_related("settled_by")
    return settled.order_by("-settled_at").first()


def decided_as(application: Application) -> str:
    """The decision behind the present status."""
    return _DECIDED_AS.get(Status(application.status), application.status)


def resume_looks(attempt: SubmissionAttempt, *, at_once: bool = False) -> None:
    """Go on with the planned searches for a submission that nobody sends again after all; the first one `at_once`."""
    assert attempt.closed_at
    now = timezone.now()
    attempt.next_look_at = now if at_once else after_absence(attempt.closed_at, now, attempt.absent_looks)
    attempt.save(update_fields=["next_look_at"])


def _end_looks(attempt: SubmissionAttempt, decision: Decision) -> None:
    """No more searches, unless a person was told that there is no account: one may still be opened late.

    The accounts over which a search could not decide are then known to belong to something else.
    """
    current = SubmissionAttempt.objects.get(pk=attempt.pk)
    current.look_verdict = Verdict.FOUND if decision.account_number else Verdict.ABSENT
    current.next_look_at = None
    if decision.status == Status.NO_ACCOUNT and current.closed_at:
        current.next_look_at = after_absence(current.closed_at, timezone.now(), current.absent_looks)
        other = {account["account_key"] for account in current.found or () if "account_key" in account}
        current.known_accounts = sorted({*(current.known_accounts or ()), *other})
    current.save(update_fields=["look_verdict", "next_look_at", "known_accounts"])
