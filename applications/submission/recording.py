"""Closing an attempt with its answer, once, and moving the application with it."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from applications.monitoring import tallies
from applications.moves import move
from applications.persons import account_key
from applications.purge import purge_answered, purge_sensitive
from applications.statistics.recording import count_decision
from applications.statuses import FINAL, IllegalMove, Status
from applications.submission.claims import ClaimLost
from applications.submission.decisions import LEASE_ENDED, Decision
from applications.submission.late_answers import (
    answered_meanwhile,
    is_in_question,
    leave_it_to,
    note_late_answer,
    withdraw_second_send,
)
from applications.submission.look_times import first_look
from audit.events import record
from audit.names import EventName
from merchants.models import User


def record_decision(attempt: SubmissionAttempt, decision: Decision, *, by: User | None = None) -> None:
    """Close the attempt with its answer and move the application, in one transaction. `by` took it back.

    An answer that comes after the end of the lease still counts: it is the answer of this very call, unless the outcome
    was settled meanwhile (`late_answers`). The same answer a second time changes nothing. Raises ClaimLost when another
    worker took the row before anything was sent, and IllegalMove when another answer closed the attempt.
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=attempt.application_id)
        current = SubmissionAttempt.objects.get(pk=attempt.pk)
        if current.claim != attempt.claim:
            raise ClaimLost
        if current.closed_at and not _waits_for_a_late(decision, current):
            if current.answer and Decision.from_json(current.answer) == decision:
                return
            raise IllegalMove(application.status, decision.status)
        unknown_since = current.closed_at
        if unknown_since and decision.status in FINAL:
            withdraw_second_send(application, current)
        is_overtaken = unknown_since is not None and not is_in_question(application, current)
        _close(current, decision)
        if is_overtaken:
            note_late_answer(application, current, decision)
            if decision.status in FINAL:
                purge_answered(application, current)
            return
        standing = _move_on(application, current, decision, by=by)
        _follow_up(application, standing)
        _count(current, unknown_since)


def give_up(attempt: SubmissionAttempt) -> None:
    """The lease ended without an answer: whether the lender has the application is not known (design.md §3)."""
    record_decision(attempt, Decision(status=Status.UNKNOWN, code=LEASE_ENDED))


def _waits_for_a_late(decision: Decision, attempt: SubmissionAttempt) -> bool:
    return attempt.outcome_code == LEASE_ENDED and decision.status != Status.UNKNOWN


def _close(attempt: SubmissionAttempt, decision: Decision) -> None:
    attempt.closed_at = timezone.now()
    attempt.outcome = decision.status
    attempt.outcome_code = decision.code[:80]
    attempt.http_status = decision.http_status
    attempt.answer = decision.to_json()
    attempt.next_look_at = first_look(attempt.closed_at) if decision.status == Status.UNKNOWN else None
    attempt.save(
        update_fields=["closed_at", "outcome", "outcome_code", "http_status", "answer", "next_look_at"],
    )
    count_decision(attempt, attempt.outcome, at=attempt.closed_at)


def _count(attempt: SubmissionAttempt, unknown_since: datetime | None) -> None:
    """For the metrics: an outcome, or that an unknown one was settled by its own late answer."""
    assert attempt.closed_at
    if unknown_since is None:
        tallies.count_answer(attempt.outcome, (attempt.closed_at - attempt.sealed_at).total_seconds())
    else:
        seconds = (attempt.closed_at - unknown_since).total_seconds()
        tallies.count_settlement(attempt.outcome, tallies.BY_LATE_ANSWER, seconds)


def _move_on(application: Application, attempt: SubmissionAttempt, decision: Decision, *, by: User | None) -> Decision:
    """Move the application to where the answer leads. Gives what it then goes by.

    A second send that came to nothing leaves it to the first: to its answer, if that came meanwhile, or else open.
    """
    event, detail = _event(decision), _detail(attempt, decision)
    lost = application.unsettled_attempt
    is_alone = lost is None or lost.pk == attempt.pk
    first = answered_meanwhile(application, attempt, decision) if application.status == Status.SENDING else None
    if first is not None:
        record(event, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
        decision = Decision.from_json(first.answer)
        event, detail = EventName.ANSWERED, _detail(first, decision)
    elif lost is not None and not is_alone:
        decision = replace(decision, status=leave_it_to(lost, decision))
    if application.status == decision.status:  # an earlier send is in question, as it was
        record(event, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
    else:
        move(application, decision.status, by=by, event=event, detail=detail)
    return decision


def _follow_up(application: Application, decision: Decision) -> None:
    """What else a decision brings with it, in the same transaction."""
    if decision.account_number:
        application.account_key = account_key(decision.account_number)
        application.save(update_fields=["account_key"])
    if decision.status == Status.NEEDS_CORRECTION:
        _ask_again(application, decision)
    if decision.status in FINAL:
        purge_sensitive(application)


def _ask_again(application: Application, decision: Decision) -> None:
    application.answers = Answers.from_json(application.answers).with_corrections(decision.corrections).to_json()
    application.revision += 1
    application.save(update_fields=["answers", "revision"])


def _event(decision: Decision) -> EventName:
    if decision.status == Status.FAILED and decision.http_status is None:
        return EventName.NOT_SENT
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
