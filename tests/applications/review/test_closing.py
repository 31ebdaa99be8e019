"""The books of a day balance, whatever happened, and every row that is not settled is named."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from applications.models import Application, SettledBy, Settlement, SubmissionAttempt
from applications.review.closing import BooksDoNotBalance, Day, Line, Standing, close, standing_of, today_in
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver, deliver_next
from applications.submission.recording import give_up
from applications.submission.sealing import submit


@pytest.fixture
def queued(ready, associate):
    """`queued(middle_name="D-FRAUD")`: submitted by somebody who applied for nothing else."""
    people = iter(range(100))

    def make(**changes):
        application = ready(last_name=f"Person {next(people)}", **changes)
        submit(application, by=associate, revision=application.revision)
        return application

    return make


@pytest.fixture
def unknown(queued):
    def make():
        application = queued()
        attempt = claim_next()
        begin_sending(attempt)
        give_up(attempt)
        application.refresh_from_db()
        return application

    return make


def books_of(store):
    return close(store, today_in(store))


def settle_as(application, outcome):
    Settlement.objects.create(
        application=application,
        attempt=application.latest_attempt,
        how=SettledBy.SEARCH,
        outcome=outcome,
        answer=Decision(status=outcome).to_json(),
    )
    Application.objects.filter(pk=application.pk).update(status=outcome)


def test_day_with_one_of_each_balances(queued, unknown, store, sandbox):
    for key in ("A-RR_L", "D-FRAUD", "P-CREDIT"):
        queued(middle_name=key)
        deliver_next()
    sandbox.fail("search", "bad_gateway_html", times=3)
    queued()
    deliver_next()
    unknown()
    settle_as(unknown(), Status.APPROVED)
    settle_as(unknown(), Status.NO_ACCOUNT)
    begin_sending(_claimed(queued))
    queued()
    books = books_of(store)
    assert books.counts == {
        Standing.ANSWERED: 3,
        Standing.SETTLED: 1,
        Standing.NO_ACCOUNT: 1,
        Standing.UNKNOWN: 1,
        Standing.SENDING: 1,
        Standing.WAITING: 1,
        Standing.NOT_SENT: 1,
    }
    assert (books.submitted, books.sent, books.answered, books.unknown, books.not_sent) == (9, 7, 4, 3, 2)
    assert [line.standing for line in books.unsettled] == [Standing.UNKNOWN, Standing.SENDING, Standing.WAITING]
    assert not books.is_closed


def _claimed(queued):
    queued()
    return claim_next()


def test_day_is_closed_when_every_row_is_settled(queued, store):
    queued(middle_name="A-RR_L")
    assert not books_of(store).is_closed
    deliver_next()
    assert books_of(store).is_closed


def test_held_row_keeps_the_day_open(ready, associate, store):
    for _ in range(2):
        application = ready(middle_name="A-RR_L")
        submit(application, by=associate, revision=application.revision)
        deliver(claim_next())
    assert [line.standing for line in books_of(store).unsettled] == [Standing.HELD]


def test_refusal_that_the_lender_answered_counts_as_answered(queued, store, sandbox):
    sandbox.fail("apply", "insufficient_scope")
    queued()
    deliver_next()
    assert books_of(store).counts == {Standing.ANSWERED: 1}


@pytest.mark.parametrize(
    ("sealed_at", "day"),
    [
        (datetime(2026, 7, 1, 3, 59, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 1, 4, 0, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 11, 2, 4, 59, 59, tzinfo=UTC), date(2026, 11, 1)),  # a day of 25 hours
        (datetime(2026, 3, 8, 5, 0, 0, tzinfo=UTC), date(2026, 3, 8)),  # a day of 23 hours
        (datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC), date(2026, 3, 8)),
    ],
)
def test_day_begins_and_ends_at_midnight_in_the_store(queued, store, sealed_at, day):
    queued()
    SubmissionAttempt.objects.update(sealed_at=sealed_at)
    counted = {found: close(store, found).submitted for found in (day - timedelta(1), day, day + timedelta(1))}
    assert counted == {day - timedelta(1): 0, day: 1, day + timedelta(1): 0}


def test_other_stores_are_not_in_the_books(queued, store):
    queued()
    other = type(store).objects.create(merchant=store.merchant, name="Other", city="Laval", province="QC")
    assert close(other, today_in(other)).submitted == 0


def test_books_open_no_encrypted_answer(queued, store, monkeypatch):
    queued()

    def refuse(*_args, **_kwargs):
        raise AssertionError("an answer was opened")

    monkeypatch.setattr("vault.keys.KeyRing.open", refuse)
    assert books_of(store).submitted == 1


def test_row_that_fits_nowhere_is_a_defect_named_by_its_id(queued, store):
    queued()
    attempt = SubmissionAttempt.objects.get()
    with pytest.raises(BooksDoNotBalance, match=str(attempt.pk)):
        Day(store, today_in(store), (Line(attempt, Standing.ANSWERED),))


_TIMES = st.none() | st.just(timezone.now())


@given(
    st.lists(
        st.builds(
            SimpleNamespace,
            pk=st.uuids(),
            closed_at=_TIMES,
            sending_since=_TIMES,
            http_status=st.none() | st.sampled_from([200, 403, 409]),
            outcome=st.sampled_from(["approved", "declined", "pending", "failed", "unknown", "already_customer"]),
            is_settled=st.booleans(),
            application=st.builds(SimpleNamespace, status=st.sampled_from(list(Status))),
        ),
        max_size=30,
    )
)
def test_books_balance_over_any_history(attempts):
    for attempt in attempts:
        if attempt.outcome == "unknown" and attempt.closed_at:
            attempt.sending_since = attempt.closed_at  # what was not sent cannot be unknown
    books = Day(None, date(2026, 1, 1), tuple(Line(attempt, standing_of(attempt)) for attempt in attempts))
    assert books.sent == books.answered + books.unknown
    assert books.submitted == books.sent + books.not_sent == sum(books.counts.values())
