"""One `apply` over real HTTP, and every answer told apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.answers import Answers
from applications.models import SubmissionAttempt
from applications.statuses import IllegalMove, Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver, deliver_next
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from applications.submission.sweep import sweep
from audit.events import timeline
from flexiti_portal.checks import leases_outlive_the_longest_delivery
from tests.applications.people import another_person, submit_told


@pytest.fixture
def delivered(ready, associate):
    """Submit and deliver an application; it, as the database has it afterwards."""

    def run(**changes):
        application = ready(**changes)
        submit_told(application, by=associate)
        deliver_next()
        application.refresh_from_db()
        return application

    return run


@pytest.fixture
def sending(ready, associate):
    """An attempt that a worker has committed to send, and then nothing more happened."""

    def run(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        attempt = claim_next()
        begin_sending(attempt)
        application.refresh_from_db()
        return application, attempt

    return run


def decision_of(application):
    return Decision.from_json(application.latest_attempt.answer)


def test_deliver_approval_records_limit_and_card_ending(delivered, sandbox):
    application = delivered(middle_name="A-RR_L")
    decision = decision_of(application)
    assert application.status == Status.APPROVED
    assert len(decision.card_ending) == 4
    assert decision.account_number.isdigit()
    assert decision.debt_ratio is None
    assert sandbox.applies()[application.reference_id] == {"received": 1, "accepted": 1}


def test_deliver_sends_nothing_with_a_credential_out_of_use(delivered, sandbox, credential):
    credential.is_active = False
    credential.save()
    application = delivered(middle_name="A-RR_L")
    assert (application.status, decision_of(application).code) == (Status.FAILED, "credential_out_of_use")
    assert sandbox.applies() == {}


def test_deliver_quebec_approval_has_debt_ratio_and_offers(delivered):
    decision = decision_of(delivered(province="QC", middle_name="A-RR_M"))
    assert decision.debt_ratio is not None
    assert decision.offer_types


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [
        ("D-FRAUD", Status.DECLINED, "application_declined"),
        ("D-MISSING_INFO", Status.DECLINED, "application_declined_2"),
        ("D-NO_HIT", Status.DECLINED, "application_declined_3"),
        ("P-CREDIT", Status.PENDING, "application_marked_pending"),
        ("P-EXIST_CUST", Status.PENDING, "application_marked_pending_2"),
        ("D-EMAIL_DBL_TIMEOUT", Status.UNKNOWN, "application_create_error"),
    ],
)
def test_deliver_tells_every_answer_apart(delivered, key, status, code):
    application = delivered(middle_name=key)
    assert (application.status, decision_of(application).code) == (status, code)


def test_deliver_existing_customer_is_not_a_decline(delivered, sandbox):
    sandbox.fail("apply", "customer_already_exists")
    assert delivered(middle_name="A-RR_L").status == Status.ALREADY_CUSTOMER


def test_deliver_holds_what_search_finds_before_the_bureau_is_asked(delivered, sandbox):
    delivered(middle_name="A-RR_L")
    again = delivered(middle_name="A-RR_L")
    assert again.status == Status.HELD
    assert again.reference_id not in sandbox.applies()
    [found] = again.latest_attempt.found
    assert (found["account_status"], len(found["card_ending"])) == ("N", 4)


@pytest.mark.parametrize("fault", ["bad_gateway_html", "truncated_json", "reset_after", "general_error"])
def test_deliver_sends_nothing_while_nobody_can_look(delivered, sandbox, fault):
    sandbox.fail("search", fault, times=9)
    application = delivered()
    assert (application.status, sandbox.applies()) == (Status.FAILED, {})


def test_deliver_goes_on_where_the_client_may_not_search(delivered, sandbox):
    sandbox.fail("search", "insufficient_scope")
    application = delivered(middle_name="A-RR_L")
    assert application.status == Status.APPROVED
    assert application.latest_attempt.known_accounts is None


def test_deliver_notes_which_accounts_there_were_before(delivered):
    assert delivered(middle_name="A-RR_L").latest_attempt.known_accounts == []


@pytest.mark.parametrize(
    "fault",
    (
        "reset_after bad_gateway_html gateway_timeout_504 truncated_json wrong_content_type empty_body "
        "ok_without_account ok_with_error_body duplicate_keys unknown_code general_error"
    ).split(),
)
def test_deliver_without_readable_answer_is_unknown_and_sent_once(delivered, sandbox, fault):
    sandbox.fail("apply", fault, times=5)
    application = delivered()
    assert application.status == Status.UNKNOWN
    assert sandbox.applies().get(application.reference_id, {"received": 1})["received"] == 1


def test_deliver_after_our_timeout_is_unknown_never_declined(delivered, sandbox, settings):
    settings.POSAPI_APPLY_TIMEOUTS = {"connect": 1, "read": 0.5, "total": 1}
    sandbox.fail("apply", "silent")
    assert delivered(middle_name="D-FRAUD").status == Status.UNKNOWN


def test_deliver_to_nobody_is_failed_and_may_be_sent_again(ready, associate, credential, sandbox):
    application = ready()
    credential.base_url = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    credential.save()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.FAILED
    credential.base_url = sandbox.base_url
    credential.save()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    assert [attempt.outcome for attempt in application.attempts.order_by("number")] == ["failed", "approved"]


def test_deliver_with_refused_credentials_is_failed(ready, associate, credential):
    credential.client_secret = "wrong"
    credential.save()
    application = ready()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.FAILED
    assert decision_of(application).error == "CredentialsRejected"


def test_deliver_wrong_inputs_asks_for_the_very_field(delivered):
    application = delivered(sin="12345")
    assert application.status == Status.NEEDS_CORRECTION
    assert Answers.from_json(application.answers).corrections == {"sin": "wrong format"}


def test_deliver_twice_sends_once(ready, associate, sandbox):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    deliver_next()
    assert sandbox.applies()[application.reference_id]["received"] == 1


def test_final_answer_purges_what_could_hurt_the_customer(delivered):
    application = delivered(middle_name="A-RR_L")
    attempt = application.latest_attempt
    assert attempt.sensitive is None
    assert attempt.digest
    kept = Answers.from_json(application.answers).flat()
    assert not {"sin", "security_answer", "piw", "govid_number"} & set(kept)
    assert kept["last_name"] == "O'Brien"
    assert timeline(application).filter(name="purged").exists()


def test_unknown_outcome_purges_nothing_yet(delivered, sandbox):
    sandbox.fail("apply", "reset_after")
    assert delivered().latest_attempt.sensitive["sin"] == "046454286"


def test_lease_that_ends_makes_unknown(sending):
    application, attempt = sending()
    SubmissionAttempt.objects.filter(pk=attempt.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()
    application.refresh_from_db()
    assert application.status == Status.UNKNOWN


def test_lease_that_runs_is_left_alone(sending):
    application, _ = sending()
    sweep()
    application.refresh_from_db()
    assert application.status == Status.SENDING


@pytest.mark.parametrize("status", [Status.APPROVED, Status.DECLINED, Status.PENDING])
def test_answer_after_the_end_of_the_lease_still_counts(sending, status):
    application, attempt = sending()
    give_up(attempt)
    record_decision(attempt, Decision(status=status))
    application.refresh_from_db()
    attempt.refresh_from_db()
    assert (application.status, attempt.outcome) == (status, status)
    assert attempt.sensitive is None
    names = list(timeline(application).values_list("name", flat=True))
    assert names == ["submitted", "sent", "outcome_unknown", "answered", "purged"]


def test_silence_after_the_end_of_the_lease_changes_nothing(sending):
    application, attempt = sending()
    give_up(attempt)
    with pytest.raises(IllegalMove):
        record_decision(attempt, Decision(status=Status.UNKNOWN))
    assert timeline(application).filter(name="outcome_unknown").count() == 1


def test_same_answer_recorded_twice_counts_once(sending):
    application, attempt = sending()
    for _ in range(2):  # the connection broke while the first was committed
        record_decision(attempt, Decision(status=Status.DECLINED, code="application_declined"))
    assert timeline(application).filter(name="answered").count() == 1


def test_unsent_failure_of_a_worker_that_lost_its_row_is_ignored(ready, associate, sandbox):
    application = ready(middle_name="A-RR_L")
    submit(application, by=associate, revision=application.revision)
    slow = claim_next()
    SubmissionAttempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    fast = claim_next()
    sandbox.fail("search", "bad_gateway_html", times=3)
    deliver(slow)
    application.refresh_from_db()
    assert application.status == Status.QUEUED
    deliver(fast)
    application.refresh_from_db()
    assert application.status == Status.APPROVED
    deliver(slow)
    assert sandbox.applies()[application.reference_id] == {"received": 1, "accepted": 1}


def test_second_answer_never_replaces_the_first(delivered):
    application = delivered(middle_name="A-RR_L")
    with pytest.raises(IllegalMove):
        record_decision(application.latest_attempt, Decision(status=Status.DECLINED))
    assert decision_of(application).status == Status.APPROVED


def test_leases_must_outlive_the_longest_delivery(settings):
    assert not leases_outlive_the_longest_delivery()
    settings.DELIVERY_SECONDS = 90
    assert [problem.id for problem in leases_outlive_the_longest_delivery()] == ["portal.E002"]


def test_sealed_answers_that_cannot_be_sent_are_failed_not_unknown(ready, associate, sandbox):
    application = ready(dob="yesterday")
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    application.refresh_from_db()
    assert application.status == Status.FAILED
    assert not sandbox.applies()


def test_amounts_arrive_to_the_cent(delivered, sandbox):
    application = delivered(
        amount_requested="2500.10", personal_income="0.00", monthly_housing_expenses="1150.29", middle_name="A-RR_L"
    )
    received = sandbox.requests(reference_id=application.reference_id, bodies="1")
    body = next(request["body"] for request in received if request["path"].endswith("/apply"))
    assert (body["amount_requested"], body["personal_income"]) == (2500.1, 0)
    assert body["monthly_housing_expenses"] == 1150.29


def test_sweep_goes_on_after_a_row_it_cannot_settle(ready, associate):
    damaged, other = (ready(**another_person(number)) for number in range(2))
    for application in (damaged, other):
        submit(application, by=associate, revision=application.revision)
        begin_sending(claim_next())
    SubmissionAttempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    type(damaged).objects.filter(pk=damaged.pk).update(status=Status.DRAFT)
    sweep()
    other.refresh_from_db()
    assert other.status == Status.UNKNOWN


def test_timeline_tells_the_whole_flow(delivered):
    application = delivered()
    names = list(timeline(application).values_list("name", flat=True))
    assert names == ["submitted", "sent", "answered", "purged"]
