"""What a manager may write down on the lender's word."""

import pytest

from applications.models import Application
from applications.persons import account_key
from applications.statuses import Status
from applications.submission.by_person import (
    AccountOfAnother,
    contradiction_of,
    end_review_as_told,
    may_be_told,
    settle_as_told,
)
from applications.submission.cancellation import deliver_close, may_cancel, request_cancellation
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver_next
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.settlement import AlreadySettled, decision_of, settlement_of
from applications.verdicts import Verdict
from audit.events import timeline
from tests.applications.people import another_person
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT, open_account

REASON = "Called Flexiti, case 4471"


@pytest.fixture
def contradicted(ready, associate):
    """`contradicted(answer)`: declined on the lender's word, and then the answer of the call came."""

    def make(answer, told=Status.DECLINED, **settled):
        application = ready()
        submit(application, by=associate, revision=application.revision)
        begin_sending(attempt := claim_next())
        give_up(attempt)
        settle_as_told(application, told, reason=REASON, by=associate, **settled)
        record_decision(attempt, answer)
        application.refresh_from_db()
        return application

    return make


def test_unknown_may_be_anything_and_no_account_anything_else(unknown, searched, ready):
    application = unknown("reset_before")
    assert set(may_be_told(application)) == {"approved", "declined", "pending", "no_account"}
    assert set(may_be_told(searched(application, *UNTIL_NO_ACCOUNT))) == {"approved", "declined", "pending"}
    assert may_be_told(ready()) == ()


@pytest.mark.parametrize("told", [Status.DECLINED, Status.PENDING, Status.NO_ACCOUNT])
def test_settle_as_told(unknown, associate, told):
    application = unknown("reset_before")
    settle_as_told(application, told, reason=REASON, by=associate)
    application.refresh_from_db()
    settlement = settlement_of(application)
    assert (application.status, decision_of(application).status) == (told, told)
    assert (settlement.how, settlement.settled_by, settlement.reason) == ("person", associate, REASON)


def test_settle_as_told_twice_is_refused(unknown, associate):
    application = unknown("reset_before")
    settle_as_told(application, Status.DECLINED, reason=REASON, by=associate)
    with pytest.raises(AlreadySettled):
        settle_as_told(application, Status.PENDING, reason=REASON, by=associate)


def test_approval_as_told_can_be_cancelled_in_quebec(unknown, associate, sandbox):
    application = unknown(province="QC", middle_name="A-RR_L")
    number = str(sandbox.control("GET", "accounts")[0]["account_number"])
    settle_as_told(application, Status.APPROVED, account_number=number, reason=REASON, by=associate)
    application.refresh_from_db()
    assert may_cancel(application)
    deliver_close(request_cancellation(application, by=associate).pk)
    application.refresh_from_db()
    assert application.status == Status.CANCELLED
    assert decision_of(application).account_number == number
    assert sandbox.control("GET", "accounts")[0]["status"] == "C"


def test_account_of_another_application_is_refused(unknown, associate):
    first, second = unknown("reset_before"), unknown("reset_before", **another_person(2))
    settle_as_told(first, Status.APPROVED, account_number="20035156", reason=REASON, by=associate)
    with pytest.raises(AccountOfAnother):
        settle_as_told(second, Status.APPROVED, account_number="020035156", reason=REASON, by=associate)
    second.refresh_from_db()
    assert second.status == Status.UNKNOWN


def test_account_that_was_there_before_is_not_what_this_application_brought(unknown, associate):
    application = unknown("reset_before")
    application.attempts.update(known_accounts=[account_key("20035156")])
    with pytest.raises(AccountOfAnother):
        settle_as_told(application, Status.APPROVED, account_number="020035156", reason=REASON, by=associate)
    settle_as_told(application, Status.APPROVED, account_number="20035157", reason=REASON, by=associate)


def test_account_that_was_ruled_out_by_mistake_may_be_written_down(unknown, searched, associate, sandbox):
    application = unknown(middle_name="A-RR_L")
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    open_account(sandbox, application)
    searched(application, 10)
    settle_as_told(application, Status.NO_ACCOUNT, reason=REASON, by=associate)
    number = str(sandbox.control("GET", "accounts")[0]["account_number"])
    assert account_key(number) in application.attempts.get().known_accounts
    settle_as_told(application, Status.APPROVED, account_number=number, reason=REASON, by=associate)
    application.refresh_from_db()
    assert application.status == Status.APPROVED


def test_contradiction_is_settled_by_what_the_lender_says_now(contradicted, associate):
    answer = Decision(status=Status.APPROVED, account_number="7", credit_limit="900.00")
    application = contradicted(answer)
    assert contradiction_of(application)
    settle_as_told(application, Status.APPROVED, account_number="7", reason=REASON, by=associate)
    application.refresh_from_db()
    assert (application.status, decision_of(application)) == (Status.APPROVED, answer)
    assert not contradiction_of(application)
    assert may_be_told(application) == ()


def test_contradiction_may_leave_it_as_it_was_settled(contradicted, associate):
    application = contradicted(Decision(status=Status.APPROVED, account_number="7"))
    settle_as_told(application, Status.DECLINED, reason=REASON, by=associate)
    application.refresh_from_db()
    assert (application.status, decision_of(application).status) == (Status.DECLINED, Status.DECLINED)
    assert application.attempts.get().look_verdict == Verdict.OVERRULED
    assert may_be_told(application) == ()


def test_contradiction_between_two_accounts_keeps_the_one_that_the_lender_names(contradicted, associate):
    answer = Decision(status=Status.APPROVED, account_number="7")
    application = contradicted(answer, told=Status.APPROVED, account_number="8")
    settle_as_told(application, Status.APPROVED, account_number="8", reason=REASON, by=associate)
    assert decision_of(application).account_number == "8"


@pytest.mark.parametrize("status", [Status.CANCELLING, Status.CANCELLED, Status.EXPIRED])
def test_contradiction_of_what_is_over_is_written_down_and_changes_nothing(contradicted, associate, status):
    application = contradicted(
        Decision(status=Status.APPROVED, account_number="7"), told=Status.APPROVED, account_number="8"
    )
    Application.objects.filter(pk=application.pk).update(status=status)
    application.refresh_from_db()
    known, key = decision_of(application), application.account_key
    assert may_be_told(application) == (status,)
    with pytest.raises(AlreadySettled):
        settle_as_told(application, Status.APPROVED, account_number="7", reason=REASON, by=associate)
    settle_as_told(application, status, reason=REASON, by=associate)
    application.refresh_from_db()
    assert (application.status, decision_of(application), application.account_key) == (status, known, key)
    assert application.attempts.get().look_verdict == Verdict.OVERRULED
    assert application.settlements.order_by("-settled_at").first().reason == REASON
    assert timeline(application).last().detail["left"] is True
    assert may_be_told(application) == ()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.NEEDS_CORRECTION, Status.FAILED, Status.ALREADY_CUSTOMER])
@pytest.mark.parametrize("is_left", [True, False])
def test_contradiction_of_what_is_open_again(contradicted, associate, status, is_left):
    answer = Decision(status=Status.APPROVED, account_number="7", credit_limit="900.00")
    application = contradicted(answer)
    Application.objects.filter(pk=application.pk).update(status=status)
    application.refresh_from_db()
    assert set(may_be_told(application)) == {"approved", "declined", "pending", status}
    number = "" if is_left else "7"
    told = status if is_left else Status.APPROVED
    settle_as_told(application, told, account_number=number, reason=REASON, by=associate)
    application.refresh_from_db()
    assert application.status == told
    assert is_left or decision_of(application) == answer
    assert not contradiction_of(application)


def test_contradicted_draft_of_somebody_else_by_now_is_left_as_it_is(contradicted):
    application = contradicted(Decision(status=Status.APPROVED, account_number="7"))
    Application.objects.filter(pk=application.pk).update(status=Status.DRAFT, person_key="another")
    application.refresh_from_db()
    assert may_be_told(application) == (Status.DRAFT,)


@pytest.fixture
def pending(ready, associate):
    application = ready(middle_name="P-CREDIT")
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.PENDING
    return application


def test_review_that_ended_is_written_down(pending, associate):
    end_review_as_told(pending, Status.APPROVED, account_number="20035156", reason=REASON, by=associate)
    pending.refresh_from_db()
    settlement = settlement_of(pending)
    assert (pending.status, decision_of(pending).account_number) == (Status.APPROVED, "20035156")
    assert (settlement.how, settlement.settled_by, settlement.attempt) == ("person", associate, pending.latest_attempt)
    assert pending.latest_attempt.outcome == Status.PENDING, "an attempt is never edited"


@pytest.mark.parametrize("told", [Status.PENDING, Status.NO_ACCOUNT])
def test_review_ends_in_a_decision_only(pending, associate, told):
    with pytest.raises(AlreadySettled):
        end_review_as_told(pending, told, reason=REASON, by=associate)


def test_review_ends_once(pending, associate):
    end_review_as_told(pending, Status.DECLINED, reason=REASON, by=associate)
    with pytest.raises(AlreadySettled):
        end_review_as_told(pending, Status.APPROVED, account_number="20035156", reason=REASON, by=associate)
    pending.refresh_from_db()
    assert pending.status == Status.DECLINED


def test_review_cannot_end_with_the_account_of_another(pending, unknown, associate):
    other = unknown("reset_before", first_name="Zoé")
    settle_as_told(other, Status.APPROVED, account_number="20035156", reason=REASON, by=associate)
    with pytest.raises(AccountOfAnother):
        end_review_as_told(pending, Status.APPROVED, account_number="20035156", reason=REASON, by=associate)


def test_contradicted_review_is_settled_and_not_ended(contradicted, associate):
    application = contradicted(Decision(status=Status.DECLINED, http_status=200), told=Status.PENDING)
    with pytest.raises(AlreadySettled):
        end_review_as_told(application, Status.DECLINED, reason=REASON, by=associate)
