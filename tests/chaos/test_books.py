"""The books: what counts as lost, late and wrong."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.persons import account_key
from applications.statuses import Status
from chaos.books import Books, Entry
from chaos.lender import NOTHING_RECEIVED, Flow

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
APPROVED = Flow(1, 1, ("approved",), "p1", (20035156,))
DECLINED = Flow(1, 1, ("application_declined_3",), "p1", ())
PENDING = Flow(1, 1, ("application_marked_pending",), "p1", ())
REFUSED_UNREAD = Flow(1, 0, (), "p1", ())


def entry(status, truth, **changes):
    said = {
        "acknowledged": True,
        "status": status,
        "account_key": account_key("20035156") if status == Status.APPROVED else "",
        "moved_at": NOON,
        "alive_at": NOON,
        "unknown_at": None,
        "truth": truth,
    }
    return Entry(**{**said, **changes})


@pytest.mark.parametrize(
    ("status", "truth", "wrong"),
    [
        (Status.APPROVED, APPROVED, False),
        (Status.APPROVED, DECLINED, True),
        (Status.APPROVED, NOTHING_RECEIVED, True),
        (Status.DECLINED, DECLINED, False),
        (Status.DECLINED, PENDING, True),
        (Status.DECLINED, NOTHING_RECEIVED, True),
        (Status.PENDING, PENDING, False),
        (Status.PENDING, APPROVED, True),
        (Status.NO_ACCOUNT, DECLINED, False),
        (Status.NO_ACCOUNT, NOTHING_RECEIVED, False),
        (Status.NO_ACCOUNT, APPROVED, True),
        (Status.FAILED, REFUSED_UNREAD, False),
        (Status.FAILED, DECLINED, True),
        (Status.HELD, NOTHING_RECEIVED, True),
        (Status.UNKNOWN, APPROVED, False),
        (Status.QUEUED, NOTHING_RECEIVED, False),
    ],
)
def test_wrong_is_what_the_lender_knows_to_be_otherwise(status, truth, wrong):
    assert entry(status, truth).is_wrong is wrong


def test_an_approval_with_somebody_elses_account_is_wrong():
    assert entry(Status.APPROVED, APPROVED, account_key=account_key("20035157")).is_wrong


@pytest.mark.parametrize("status", [Status.DRAFT, Status.QUEUED, Status.SENDING])
def test_lost_is_what_was_acknowledged_and_has_come_to_nothing(status):
    assert entry(status, NOTHING_RECEIVED).is_lost
    assert not entry(status, NOTHING_RECEIVED, acknowledged=False).is_lost


@pytest.mark.parametrize("status", [Status.APPROVED, Status.UNKNOWN, Status.FAILED, Status.NO_ACCOUNT])
def test_what_somebody_can_see_is_not_lost(status):
    assert not entry(status, APPROVED).is_lost


def test_two_accepted_applications_of_one_person_count_once_whatever_their_reference_ids():
    twice = Flow(2, 2, ("approved", "approved"), "p2", (1, 2))
    books = Books([entry(Status.APPROVED, APPROVED), entry(Status.APPROVED, APPROVED), entry(Status.APPROVED, twice)])
    assert books.people_with_more_than_one_apply == 2
    assert books.inquiries_too_many == 2


def test_requests_that_were_never_read_are_nobodys():
    books = Books([entry(Status.FAILED, Flow(1, 0, (), "", ())), entry(Status.FAILED, NOTHING_RECEIVED)])
    assert books.people_with_more_than_one_apply == 0


def test_time_until_listed_counts_from_the_last_sign_of_life():
    assert entry(Status.UNKNOWN, APPROVED, unknown_at=NOON + timedelta(seconds=35)).seconds_until_listed == 35


@pytest.mark.parametrize(
    ("status", "seconds", "settled"),
    [(Status.APPROVED, 299, True), (Status.APPROVED, 301, False), (Status.UNKNOWN, 10, False)],
)
def test_settled_in_time_counts_from_the_listing(status, seconds, settled):
    late = entry(status, APPROVED, unknown_at=NOON, moved_at=NOON + timedelta(seconds=seconds))
    assert late.is_settled_within(300) is settled
