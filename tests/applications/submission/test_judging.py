"""Every combination of accounts that a search may bring, and what it says."""

from datetime import UTC, date, datetime

import pytest

from applications.persons import account_key
from applications.submission.judging import Judgement, Sent, earliest_day, judge
from applications.verdicts import Verdict
from posapi import Account

DAY = date(2026, 11, 20)
BEFORE = date(2026, 11, 19)
OURS, THEIRS = "382", "415"


def account(number=20035156, created=DAY, merchant=OURS, status="N"):
    return Account.from_json(
        {
            "account_number": number,
            "account_status": status,
            "creation_date": created.isoformat() if created else "",
            "originating_merchant_id": merchant,
        }
    )


def sent(**changes):
    return Sent(**{"day": DAY, "merchant_id": OURS, **changes})


def keys(*numbers):
    return frozenset(account_key(str(number)) for number in numbers)


def test_judge_one_new_account_of_ours_is_found():
    assert judge([account()], sent()) == Judgement(Verdict.FOUND, account())


def test_judge_nothing_is_absent():
    assert judge([], sent()) == Judgement(Verdict.ABSENT)


@pytest.mark.parametrize("created", [DAY, date(2026, 11, 21), BEFORE, None])
def test_judge_accounts_known_before_alone_are_absent(created):
    assert judge([account(1, created), account(2)], sent(known_accounts=keys(1, 2))).verdict == Verdict.ABSENT


def test_judge_new_account_beside_one_known_before_is_found():
    assert judge([account(1, BEFORE), account(2)], sent(known_accounts=keys(1))).account == account(2)


def test_judge_account_that_another_application_brought_is_absent():
    assert judge([account()], sent(accounts_of_others=keys(20035156))).verdict == Verdict.ABSENT


def test_judge_two_new_accounts_are_ambiguous():
    assert judge([account(1), account(2)], sent()) == Judgement(Verdict.AMBIGUOUS)


def test_judge_same_account_listed_twice_is_one():
    assert judge([account(), account()], sent()).verdict == Verdict.FOUND


@pytest.mark.parametrize(
    "odd",
    [
        account(created=BEFORE),
        account(created=None),
        account(merchant=THEIRS),
        account(status="C"),
        account(status="Z"),
    ],
    ids=["older", "no date", "another merchant's", "closed", "charged off"],
)
def test_judge_account_that_cannot_be_this_one_is_ambiguous(odd):
    assert judge([odd], sent()) == Judgement(Verdict.AMBIGUOUS)


@pytest.mark.parametrize("odd", [account(1, BEFORE), account(1, merchant=THEIRS)])
def test_judge_one_of_ours_beside_others_is_found(odd):
    assert judge([odd, account(2)], sent()).account == account(2)


@pytest.mark.parametrize(("ours", "theirs"), [("", THEIRS), (OURS, ""), ("", "")])
def test_judge_merchant_counts_only_where_both_are_known(ours, theirs):
    assert judge([account(merchant=theirs)], sent(merchant_id=ours)).verdict == Verdict.FOUND


@pytest.mark.parametrize("status", ["", "A", "F"])
def test_judge_account_that_may_not_buy_yet_is_found(status):
    assert judge([account(status=status)], sent()).verdict == Verdict.FOUND


def test_judge_account_that_a_later_application_may_have_brought_is_ambiguous():
    assert judge([account()], sent(has_later_rival=True)).verdict == Verdict.AMBIGUOUS
    assert judge([], sent(has_later_rival=True)).verdict == Verdict.ABSENT


def test_judge_leading_zeros_do_not_make_another_account():
    assert judge([account("0020035156")], sent(known_accounts=keys(20035156))).verdict == Verdict.ABSENT


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 21, 8, 16, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 8, 14, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 11, 21, 4, 30, tzinfo=UTC), date(2026, 11, 20)),
    ],
    ids=["after midnight in Vancouver", "a clock may be fast", "still yesterday there, today in Halifax"],
)
def test_earliest_day_is_the_one_of_the_latest_clock(moment, day):
    assert earliest_day(moment) == day
