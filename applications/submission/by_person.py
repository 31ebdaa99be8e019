"""What a manager writes down after asking the lender, where no search can tell (design.md §3)."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from applications.models import Application, SettledBy, SubmissionAttempt
from applications.persons import account_key
from applications.statuses import CONTRADICTABLE, TELLABLE, UNSETTLED, Status
from applications.submission.decisions import Decision
from applications.submission.settlement import AlreadySettled, decision_of, settle, write_settlement
from applications.verdicts import Verdict
from merchants.models import User

# What the lender's review of a pending application can come to.
AFTER_REVIEW = (Status.APPROVED, Status.DECLINED)


class AccountOfAnother(Exception):
    """Another application of this merchant brought this account: a slip of the pen."""


def may_be_told(application: Application) -> Sequence[Status]:
    """The outcomes that a manager may write down now; none when there is nothing to settle."""
    if application.status == Status.UNKNOWN:
        return (*TELLABLE, Status.NO_ACCOUNT)
    if application.status == Status.NO_ACCOUNT:
        return TELLABLE
    return TELLABLE if application.status in CONTRADICTABLE and contradiction_of(application) else ()


def contradiction_of(application: Application) -> SubmissionAttempt | None:
    """The send whose late answer contradicts what was settled, while nobody has looked into it."""
    return application.attempts.filter(look_verdict=Verdict.CONTRADICTED).order_by("-number").first()


def settle_as_told(application: Application, told: Status, *, account_number: str = "", reason: str, by: User) -> None:
    """Settle it on the lender's word. `account_number`, digits only, belongs to an approval and to nothing else.

    Raises AlreadySettled when something else was faster, and AccountOfAnother.
    """
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if told not in may_be_told(current):
            raise AlreadySettled
        if account_number and _is_of_another(current, account_number):
            raise AccountOfAnother
        decision = _as_told(current, told, account_number)
        attempt = current.unsettled_attempt
        if current.status in UNSETTLED and attempt is not None:
            settle(attempt, decision, how=SettledBy.PERSON, by=by, reason=reason)
        else:
            _settle_contradiction(current, decision, by=by, reason=reason)


def end_review_as_told(
    application: Application, told: Status, *, account_number: str = "", reason: str, by: User
) -> None:
    """The lender's review of a pending application has ended so, on its word; `account_number` as in `settle_as_told`.

    Raises AlreadySettled when it is pending no longer, or a late answer has to be looked into first, and
    AccountOfAnother.
    """
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        attempt = current.latest_attempt
        is_under_review = current.status == Status.PENDING and contradiction_of(current) is None
        if not is_under_review or told not in AFTER_REVIEW or attempt is None:
            raise AlreadySettled
        if account_number and _is_of_another(current, account_number):
            raise AccountOfAnother
        decision = _as_told(current, told, account_number)
        write_settlement(current, attempt, decision, how=SettledBy.PERSON, by=by, reason=reason)


def _as_told(application: Application, told: Status, account_number: str) -> Decision:
    """What is known of that account already stays known."""
    known = decision_of(application)
    if known and account_number and account_key(known.account_number) == account_key(account_number):
        return replace(known, status=told)
    return Decision(status=told, account_number=account_number)


def _settle_contradiction(application: Application, decision: Decision, *, by: User, reason: str) -> None:
    attempt = contradiction_of(application)
    if attempt is None:
        raise AlreadySettled
    answer = Decision.from_json(attempt.answer)
    agrees = answer.status == decision.status and (
        account_key(answer.account_number) == account_key(decision.account_number)
    )
    attempt.look_verdict = Verdict.FOUND if agrees else Verdict.OVERRULED
    attempt.save(update_fields=["look_verdict"])
    write_settlement(application, attempt, decision, how=SettledBy.PERSON, by=by, reason=reason)


def _is_of_another(application: Application, account_number: str) -> bool:
    of_this_merchant = Application.objects.filter(merchant=application.merchant_id)
    return of_this_merchant.filter(account_key=account_key(account_number)).exclude(pk=application.pk).exists()
