"""Answers that come after the customer agreed to a second send: they spare it, or count when it comes to nothing."""

import pytest
from django.utils import timezone

from applications.models import Application
from applications.review.closing import Standing, close, today_in
from applications.statuses import Status
from applications.submission.again import send_again
from applications.submission.by_person import may_be_told, settle_as_told
from applications.submission.claims import ClaimLost, begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver_next
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import decision_of
from applications.verdicts import Verdict
from audit.events import timeline
from tests.applications.submission.test_again import CONSENT

APPROVED = Decision(status=Status.APPROVED, account_number="20035156", debt_ratio="38.2", http_status=200)
DECLINED = Decision(status=Status.DECLINED, code="application_declined_1", http_status=409)
PENDING = Decision(status=Status.PENDING, code="application_marked_pending_1", http_status=409)
REFUSED = Decision(status=Status.FAILED, code="invalid_role", http_status=401)
CUSTOMER = Decision(status=Status.ALREADY_CUSTOMER, code="customer_already_exists", http_status=409)
DUPLICATE = Decision(status=Status.DECLINED, code="application_declined_2", http_status=409)
CORRECTION = Decision(status=Status.NEEDS_CORRECTION, http_status=409, corrections={"sin": "Invalid"})


@pytest.fixture
def first(ready, associate):
    """The first send, whose worker was taken for dead; the customer agreed to a second one, which is in line."""
    application = ready()
    submit(application, by=associate, revision=application.revision)
    begin_sending(attempt := claim_next())
    give_up(attempt)
    settle_as_told(application, Status.NO_ACCOUNT, reason="They have nothing", by=associate)
    send_again(Application.objects.get(), CONSENT, by=associate)
    return attempt


@pytest.mark.parametrize("answer", [APPROVED, DECLINED, PENDING], ids=lambda answer: str(answer.status))
def test_late_answer_spares_a_second_send_in_line(first, sandbox, answer):
    record_decision(first, answer)
    deliver_next()
    application = Application.objects.get()
    assert (application.status, decision_of(application)) == (answer.status, answer)
    assert sandbox.applies() == {}
    assert application.latest_attempt.outcome_code == "withdrawn"
    assert list(timeline(application).values_list("name", flat=True))[-3:] == ["not_sent", "answered", "purged"]


def test_late_answer_spares_a_second_send_that_a_worker_has_claimed(first):
    claimed = claim_next()
    record_decision(first, APPROVED)
    with pytest.raises(ClaimLost):
        begin_sending(claimed)
    assert Application.objects.get().status == Status.APPROVED


def test_late_word_that_nothing_was_processed_leaves_the_second_send_in_line(first, sandbox):
    record_decision(first, REFUSED)
    deliver_next()
    assert Application.objects.get().status == Status.APPROVED
    assert [one["accepted"] for one in sandbox.applies().values()] == [1]


@pytest.mark.parametrize("nothing", [REFUSED, CORRECTION], ids=lambda answer: str(answer.status))
@pytest.mark.parametrize("answer", [APPROVED, DECLINED, PENDING], ids=lambda answer: str(answer.status))
def test_late_answer_counts_when_the_second_send_comes_to_nothing(first, answer, nothing):
    begin_sending(second := claim_next())
    record_decision(first, answer)
    record_decision(second, nothing)
    application = Application.objects.get()
    assert (application.status, decision_of(application)) == (answer.status, answer)
    assert not may_be_told(application)
    assert application.attempts.filter(sensitive__isnull=False).count() == 0
    of_second, of_first = list(timeline(application))[-3:-1]
    assert (of_second.detail["attempt"], of_second.detail["outcome"]) == (2, str(nothing.status))
    assert (of_first.name, of_first.detail["attempt"], of_first.detail["outcome"]) == ("answered", 1, answer.status)


@pytest.mark.parametrize("duplicate", [CUSTOMER, DUPLICATE], ids=lambda answer: answer.code)
@pytest.mark.parametrize("answer", [APPROVED, PENDING], ids=lambda answer: str(answer.status))
def test_late_answer_explains_why_the_second_send_was_a_duplicate(first, answer, duplicate):
    begin_sending(second := claim_next())
    record_decision(first, answer)
    record_decision(second, duplicate)
    application = Application.objects.get()
    assert (application.status, decision_of(application)) == (answer.status, answer)
    assert not may_be_told(application)


def test_customer_of_the_second_send_may_be_one_of_the_first(first, store, associate):
    begin_sending(second := claim_next())
    record_decision(second, CUSTOMER)
    application = Application.objects.get()
    lost = application.unsettled_attempt
    assert (application.status, lost.number, lost.look_verdict) == (Status.UNKNOWN, 1, Verdict.AMBIGUOUS)
    assert lost.next_look_at is None, "a manager tells, and no search overwrites that"
    assert set(may_be_told(application)) == {"approved", "declined", "pending", "already_customer", "no_account"}
    standings = [line.standing for line in close(store, today_in(store)).lines]
    assert standings == [Standing.UNKNOWN, Standing.ANSWERED]
    told = {"account_number": "20035156", "reason": "Called", "by": associate}
    settle_as_told(application, Status.APPROVED, **told)
    application.refresh_from_db()
    assert (application.status, decision_of(application).account_number) == (Status.APPROVED, "20035156")
    standings = [line.standing for line in close(store, today_in(store)).lines]
    assert standings == [Standing.SETTLED_BY_PERSON, Standing.ANSWERED]


def test_customer_of_the_second_send_who_was_one_before(first, associate):
    begin_sending(second := claim_next())
    record_decision(second, CUSTOMER)
    settle_as_told(Application.objects.get(), Status.ALREADY_CUSTOMER, reason="An old account", by=associate)
    application = Application.objects.get()
    assert (application.status, decision_of(application)) == (Status.ALREADY_CUSTOMER, CUSTOMER)
    assert not may_be_told(application)


def test_own_answer_of_the_first_send_counts_after_the_second_was_a_customer(first):
    begin_sending(second := claim_next())
    record_decision(second, CUSTOMER)
    record_decision(first, APPROVED)
    application = Application.objects.get()
    assert (application.status, decision_of(application)) == (Status.APPROVED, APPROVED)


def test_duplicate_of_the_second_send_has_the_first_one_looked_for_at_once(first):
    begin_sending(second := claim_next())
    record_decision(second, DUPLICATE)
    application = Application.objects.get()
    assert (application.status, application.unsettled_attempt.number) == (Status.NO_ACCOUNT, 1)
    assert application.unsettled_attempt.next_look_at <= timezone.now()


def test_plain_decline_of_the_second_send_stands(first):
    begin_sending(second := claim_next())
    record_decision(second, DECLINED)
    assert Application.objects.get().status == Status.DECLINED


@pytest.mark.parametrize("is_missing", [False, True])
@pytest.mark.parametrize(
    ("answer", "status"), [(CUSTOMER, "unknown"), (DUPLICATE, "no_account"), (REFUSED, "no_account")]
)
def test_late_answer_of_the_second_send_leaves_it_to_the_first(first, associate, answer, status, is_missing):
    begin_sending(second := claim_next())
    give_up(second)
    if is_missing:
        settle_as_told(Application.objects.get(), Status.NO_ACCOUNT, reason="They have nothing", by=associate)
    record_decision(second, answer)
    application = Application.objects.get()
    assert (application.status, application.unsettled_attempt.number) == (status, 1)


def test_review_of_the_first_send_is_not_forgotten_over_a_declined_second(first):
    begin_sending(second := claim_next())
    record_decision(first, PENDING)
    record_decision(second, DECLINED)
    application = Application.objects.get()
    assert application.status == Status.DECLINED
    assert may_be_told(application)
