"""Unknown outcomes searched for at the real sandbox, until they are settled."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, Settlement, SubmissionAttempt
from applications.persons import account_key
from applications.statuses import Status
from applications.submission import reconciliation
from applications.submission.claims import begin_sending, claim_next
from applications.submission.delivery import deliver_next
from applications.submission.reconciliation import claim_look, due_for_a_look, look, look_for_what_is_due
from applications.submission.recording import give_up
from applications.submission.sealing import submit
from applications.submission.settlement import decision_of
from applications.verdicts import Verdict
from audit.events import timeline
from tests.applications.people import another_person
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT, open_account


def names(application):
    return list(timeline(application).values_list("name", flat=True))


def attempt_of(application):
    return application.attempts.get()


def searches(sandbox):
    return [request for request in sandbox.requests() if request["path"].endswith("/search")]


def test_unknown_is_looked_for_after_ten_seconds(unknown):
    attempt = attempt_of(unknown())
    assert (attempt.next_look_at - attempt.closed_at).total_seconds() == 10


def test_end_of_the_lease_is_looked_for_too(ready, associate):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    begin_sending(attempt := claim_next())
    give_up(attempt)
    attempt.refresh_from_db()
    assert attempt.next_look_at - attempt.closed_at == timedelta(seconds=10)


def test_answer_is_not_looked_for(ready, associate):
    application = ready(middle_name="D-FRAUD")
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    assert attempt_of(application).next_look_at is None


def test_look_before_it_is_due_asks_nobody(unknown, searched, sandbox):
    application = unknown()
    before = len(searches(sandbox))
    searched(application, 9)
    assert len(searches(sandbox)) == before


@pytest.mark.parametrize("fault", ["reset_after", "close_after", "truncated_json", "gateway_timeout_504", "cut_off"])
def test_lost_approval_is_found_with_what_a_search_tells(unknown, searched, sandbox, fault):
    application = searched(unknown(fault, middle_name="A-RR_M"), 10)
    [account] = sandbox.control("GET", "accounts")
    decision = decision_of(application)
    assert application.status == Status.APPROVED
    assert decision.account_number == str(account["account_number"])
    assert (decision.risk_rating, decision.credit_limit, decision.available_credit) == ("M", "2500.00", "2500.00")
    assert len(decision.card_ending) == 4
    assert (decision.offer_types, decision.debt_ratio) == ((), None)
    assert application.account_key == account_key(decision.account_number)
    assert attempt_of(application).next_look_at is None


def test_lost_approval_leaves_the_attempt_as_it_was_and_purges(unknown, searched):
    application = searched(unknown(middle_name="A-RR_L"), 10)
    attempt = attempt_of(application)
    assert (attempt.outcome, attempt.sensitive) == (Status.UNKNOWN, None)
    settlement = application.settlements.get()
    assert (settlement.how, settlement.outcome, settlement.settled_by) == ("search", Status.APPROVED, None)
    assert names(application)[-4:] == ["outcome_unknown", "looked", "settled", "purged"]


def test_slow_approval_after_our_timeout_is_found(unknown, searched, settings):
    settings.POSAPI_APPLY_TIMEOUTS = {"connect": 1, "read": 0.5, "total": 1}
    assert searched(unknown("silent", middle_name="A-RR_L"), 10).status == Status.APPROVED


@pytest.mark.parametrize("answer", [404, 200])
def test_lost_request_is_no_account_after_four_minutes_and_not_before(unknown, searched, sandbox, answer):
    sandbox.control("PUT", "switches", {"search_without_match": answer})
    application = unknown("reset_before")
    for seconds in UNTIL_NO_ACCOUNT[:-1]:
        assert searched(application, seconds).status == Status.UNKNOWN
    application = searched(application, UNTIL_NO_ACCOUNT[-1])
    attempt = attempt_of(application)
    assert (application.status, attempt.absent_looks) == (Status.NO_ACCOUNT, 5)
    assert (attempt.next_look_at - attempt.closed_at).total_seconds() == 3600
    assert attempt.sensitive["sin"] == "046454286", "sending again needs it"
    assert names(application)[-6:] == ["looked"] * 5 + ["no_account"]


@pytest.mark.parametrize("key", ["D-FRAUD", "P-CREDIT"])
def test_lost_decline_or_review_is_no_account_and_no_more_is_said(unknown, searched, key):
    assert searched(unknown(middle_name=key), *UNTIL_NO_ACCOUNT).status == Status.NO_ACCOUNT


def test_account_that_is_opened_later_is_found_in_an_hour_or_a_day(unknown, searched, sandbox, ready):
    application = searched(unknown("reset_before"), *UNTIL_NO_ACCOUNT)
    searched(application, 3360)
    assert attempt_of(application).absent_looks == 6
    open_account(sandbox, application)
    assert searched(application, 82800).status == Status.APPROVED


def test_last_look_ends_the_plan(unknown, searched):
    application = searched(unknown("reset_before"), *UNTIL_NO_ACCOUNT, 3360, 82800)
    assert (application.status, attempt_of(application).next_look_at) == (Status.NO_ACCOUNT, None)


@pytest.mark.parametrize(
    "fault", ["bad_gateway_html", "truncated_json", "reset_after", "general_error", "invalid_role"]
)
def test_lender_that_cannot_be_asked_is_no_absence(unknown, searched, sandbox, fault):
    application = unknown("reset_before")
    sandbox.fail("search", fault, times=30)
    for seconds in (10, 20, 600, 3600):
        assert searched(application, seconds).status == Status.UNKNOWN
    attempt = attempt_of(application)
    assert (attempt.absent_looks, attempt.look_verdict) == (0, Verdict.NOT_ASKED)
    assert attempt.next_look_at > timezone.now() + timedelta(minutes=14)
    assert "looked" not in names(application)


def test_lender_that_answers_again_is_still_asked_three_times(unknown, searched, sandbox):
    application = unknown("reset_before")
    sandbox.fail("search", "internal_error", times=30)
    searched(application, 10, 3600)
    sandbox.control("DELETE", "faults")
    assert [searched(application, seconds).status for seconds in (900, 30, 30)] == ["unknown", "unknown", "no_account"]


def test_lender_that_is_away_is_not_asked_for_every_row(unknown, searched, sandbox):
    applications = [unknown("reset_before", **another_person(number)) for number in range(3)]
    sandbox.fail("search", "internal_error", times=9)
    before = len(searches(sandbox))
    searched(applications[0], 10)
    assert len(searches(sandbox)) == before + 1
    assert not due_for_a_look(timezone.now()).exists()
    assert due_for_a_look(timezone.now() + timedelta(seconds=11)).count() == 3


def test_credential_out_of_use_asks_with_its_successor(unknown, searched, credential):
    application = unknown(middle_name="A-RR_L")
    credential.is_active = False
    credential.save()
    assert searched(application, 10).status == Status.UNKNOWN
    assert attempt_of(application).look_verdict == Verdict.NOT_ASKED
    credential.pk, credential.is_active = None, True
    credential.save()
    assert searched(application, 60).status == Status.APPROVED


def test_several_new_accounts_are_left_to_a_manager(unknown, searched, sandbox):
    application = unknown(middle_name="A-RR_L")
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    open_account(sandbox, application)
    application = searched(application, 10)
    attempt = attempt_of(application)
    assert (application.status, attempt.look_verdict, attempt.next_look_at) == ("unknown", Verdict.AMBIGUOUS, None)
    assert len(attempt.found) == 2
    assert attempt.sensitive
    assert not Settlement.objects.exists()


def test_account_of_another_merchant_is_left_to_a_manager(unknown, searched, credential, sandbox):
    credential.merchant_id_at_lender = "382"
    credential.save()
    application = unknown("reset_before")
    other = {"client_id": "maisonboreale", "secret": "5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab"}
    open_account(sandbox, application, **other)
    application = searched(application, 10)
    assert (application.status, attempt_of(application).look_verdict) == (Status.UNKNOWN, Verdict.AMBIGUOUS)


def test_account_of_an_earlier_application_is_not_taken_for_this_one(unknown, searched, ready, associate, sandbox):
    earlier = ready(middle_name="A-RR_L")
    submit(earlier, by=associate, revision=earlier.revision)
    deliver_next()
    sandbox.fail("search", "insufficient_scope")  # so this one is sent, and known accounts are not known
    application = unknown("reset_before")
    assert attempt_of(application).known_accounts is None
    assert searched(application, *UNTIL_NO_ACCOUNT).status == Status.NO_ACCOUNT


def test_account_that_a_later_application_may_have_brought_is_not_taken(unknown, searched):
    earlier = searched(unknown("reset_before"), *UNTIL_NO_ACCOUNT)
    later = unknown("reset_after", middle_name="A-RR_L")
    SubmissionAttempt.objects.filter(application=later).update(next_look_at=None)
    earlier = searched(earlier, 3360)
    assert (earlier.status, attempt_of(earlier).look_verdict) == (Status.NO_ACCOUNT, Verdict.AMBIGUOUS)
    SubmissionAttempt.objects.filter(application=later).update(next_look_at=timezone.now())
    assert searched(later, 0).status == Status.APPROVED


def test_look_that_lost_its_claim_counts_nothing(unknown, searched):
    application = unknown("reset_before")
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    slow = claim_look()
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    look(claim_look())
    look(slow)
    assert attempt_of(application).absent_looks == 1
    assert names(application).count("looked") == 1


def test_claimed_row_is_nobody_elses_and_comes_back_after_a_crash(unknown):
    unknown("reset_before")
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    assert claim_look() is not None
    assert claim_look() is None
    assert due_for_a_look(timezone.now() + timedelta(seconds=21)).exists()


def test_look_repeated_after_a_lost_commit_settles_once(unknown):
    application = unknown(middle_name="A-RR_L")
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    attempt = claim_look()
    look(attempt)
    look(attempt)
    assert application.settlements.count() == 1


def test_looks_stop_after_a_few_seconds_and_leave_the_rest(unknown, monkeypatch, sandbox):
    for number in range(3):
        unknown("reset_before", **another_person(number))
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    monkeypatch.setattr(reconciliation, "_IN_A_ROW_SECONDS", 0.2)
    sandbox.latency(search=0.3)
    began = time.monotonic()
    look_for_what_is_due()
    assert time.monotonic() - began < 0.8
    assert due_for_a_look(timezone.now()).count() == 2


def test_application_is_locked_by_whoever_settles(unknown, searched):
    """The moves are guarded by what was read: a look that comes after a settlement changes nothing."""
    application = unknown(middle_name="A-RR_L")
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    attempt = claim_look()
    Application.objects.filter(pk=application.pk).update(status=Status.DECLINED)
    look(attempt)
    application.refresh_from_db()
    assert application.status == Status.DECLINED
    assert not Settlement.objects.exists()
