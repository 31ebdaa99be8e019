"""The books of a day balance, whatever happened, and every row that is not settled is named."""

from datetime import UTC, date, datetime, timedelta

import pytest

from applications.models import Application, SettledBy, Settlement, SubmissionAttempt
from applications.review.closing import BooksDoNotBalance, Standing, close, today_in
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver, deliver_next
from applications.submission.recording import give_up
from applications.submission.sealing import submit
from tests.applications.people import another_person, submit_told


@pytest.fixture
def queued(ready, associate):
    """`queued(middle_name="D-FRAUD")`: submitted by somebody who applied for nothing else."""
    people = iter(range(100))

    def make(**changes):
        application = ready(**another_person(next(people)), **changes)
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


def settle_as(application, outcome, how=SettledBy.SEARCH):
    Settlement.objects.create(
        application=application,
        attempt=application.latest_attempt,
        how=how,
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
    settle_as(unknown(), Status.DECLINED, SettledBy.PERSON)
    settle_as(unknown(), Status.NO_ACCOUNT)
    begin_sending(_claimed(queued))
    queued()
    books = books_of(store)
    assert books.counts == {
        Standing.ANSWERED: 3,
        Standing.SETTLED_BY_SEARCH: 1,
        Standing.SETTLED_BY_PERSON: 1,
        Standing.NO_ACCOUNT: 1,
        Standing.UNKNOWN: 1,
        Standing.SENDING: 1,
        Standing.WAITING: 1,
        Standing.NOT_SENT: 1,
    }
    assert (books.submitted, books.sent, books.answered, books.unknown, books.not_sent) == (10, 8, 5, 3, 2)
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
        submit_told(application, by=associate)
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


@pytest.mark.parametrize("status", ["approved", "no_account", "draft", "held"])
def test_row_that_its_application_contradicts_is_a_defect_named_by_its_id(queued, store, status):
    application = queued()
    Application.objects.filter(pk=application.pk).update(status=status)
    if status == "held":
        begin_sending_whatever(application)
    with pytest.raises(BooksDoNotBalance, match=str(application.latest_attempt.pk)) as defect:
        books_of(store)
    assert defect.value.references == [application.reference_id]


def begin_sending_whatever(application):
    application.attempts.update(sending_since=application.latest_attempt.sealed_at)


def test_answer_to_what_was_never_sent_is_a_defect(queued, store):
    application = queued()
    now = application.latest_attempt.sealed_at
    Application.objects.filter(pk=application.pk).update(status=Status.UNKNOWN)
    application.attempts.update(closed_at=now, outcome=Status.UNKNOWN)
    with pytest.raises(BooksDoNotBalance):
        books_of(store)


def test_books_of_a_day_are_one_query(queued, store, django_assert_num_queries):
    for _ in range(3):
        queued()
    with django_assert_num_queries(1):
        assert books_of(store).submitted == 3
