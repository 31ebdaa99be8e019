"""Whatever happens to submissions, on whichever day: each stands in one place, on one day, and the books balance."""

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from applications.consents import Consent
from applications.drafting import expire
from applications.models import Application, ConsentKind, DeviceHolder, SettledBy, SubmissionAttempt
from applications.moves import move
from applications.review.closing import Standing, close
from applications.statuses import UNSETTLED, Status
from applications.submission import held
from applications.submission.again import may_send_again, send_again
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import LEASE_ENDED, Decision
from applications.submission.looking import nothing_speaks_against_sending
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import settle
from applications.submission.waiting import submit_to_wait, take_back
from audit.names import EventName
from posapi import Account
from tests.applications.people import another_person

INQUIRY = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.CUSTOMER)
WAIT = Consent(ConsentKind.WAITING, DeviceHolder.CUSTOMER)
TORONTO = ZoneInfo("America/Toronto")
ANSWERS = ["approved", "declined", "pending", "already_customer"]
FAILED_HERE, REFUSED = Decision(status=Status.FAILED), Decision(status=Status.FAILED, http_status=403)

# Both clock changes of a year, and the seconds around every midnight near them.
DAYS = [date(2026, 3, 7) + timedelta(days=n) for n in range(4)] + [
    date(2026, 10, 31) + timedelta(days=n) for n in (0, 3)
]
MOMENTS = [
    datetime(day.year, day.month, day.day, tzinfo=TORONTO) + timedelta(seconds=seconds)
    for day in DAYS
    for seconds in (-1, 0, 1, 3 * 3600)
]


class FoundAccount:
    """A flow whose search finds one account."""

    reference_id = "0" * 32

    def search(self, **_person):
        return (Account(**{**dict.fromkeys(Account.__dataclass_fields__, ""), **FOUND}),)


FOUND = {"account_number": "20035156", "creation_date": date(2026, 1, 1), "card_ending": "8234"}


class History:
    """One application, and where each of its submissions should stand by what was done to them."""

    def __init__(self, application, by, data):
        self.application, self.by, self.data = application, by, data
        self.expected = {}

    @property
    def attempt(self):
        return SubmissionAttempt.objects.select_related("application").get(pk=self.application.latest_attempt.pk)

    def possible(self):
        """What can happen next, by the status; what leads further is there more than once."""
        self.application = Application.objects.get(pk=self.application.pk)
        by_status = {
            "draft": [self.submit, self.submit, self.submit_to_wait, self.expire],
            "failed": [self.submit, self.submit, self.expire],
            "queued": [self.begin, self.begin, self.hold, *([self.take_back] if self.waits else [])],
            "held": [self.release, self.use_account, self.change_answers, self.expire],
            "sending": [self.lose, self.lose, self.lose, self.answer, self.refuse, self.fail_here],
            "unknown": [self.no_account, self.no_account, self.settle],
            "no_account": [self.settle, *([self.send_again] * 3 if may_send_again(self.application) else [])],
        }
        late = [self.answer_late] if self.lost else []
        return by_status.get(self.application.status, []) + late

    @property
    def waits(self):
        latest = self.application.latest_attempt
        return latest is not None and latest.waits_since is not None

    @property
    def lost(self):
        return self.application.attempts.filter(outcome_code=LEASE_ENDED).first()

    def drawn_answer(self):
        return Decision(status=Status(self.data.draw(st.sampled_from(ANSWERS))), http_status=409)

    def stands(self, standing, attempt=None):
        self.expected[(attempt or self.attempt).pk] = standing

    def sealed(self):
        moment = self.data.draw(st.sampled_from(MOMENTS))
        SubmissionAttempt.objects.filter(pk=self.attempt.pk).update(sealed_at=moment)
        self.stands(Standing.WAITING)

    def submit(self):
        submit(self.application, by=self.by, revision=self.application.revision)
        self.sealed()

    def submit_to_wait(self):
        submit_to_wait(self.application, consent=WAIT, by=self.by, revision=self.application.revision)
        self.sealed()

    def take_back(self):
        take_back(self.application, by=self.by)
        self.stands(Standing.NOT_SENT)

    def expire(self):
        was_held = self.application.status == Status.HELD
        expire(self.application)
        if was_held:
            self.stands(Standing.NOT_SENT)

    def hold(self):
        nothing_speaks_against_sending(self.attempt, FoundAccount())
        self.application.refresh_from_db()
        by_status = {Status.HELD: Standing.HELD, Status.NO_ACCOUNT: Standing.NOT_SENT, Status.QUEUED: Standing.WAITING}
        self.stands(by_status[Status(self.application.status)])

    def use_account(self):
        held.use_existing_account(self.application, mark=held.mark_of(self.attempt), by=self.by)
        self.stands(Standing.NOT_SENT)

    def change_answers(self):
        held.change_answers(self.application, mark=held.mark_of(self.attempt), by=self.by)
        self.stands(Standing.NOT_SENT)

    def release(self):
        held.send_all_the_same(self.application, mark=held.mark_of(self.attempt), consent=INQUIRY, by=self.by)
        self.stands(Standing.WAITING)

    def begin(self):
        others = SubmissionAttempt.objects.filter(closed_at=None, sending_since=None).exclude(pk=self.attempt.pk)
        others.update(lease_until=datetime.max.replace(tzinfo=TORONTO) - timedelta(days=2))
        SubmissionAttempt.objects.filter(pk=self.attempt.pk).update(lease_until=None)
        begin_sending(claim_next())
        others.update(lease_until=None)
        self.stands(Standing.SENDING)

    def answer(self):
        answer, lost = self.drawn_answer(), self.application.unsettled_attempt
        is_explained = self.application.attempts.filter(outcome__in=[Status.APPROVED, Status.PENDING]).exists()
        record_decision(self.attempt, answer)
        self.stands(Standing.ANSWERED)
        if answer.status == Status.ALREADY_CUSTOMER and lost and not is_explained:
            self.stands(Standing.UNKNOWN, lost)

    def refuse(self):
        record_decision(self.attempt, REFUSED)
        self.stands(Standing.ANSWERED)

    def fail_here(self):
        record_decision(self.attempt, FAILED_HERE)
        self.stands(Standing.NOT_SENT)

    def lose(self):
        give_up(self.attempt)
        self.stands(Standing.UNKNOWN)

    def answer_late(self):
        lost = self.lost
        is_in_question, answer = lost == self.application.unsettled_attempt, self.drawn_answer()
        spares_another = is_in_question and self.application.status == Status.QUEUED
        is_in_question = spares_another or (is_in_question and self.application.status in UNSETTLED)
        record_decision(lost, answer)
        self.stands(Standing.ANSWERED, lost)
        if spares_another:
            self.stands(Standing.NOT_SENT)
        earlier = self.application.unsettled_attempt
        if is_in_question and earlier and answer.status == Status.ALREADY_CUSTOMER:
            self.stands(Standing.UNKNOWN, earlier)

    def no_account(self):
        with transaction.atomic():
            move(self.application, Status.NO_ACCOUNT, by=None, event=EventName.NO_ACCOUNT)
        self.stands(Standing.NO_ACCOUNT)

    def settle(self):
        how = self.data.draw(st.sampled_from(SettledBy))
        in_question = self.application.unsettled_attempt
        settle(in_question, self.drawn_answer(), how=how)
        self.stands(Standing(f"settled_by_{how}"), in_question)

    def send_again(self):
        send_again(self.application, INQUIRY, by=self.by)
        self.sealed()


@pytest.fixture
def another(ready):
    people = count()
    return lambda: ready(**another_person(next(people)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_books_balance_over_any_history(another, associate, store, data):
    point = transaction.savepoint()
    try:
        histories = [History(another(), associate, data) for _ in range(data.draw(st.integers(1, 3)))]
        for _ in range(data.draw(st.integers(8, 24))):
            history = data.draw(st.sampled_from(histories))
            if possible := history.possible():
                happens = data.draw(st.sampled_from(possible))
                note(f"{histories.index(history)}: {happens.__name__}")
                happens()
                check(store, histories)
    finally:
        transaction.savepoint_rollback(point)


def check(store, histories):
    """Every submission stands where it should, on exactly one day; the sums are checked by `Day` itself."""
    days = sorted({moment.date() for moment in MOMENTS})
    books = [close(store, day) for day in days]
    found = [(line.attempt.pk, line.standing) for one in books for line in one.lines]
    expected = {pk: standing for history in histories for pk, standing in history.expected.items()}
    assert dict(found) == expected
    assert len(found) == len(expected)
    for one in books:
        assert one.submitted == one.sent + one.not_sent
        assert one.sent == one.answered + one.unknown
        assert Counter(line.standing for line in one.lines) == one.counts
