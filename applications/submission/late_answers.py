"""The answer of a call that was taken for lost, when something else was decided or begun meanwhile."""

import logging

from applications.models import Application, SubmissionAttempt
from applications.monitoring import tallies
from applications.moves import move
from applications.persons import account_keys
from applications.statuses import FINAL, UNSETTLED, Status
from applications.submission.decisions import DUPLICATE_CODES, WITHDRAWN, Decision
from applications.submission.held import close_unsent
from applications.submission.settlement import decided_as, resume_looks
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName

# A later send that comes to this was not taken up at all.
_NOTHING = frozenset({Status.FAILED, Status.NEEDS_CORRECTION})
# What the lender knows by the time it calls a later send of the same person a duplicate.
_MAKES_DUPLICATES = frozenset({Status.APPROVED, Status.PENDING})

logger = logging.getLogger(__name__)


def is_in_question(application: Application, attempt: SubmissionAttempt) -> bool:
    """Whether the outcome of this very attempt is what nobody knows yet, so that its own answer settles it."""
    in_question = application.unsettled_attempt
    return application.status in UNSETTLED and in_question is not None and in_question.pk == attempt.pk


def withdraw_second_send(application: Application, attempt: SubmissionAttempt) -> None:
    """Do not send again what still waits in line: the customer agreed to it only because this answer was missing.

    The attempt is then in question once more. Call it in the transaction of the answer, with the application locked.
    """
    in_question = application.unsettled_attempt
    if application.status != Status.QUEUED or in_question is None or in_question.pk != attempt.pk:
        return
    second = application.attempts.select_for_update().get(closed_at=None)
    close_unsent(second, WITHDRAWN)
    detail = {"attempt": second.number, "outcome": second.outcome, "code": WITHDRAWN}
    move(application, Status.NO_ACCOUNT, by=None, event=EventName.NOT_SENT, detail=detail)


def answered_meanwhile(
    application: Application, attempt: SubmissionAttempt, decision: Decision
) -> SubmissionAttempt | None:
    """The earlier send whose answer came while this one was out: it counts when this one came to nothing.

    "A duplicate" says nothing but that the lender had an approval of the earlier one, or reviews it.
    """
    explained = FINAL if decision.status in _NOTHING else _MAKES_DUPLICATES if _is_duplicate(decision) else frozenset()
    earlier = application.attempts.filter(number__lt=attempt.number, outcome__in=explained).order_by("-number").first()
    if earlier is not None:
        earlier.look_verdict = Verdict.FOUND if earlier.outcome == Status.APPROVED else Verdict.ABSENT
        earlier.save(update_fields=["look_verdict"])  # nothing contradicts it any more
    return earlier


def leave_it_to(first: SubmissionAttempt, decision: Decision) -> Status:
    """Where the application goes by this answer to a later send, while nobody knows what became of the first.

    The lender may refuse the later one just because it opened an account for the first, or reviews it. "Already a
    customer" is for a manager to tell; after every other such answer a search goes on asking for the account.
    """
    if decision.status == Status.ALREADY_CUSTOMER:
        first.look_verdict, first.next_look_at = Verdict.AMBIGUOUS, None
        first.save(update_fields=["look_verdict", "next_look_at"])
        return Status.UNKNOWN
    if decision.status == Status.FAILED or _is_duplicate(decision):
        resume_looks(first, at_once=_is_duplicate(decision))
        return Status.NO_ACCOUNT
    return decision.status


def _is_duplicate(decision: Decision) -> bool:
    return decision.status == Status.ALREADY_CUSTOMER or decision.code in DUPLICATE_CODES


def note_late_answer(application: Application, attempt: SubmissionAttempt, decision: Decision) -> None:
    """Leave the outcome as it was settled, in the transaction that closed the attempt with its answer.

    An answer that agrees counts from now on, because it tells more than a search (`settlement.decision_of`). One that
    contradicts is shown to a manager, who calls the lender.
    """
    agrees = _agrees(application, attempt, decision)
    event = EventName.ANSWERED if agrees else EventName.ANSWER_CONTRADICTS
    record(
        event,
        subject=application,
        merchant_id=application.merchant_id,
        by=None,
        detail={"attempt": attempt.number, "outcome": str(decision.status), "settled_as": application.status},
    )
    if not agrees:
        tallies.count_contradiction(str(decision.status))
        logger.error("A late answer contradicts what was settled: %s", application.reference_id)
        attempt.look_verdict = Verdict.CONTRADICTED
        attempt.save(update_fields=["look_verdict"])


def _agrees(application: Application, attempt: SubmissionAttempt, decision: Decision) -> bool:
    """The same account, or the same decision. Of two sends each may be refused for itself; a review goes on."""
    if decision.account_number:
        return application.account_key in account_keys(decision.account_number)
    if decision.status == decided_as(application):
        return True
    was_sent_again = application.attempts.filter(number__gt=attempt.number).exists()
    return was_sent_again and decision.status != Status.PENDING
