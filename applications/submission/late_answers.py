"""The answer of a call that was taken for lost, when something else decided meanwhile. It overwrites nothing."""

import logging

from applications.models import Application, SubmissionAttempt
from applications.monitoring import tallies
from applications.persons import account_key
from applications.statuses import UNSETTLED
from applications.submission.decisions import Decision
from applications.submission.settlement import decided_as
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName

logger = logging.getLogger(__name__)


def is_in_question(application: Application, attempt: SubmissionAttempt) -> bool:
    """Whether the outcome of this very attempt is what nobody knows yet, so that its own answer settles it."""
    in_question = application.unsettled_attempt
    return application.status in UNSETTLED and in_question is not None and in_question.pk == attempt.pk


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
    """The same account, or the same decision. Of two sends each may be refused for itself."""
    if decision.account_number:
        return account_key(decision.account_number) == application.account_key
    was_sent_again = application.attempts.filter(number__gt=attempt.number).exists()
    return was_sent_again or decision.status == decided_as(application)
