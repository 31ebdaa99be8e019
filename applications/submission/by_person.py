"""What a manager writes down after asking the lender, where no search can tell (design.md §3)."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, SettledBy, Settlement, SubmissionAttempt
from applications.persons import account_key, account_keys, is_among, person_keys_to_find
from applications.statistics.recording import count_decision
from applications.statuses import CONTRADICTABLE, OPEN_AGAIN, OVER, TELLABLE, UNSETTLED, Status
from applications.submission.decisions import Decision
from applications.submission.settlement import AlreadySettled, decided_as, decision_of, settle, write_settlement
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import User

# What the lender's review of a pending application can come to.
AFTER_REVIEW = (Status.APPROVED, Status.DECLINED)


class AccountOfAnother(Exception):
    """Another application brought this account, or the customer had it before this one was sent: a slip of the pen."""


def may_be_told(application: Application) -> Sequence[Status]:
    """The outcomes that a manager may write down now; none when there is nothing to settle."""
    if application.status == Status.UNKNOWN:
        return (*TELLABLE, *_also_answered(application), Status.NO_ACCOUNT)
    if application.status == Status.NO_ACCOUNT:
        return TELLABLE
    return _after_a_contradiction(application) if contradiction_of(application) else ()


def _after_a_contradiction(application: Application) -> Sequence[Status]:
    """The status itself is among them where the lender's word may leave it as it is.

    A cancelled or expired application stays so, and so does a draft in which somebody else may stand by now.
    """
    status = Status(application.status)
    if status in TELLABLE:
        return TELLABLE
    if status in OVER or (status in OPEN_AGAIN and not _is_still_the_person(application)):
        return (status,)
    return (*TELLABLE, status) if status in CONTRADICTABLE else ()


def _is_still_the_person(application: Application) -> bool:
    """Whether the answers, which can be edited, are still of the person whose they were when they were sent."""
    now = person_keys_to_find(Answers.from_json(application.answers).flat())
    return is_among(application.person_key, now["person_key"])


def _also_answered(application: Application) -> Sequence[Status]:
    """Already a customer, when that is what a send after the lost one was answered."""
    lost = application.unsettled_attempt
    later = application.attempts.filter(outcome=Status.ALREADY_CUSTOMER, number__gt=lost.number if lost else 0)
    return (Status.ALREADY_CUSTOMER,) if later.exists() else ()


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
        elif told == current.status and told not in TELLABLE:
            _leave_as_it_is(current, by=by, reason=reason)
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


def _leave_as_it_is(application: Application, *, by: User, reason: str) -> None:
    """The late answer is on the record, and so is what the lender says about it; what is known stays known."""
    attempt, known = contradiction_of(application), decision_of(application)
    if attempt is None:
        raise AlreadySettled
    attempt.look_verdict = Verdict.OVERRULED
    attempt.save(update_fields=["look_verdict"])
    outcome, settled_at = Status(decided_as(application)), timezone.now()
    count_decision(attempt, outcome, at=settled_at)
    Settlement.objects.create(
        application=application,
        attempt=attempt,
        how=SettledBy.PERSON,
        outcome=outcome,
        answer=(known or Decision(status=outcome)).to_json(),
        reason=reason,
        settled_by=by,
        settled_at=settled_at,
    )
    how = str(SettledBy.PERSON)
    detail: dict[str, Detail] = {"attempt": attempt.number, "how": how, "outcome": str(outcome), "left": True}
    record(EventName.SETTLED, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)


def _is_of_another(application: Application, account_number: str) -> bool:
    keys = account_keys(account_number)
    of_this_merchant = Application.objects.filter(merchant=application.merchant_id)
    is_brought = of_this_merchant.filter(account_key__in=keys).exclude(pk=application.pk).exists()
    return is_brought or any(not _known_before(attempt).isdisjoint(keys) for attempt in application.attempts.all())


def _known_before(attempt: SubmissionAttempt) -> set[str]:
    """The accounts there were before sending. What a person ruled out later, they may find to be the right one."""
    known = set(attempt.known_accounts or ())
    if not attempt.settlements.filter(how=SettledBy.PERSON, outcome=Status.NO_ACCOUNT).exists():
        return known
    return known - {account.get("account_key") for account in attempt.found or ()}
