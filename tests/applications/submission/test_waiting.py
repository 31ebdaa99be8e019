"""A lender that does not answer: what the customer let wait is sent when it is back, and nothing else waits."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from applications.consents import Consent
from applications.models import Application, ConsentKind, CustomerConsent, DeviceHolder, SubmissionAttempt
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver, deliver_next
from applications.submission.sealing import AlreadySubmitted, NotReadyToSubmit, submit
from applications.submission.sweep import sweep
from applications.submission.waiting import TooLate, submit_to_wait, take_back
from audit.events import timeline
from audit.names import EventName
from merchants.credentials.circuits import failed
from merchants.credentials.probing import probe_due_circuits
from merchants.models import Circuit, CircuitState, Credential
from posapi import NotReachable
from tests.applications.people import another_person
from tests.factories import CredentialFactory

NOBODY_LISTENS = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
CONSENT = Consent(ConsentKind.WAITING, DeviceHolder.CUSTOMER)


@pytest.fixture
def let_wait(ready, associate):
    """An application that the customer lets wait."""

    def make(**changes):
        application = ready(**changes)
        submit_to_wait(application, consent=CONSENT, by=associate, revision=application.revision)
        application.refresh_from_db()
        return application

    return make


@pytest.fixture
def queued(ready, associate):
    """An application that was submitted as usual."""

    def make(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        application.refresh_from_db()
        return application

    return make


def stop_answering(credential):
    for _ in range(3):
        failed(credential, NotReachable("i18n"))


def probe():
    Circuit.objects.update(probe_at=timezone.now())
    probe_due_circuits()


def try_again_now():
    SubmissionAttempt.objects.filter(claim="").update(lease_until=None)


def circuit_state():
    return Circuit.objects.get().state


def status_of(application):
    application.refresh_from_db()
    return application.status


def code_of(application):
    return Decision.from_json(application.latest_attempt.answer).code


def test_submit_to_wait_records_the_consent(let_wait, associate):
    application = let_wait(language="fr-CA")
    consent = CustomerConsent.objects.get()
    attempt = application.latest_attempt
    assert (consent.attempt, consent.kind, consent.language, consent.recorded_by) == (
        attempt,
        ConsentKind.WAITING,
        "fr",
        associate,
    )
    assert (application.status, attempt.waits_since is not None) == (Status.QUEUED, True)
    assert EventName.CONSENT_GIVEN in timeline(application).values_list("name", flat=True)


def test_submit_to_wait_twice_is_one_consent(let_wait, associate):
    application = let_wait()
    with pytest.raises(AlreadySubmitted):
        submit_to_wait(application, consent=CONSENT, by=associate, revision=application.revision)
    assert CustomerConsent.objects.count() == 1


def test_nothing_is_sent_while_the_circuit_is_open(let_wait, credential, sandbox):
    application = let_wait()
    stop_answering(credential)
    deliver_next()
    sweep()
    assert (status_of(application), sandbox.requests()) == (Status.QUEUED, [])


def test_what_waits_is_sent_by_itself_when_the_lender_is_back(let_wait, credential, sandbox):
    first, second = let_wait(middle_name="A-RR_L"), let_wait(**another_person(2), middle_name="D-FRAUD")
    stop_answering(credential)
    probe()
    assert circuit_state() == CircuitState.TRIAL
    deliver_next()
    assert (status_of(first), circuit_state()) == (Status.APPROVED, CircuitState.CLOSED)
    deliver_next()
    assert status_of(second) == Status.DECLINED
    assert {counts["received"] for counts in sandbox.applies().values()} == {1}


def test_trial_sends_one_at_a_time(let_wait, credential):
    let_wait(), let_wait(**another_person(2))
    stop_answering(credential)
    probe()
    assert claim_next() is not None
    assert claim_next() is None


def test_trial_of_one_credential_holds_up_no_other(let_wait, credential, store):
    let_wait(), let_wait(**another_person(2))
    elsewhere = let_wait(**another_person(3)).latest_attempt
    elsewhere.credential = CredentialFactory(merchant=store.merchant, is_active=False)
    elsewhere.save()
    stop_answering(credential)
    probe()
    assert claim_next() is not None
    assert claim_next() == elsewhere


def test_trial_that_is_held_lets_the_next_one_try(let_wait, credential, settings):
    first = let_wait(middle_name="A-RR_L")
    deliver_next()
    assert status_of(first) == Status.APPROVED
    Application.objects.update(updated_at=timezone.now() - timedelta(days=settings.SAME_PERSON_DAYS, minutes=1))
    again, next_one = let_wait(middle_name="A-RR_L"), let_wait(**another_person(2))
    stop_answering(credential)
    probe()
    deliver_next()
    assert (status_of(again), circuit_state()) == (Status.HELD, CircuitState.TRIAL)
    deliver_next()
    assert (status_of(next_one), circuit_state()) == (Status.APPROVED, CircuitState.CLOSED)


def test_trial_that_brings_no_answer_is_unknown_and_the_rest_goes_on_waiting(let_wait, credential, sandbox):
    first, second = let_wait(), let_wait(**another_person(2))
    stop_answering(credential)
    probe()
    sandbox.fail("apply", "bad_gateway_html")
    deliver_next()
    assert (status_of(first), circuit_state()) == (Status.UNKNOWN, CircuitState.OPEN)
    deliver_next()
    assert status_of(second) == Status.QUEUED


@pytest.mark.parametrize("fault", ["bad_gateway_html", "reset_after", "silent"])
def test_what_may_wait_goes_back_in_line(let_wait, sandbox, settings, fault):
    settings.POSAPI_TIMEOUTS = {"connect": 1, "read": 0.3, "total": 0.5}
    application = let_wait()
    sandbox.fail("search", fault, times=9)
    deliver_next()
    assert (status_of(application), claim_next()) == (Status.QUEUED, None)
    sandbox.control("DELETE", "faults")
    is_sent_after_all(application, sandbox)


def test_what_nobody_takes_goes_back_in_line(let_wait, credential, sandbox):
    application = let_wait()
    Credential.objects.update(base_url=NOBODY_LISTENS)
    deliver_next()
    assert (status_of(application), claim_next()) == (Status.QUEUED, None)
    Credential.objects.update(base_url=sandbox.base_url)
    is_sent_after_all(application, sandbox)


def test_apply_without_a_token_goes_back_in_line(let_wait, sandbox):
    application = let_wait()
    sandbox.fail("apply", "invalid_token")
    sandbox.fail("token", "internal_error", times=9, skip=1)
    deliver_next()
    assert status_of(application) == Status.QUEUED
    assert timeline(application).last().name == EventName.BACK_IN_LINE
    sandbox.control("DELETE", "faults")
    try_again_now()
    deliver_next()
    assert status_of(application) == Status.APPROVED
    assert sandbox.applies()[application.reference_id] == {"received": 2, "accepted": 1}


def is_sent_after_all(application, sandbox):
    try_again_now()
    deliver_next()
    assert status_of(application) == Status.APPROVED
    assert sandbox.applies()[application.reference_id] == {"received": 1, "accepted": 1}


def test_refused_credentials_are_not_waited_for(let_wait, credential, sandbox):
    application = let_wait()
    sandbox.fail("token", "invalid_client", times=9)
    deliver_next()
    assert status_of(application) == Status.FAILED


def test_submission_without_consent_fails_when_the_lender_goes_silent(queued, credential, sandbox):
    application = queued()
    stop_answering(credential)
    sweep()
    assert (status_of(application), code_of(application)) == (Status.FAILED, "lender_down")
    assert timeline(application).last().name == EventName.NOT_SENT
    assert sandbox.requests() == []


def test_submission_in_a_workers_hands_is_left_to_the_worker(queued, credential):
    application = queued()
    claim_next()
    stop_answering(credential)
    sweep()
    assert status_of(application) == Status.QUEUED


def test_failed_submission_may_be_let_wait_afterwards(queued, credential, associate):
    application = queued()
    stop_answering(credential)
    sweep()
    application.refresh_from_db()
    submit_to_wait(application, consent=CONSENT, by=associate, revision=application.revision)
    sweep()
    assert (status_of(application), application.attempts.count()) == (Status.QUEUED, 2)


def test_nobody_waits_for_ever(let_wait, credential):
    application = let_wait()
    stop_answering(credential)
    SubmissionAttempt.objects.update(waits_since=timezone.now() - timedelta(hours=23, minutes=59))
    sweep()
    assert status_of(application) == Status.QUEUED
    SubmissionAttempt.objects.update(waits_since=timezone.now() - timedelta(hours=24, minutes=1))
    sweep()
    assert (status_of(application), code_of(application)) == (Status.FAILED, "waited_too_long")


def test_nobody_waits_for_a_credential_that_was_taken_out_of_use(let_wait, credential, sandbox):
    application = let_wait()
    Circuit.objects.create(credential=credential, state=CircuitState.OPEN)
    Credential.objects.update(is_active=False)
    deliver_next()
    application.refresh_from_db()
    assert (application.status, application.latest_attempt.outcome_code) == (Status.FAILED, "credential_out_of_use")
    assert sandbox.applies() == {}


def test_take_back_is_never_sent(let_wait, credential, associate, sandbox):
    application = let_wait()
    take_back(application, by=associate)
    deliver_next()
    assert (status_of(application), code_of(application)) == (Status.FAILED, "withdrawn")
    event = timeline(application).last()
    assert (event.name, event.actor_id, event.detail["code"]) == (EventName.NOT_SENT, str(associate.pk), "withdrawn")
    assert sandbox.applies() == {}


def test_replay_of_the_old_page_after_taking_it_back_sends_nothing(let_wait, associate, sandbox):
    application = let_wait()
    old = application.revision
    take_back(application, by=associate)
    with pytest.raises(NotReadyToSubmit):
        submit_to_wait(application, consent=CONSENT, by=associate, revision=old)
    with pytest.raises(NotReadyToSubmit):
        submit(application, by=associate, revision=old)
    assert (application.attempts.count(), application.consents.count()) == (1, 1)


def test_take_back_comes_before_a_worker_that_has_not_sent_it_yet(let_wait, associate, sandbox):
    application = let_wait()
    attempt = claim_next()
    take_back(application, by=associate)
    deliver(attempt)
    assert (status_of(application), sandbox.applies()) == (Status.FAILED, {})


def test_take_back_is_too_late_once_it_is_being_sent(let_wait, associate):
    application = let_wait()
    begin_sending(claim_next())
    with pytest.raises(TooLate):
        take_back(application, by=associate)
    assert status_of(application) == Status.SENDING


def test_take_back_is_for_what_waits(queued, associate):
    application = queued()
    with pytest.raises(TooLate):
        take_back(application, by=associate)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_twenty_workers_one_tries_whether_the_lender_answers(let_wait, credential):
    for number in range(20):
        let_wait(**another_person(number))
    stop_answering(credential)
    probe()
    claimed = [attempt for attempt in at_once([claim_next] * 20) if attempt]
    assert len(claimed) == 1
    assert Circuit.objects.get().trial == claimed[0].pk.hex


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_taken_back_or_sent_and_never_both(let_wait, associate):
    applications = [let_wait(**another_person(number)) for number in range(10)]
    work = [deliver_next] * 10 + [lambda one=one: withdrawn(one, associate) for one in applications]
    taken_back = sum(filter(None, at_once(work)))
    assert len([one for one in applications if status_of(one) == Status.FAILED]) == taken_back
    for application in applications:
        was_sent = application.attempts.exclude(sending_since=None).exists()
        assert was_sent == (application.status == Status.APPROVED)


def withdrawn(application, by):
    try:
        take_back(application, by=by)
    except TooLate:
        return False
    return True


def at_once(jobs):
    """What these jobs gave, each in a thread, all beginning together."""
    start = threading.Barrier(len(jobs))

    def run(job):
        start.wait()
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))
