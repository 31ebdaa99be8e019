"""Counting what happens, in the transaction in which it happens."""

from datetime import datetime

from applications.models import Application, SubmissionAttempt
from applications.statistics import durations
from applications.statistics.models import Change, Measure
from applications.statuses import Status

# The lender has told something of the application: the first of them ends the wait for a decision.
DECISIONS = frozenset({Status.APPROVED, Status.DECLINED, Status.PENDING, Status.ALREADY_CUSTOMER})


def count_start(application: Application) -> None:
    """An application was begun."""
    Change.objects.bulk_create([_by_person(application, Measure.STATUS, 1, key=application.status)])


def count_move(application: Application, *, before: str) -> None:
    """It moved from the status `before` to the one it has now."""
    if before != application.status:
        Change.objects.bulk_create(
            [
                _by_person(application, Measure.STATUS, -1, key=before),
                _by_person(application, Measure.STATUS, 1, key=application.status),
            ]
        )


def count_language(application: Application, *, before: str) -> None:
    """The customer's language changed from `before` to what it is now, and what is counted by language with it."""
    if before == application.language:
        return
    kinds = [(Measure.STATUS, application.status)]
    if application.attempts.exists():
        kinds.append((Measure.SUBMITTED, ""))
    Change.objects.bulk_create(
        _by_person(application, measure, count, key=key, language=language)
        for measure, key in kinds
        for count, language in ((-1, before), (1, application.language))
    )


def count_submission(attempt: SubmissionAttempt) -> None:
    """An application was sealed; the first time counts."""
    if attempt.number == 1:
        Change.objects.bulk_create([_by_person(attempt.application, Measure.SUBMITTED, 1)])


def count_decision(attempt: SubmissionAttempt, decision: str, *, at: datetime) -> None:
    """The lender's answer to this attempt, or a settlement in place of one. The first of an application counts.

    Call it with the application locked, before the settlement is written.
    """
    if decision not in DECISIONS or _was_decided(attempt):
        return
    seconds = (at - attempt.sealed_at).total_seconds()
    Change.objects.bulk_create([_change(attempt.application, Measure.DECIDED, tenths=durations.of_decision(seconds))])


def _was_decided(attempt: SubmissionAttempt) -> bool:
    application = attempt.application
    answered = application.attempts.filter(outcome__in=DECISIONS).exclude(pk=attempt.pk)
    return answered.exists() or application.settlements.filter(outcome__in=DECISIONS).exists()


def count_step(application: Application, step: str, tenths: int) -> None:
    """A step was saved that took so long."""
    Change.objects.bulk_create([_change(application, Measure.STEP, key=step, tenths=tenths)])


def count_abandoned(application: Application) -> None:
    """A draft was purged."""
    Change.objects.bulk_create([_change(application, Measure.ABANDONED, key=application.last_step)])


def _by_person(
    application: Application, measure: Measure, count: int, *, key: str = "", language: str | None = None
) -> Change:
    change = _change(application, measure, count, key=key)
    change.associate = application.created_by_id
    change.language = application.language if language is None else language
    return change


def _change(application: Application, measure: Measure, count: int = 1, *, key: str = "", tenths: int = 0) -> Change:
    return Change(
        store_id=application.store_id, measure=measure, day=application.day, key=key, tenths=tenths, count=count
    )
