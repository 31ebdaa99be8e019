"""What the accounts of a person say about one submission whose outcome is not known (docs/decisions/0011)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from applications.persons import account_key, account_keys
from applications.verdicts import Verdict
from posapi import Account

# The latest clock in Canada, and a quarter of an hour for one of ours that is fast.
_PACIFIC = timezone(timedelta(hours=-8))
_CLOCKS_APART = timedelta(minutes=15)
# Closed or charged off (contract §9.3): no account that a customer can be told of as approved.
_ENDED = frozenset({"C", "Z"})


@dataclass(frozen=True)
class Sent:
    """What is known about a submission besides its answer.

    `day` is the earliest that it may have been anywhere in Canada when it was sent. `merchant_id` is ours at the
    lender, "" when not known. `known_accounts` are keys (`persons.account_key`) of the accounts there were before,
    `accounts_of_others` of those that another application of this person brought. `knows_accounts_by_lost_key`:
    there were more, but the index key they are known by is gone. `has_later_rival`: another application of this person
    was sent after this one, and nobody knows its outcome either.
    """

    day: date
    merchant_id: str = ""
    known_accounts: frozenset[str] = frozenset()
    accounts_of_others: frozenset[str] = frozenset()
    has_later_rival: bool = False
    knows_accounts_by_lost_key: bool = False


@dataclass(frozen=True)
class Judgement:
    """`account` only with FOUND."""

    verdict: Verdict
    account: Account | None = None


def judge(accounts: Iterable[Account], sent: Sent) -> Judgement:
    """Whether exactly one of these accounts can only come from this submission.

    An account that was there before, or that another application brought, explains itself and tells nothing. When
    those are all there are, nothing was opened for this submission: absent, as if there were none at all. (The lender
    may have answered "already a customer", or changed an old account; neither is an approval of this application.)

    What is left was not there before, as far as known. Opened on or after the day of sending, by our merchant as far
    as both ids are known, and not closed again, it is ours: one such account is found. Several, none such among those
    left, or one that a later application may have brought as well, are for a person to tell: ambiguous.
    """
    explained = sent.known_accounts | sent.accounts_of_others
    left = {account_key(account.account_number): account for account in accounts}
    left = {key: account for key, account in left.items() if explained.isdisjoint(account_keys(account.account_number))}
    if not left:
        return Judgement(Verdict.ABSENT)
    ours = [account for account in left.values() if _may_be_ours(account, sent)]
    if len(ours) != 1 or sent.has_later_rival or sent.knows_accounts_by_lost_key:
        return Judgement(Verdict.AMBIGUOUS)
    return Judgement(Verdict.FOUND, ours[0])


def earliest_day(moment: datetime) -> date:
    """The date of this moment where in Canada the day begins last: an account opened then has no earlier one."""
    return (moment - _CLOCKS_APART).astimezone(_PACIFIC).date()


def _may_be_ours(account: Account, sent: Sent) -> bool:
    is_new = account.creation_date is not None and account.creation_date >= sent.day
    is_foreign = bool(
        sent.merchant_id and account.originating_merchant_id and account.originating_merchant_id != sent.merchant_id
    )
    return is_new and not is_foreign and account.account_status not in _ENDED
