"""Submissions whose credential was replaced before, or while, they went out."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from applications.consents import Consent
from applications.models import Application, ConsentKind, DeviceHolder, SubmissionAttempt
from applications.statuses import Status
from applications.submission.again import send_again
from applications.submission.cancellation import claim, deliver_close, request_cancellation, send_close
from applications.submission.claims import claim_next
from applications.submission.delivery import deliver, deliver_next
from applications.submission.held import mark_of, send_all_the_same
from applications.submission.sealing import NotReadyToSubmit, OtherEnvironment
from applications.submission.succession import follow_switches
from applications.submission.sweep import sweep
from audit.events import timeline
from merchants.credentials.connection import check_connection
from merchants.credentials.rotation import add, erase, switch
from merchants.models import Circuit, CircuitState, Credential, Environment
from tests.applications.people import another_person, submit_told
from tests.factories import CLIENT_ID, CredentialFactory, UserFactory

CONSENT = Consent(ConsentKind.ANOTHER_INQUIRY, DeviceHolder.CUSTOMER)
SECOND = {"client_id": "second-key", "client_secret": "another-secret-of-this-merchant"}


@pytest.fixture
def submitted(ready, associate):
    """`submitted(middle_name="A-RR_L")`: sealed, and waiting in line."""

    def make(**changes):
        application = ready(**changes)
        submit_told(application, by=associate)
        return application

    return make


@pytest.fixture
def rotate(credential, sandbox):
    """Put a second key into use; with `revoke` the lender no longer knows the first."""
    administrator = UserFactory(username="administrator")

    def run(*, revoke=True, **more):
        sandbox.control("PUT", "keys", {**SECOND, "of": CLIENT_ID})
        values = {"environment": credential.environment, "base_url": credential.base_url, **SECOND, **more}
        new = Credential(merchant=credential.merchant, **values)
        add(new, by=administrator)
        assert check_connection(new, by=administrator).has_passed
        switch(new, by=administrator)
        if revoke:
            sandbox.control("DELETE", "keys", {"client_id": CLIENT_ID})
        return new

    return run


def status_of(application):
    return Application.objects.get(pk=application.pk).status


def keys_used(sandbox):
    """The client ids under which `apply` came, in order."""
    return [call["path"].split("/")[-2] for call in sandbox.requests() if call["endpoint"] == "apply"]


def test_what_waits_in_line_goes_with_the_new_credential(submitted, rotate, sandbox):
    applications = [submitted(**another_person(number)) for number in range(3)]
    new = rotate()
    for _ in applications:
        deliver_next()
    assert {status_of(application) for application in applications} == {Status.APPROVED}
    assert keys_used(sandbox) == ["second-key"] * 3
    assert {attempt.credential for attempt in SubmissionAttempt.objects.all()} == {new}
    sent = timeline(applications[0]).get(name="sent")
    assert sent.detail["credential"] == str(new.pk)


def test_what_a_worker_has_claimed_goes_with_the_old_one_while_it_works(submitted, rotate, sandbox):
    application = submitted(middle_name="A-RR_L")
    attempt = claim_next()
    rotate(revoke=False)
    deliver(attempt)
    assert status_of(application) == Status.APPROVED
    assert keys_used(sandbox) == [CLIENT_ID]


def test_what_a_worker_has_claimed_is_handed_over_when_the_old_one_is_revoked(submitted, rotate, sandbox):
    application = submitted(middle_name="A-RR_L")
    attempt = claim_next()
    new = rotate()
    deliver(attempt)
    assert status_of(application) == Status.QUEUED
    deliver_next()
    assert status_of(application) == Status.APPROVED
    assert keys_used(sandbox) == ["second-key"]
    assert SubmissionAttempt.objects.get().credential == new


def test_apply_that_is_refused_with_the_revoked_key_is_sent_once_with_the_new_one(submitted, rotate, sandbox):
    """The search still went through; then the token is refused twice, which proves that nothing was processed."""
    application = submitted(middle_name="A-RR_L")
    attempt = claim_next()
    rotate(revoke=False)
    sandbox.fail("apply", "invalid_token", times=2)
    deliver(attempt)
    assert status_of(application) == Status.QUEUED
    handed = timeline(application).get(name="handed_over")
    assert handed.detail["credential"] == str(SubmissionAttempt.objects.get().credential_id)
    deliver_next()
    assert status_of(application) == Status.APPROVED
    assert sandbox.applies()[application.reference_id]["accepted"] == 1


def test_refusal_without_a_successor_is_a_failure(submitted, sandbox):
    application = submitted()
    sandbox.control("DELETE", "keys", {"client_id": CLIENT_ID})
    deliver_next()
    assert status_of(application) == Status.FAILED


def test_refusal_of_the_successor_too_is_a_failure_and_no_endless_loop(submitted, rotate, sandbox):
    application = submitted()
    rotate()
    sandbox.control("DELETE", "keys", {"client_id": SECOND["client_id"]})
    deliver_next()
    assert status_of(application) == Status.FAILED


def test_credential_of_another_environment_takes_over_nothing(submitted, rotate, sandbox):
    application = submitted()
    rotate(environment=Environment.TRAINING)
    follow_switches()
    deliver_next()
    assert (status_of(application), sandbox.applies()) == (Status.FAILED, {})
    assert application.latest_attempt.outcome_code == "credential_out_of_use"


def test_draft_is_sealed_with_the_credential_in_use(ready, associate, rotate):
    application = ready(middle_name="A-RR_L")
    new = rotate()
    submit_told(application, by=associate)
    application.refresh_from_db()
    assert application.credential == application.latest_attempt.credential == new
    deliver_next()
    assert status_of(application) == Status.APPROVED


def test_draft_of_another_environment_is_never_sealed(ready, associate, rotate):
    application = ready()
    rotate(environment=Environment.PRODUCTION)
    with pytest.raises(OtherEnvironment):
        submit_told(application, by=associate)
    assert status_of(application) == Status.DRAFT
    assert issubclass(OtherEnvironment, NotReadyToSubmit)


def test_sweep_moves_what_waits_behind_an_open_circuit_of_the_old_one(submitted, rotate, credential):
    """Nobody asks whether the lender is back for a credential out of use."""
    application = submitted(middle_name="A-RR_L")
    SubmissionAttempt.objects.update(waits_since=timezone.now())
    Circuit.objects.create(credential=credential, state=CircuitState.TRIAL, trial="gone")
    Circuit.objects.update(trial_until=timezone.now() + timedelta(hours=1))
    rotate()
    sweep()
    deliver_next()
    assert status_of(application) == Status.APPROVED


def test_silence_of_the_lender_holds_back_what_was_given_to_the_successor(submitted, rotate):
    submitted()
    SubmissionAttempt.objects.update(waits_since=timezone.now())
    Circuit.objects.create(credential=rotate(), state=CircuitState.OPEN)
    deliver_next()
    assert Application.objects.get().status == Status.QUEUED


def test_held_application_goes_with_the_new_credential_when_it_is_released(submitted, rotate, sandbox, associate):
    first = submitted(middle_name="A-RR_L")
    deliver_next()
    Application.objects.update(updated_at=timezone.now() - timedelta(days=31))
    second = submitted(middle_name="A-RR_L")
    deliver_next()
    assert status_of(second) == Status.HELD
    rotate()
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    attempt = second.latest_attempt
    send_all_the_same(second, mark=mark_of(attempt), consent=CONSENT, by=associate)
    deliver_next()
    assert status_of(second) == Status.APPROVED
    assert keys_used(sandbox) == [CLIENT_ID, "second-key"]
    assert status_of(first) == Status.APPROVED


def test_unknown_outcome_is_searched_for_with_the_new_credential(unknown, searched, rotate):
    application = unknown(middle_name="A-RR_L")
    rotate()
    assert searched(application, 10).status == Status.APPROVED


def test_second_send_goes_with_the_new_credential(unknown, searched, rotate, associate, sandbox):
    application = unknown("reset_before")
    application = searched(application, 10, 60, 600)
    rotate()
    send_again(application, CONSENT, by=associate)
    deliver_next()
    assert status_of(application) == Status.APPROVED
    assert keys_used(sandbox) == [CLIENT_ID, "second-key"]


def test_unknown_outcome_of_another_environment_is_searched_for_with_its_own(unknown, searched, rotate):
    """That is what the secrets of a credential out of use are kept for."""
    application = unknown(middle_name="A-RR_L")
    rotate(revoke=False, environment=Environment.TRAINING)
    assert searched(application, 10).status == Status.APPROVED


def test_erased_credential_asks_nobody(unknown, searched, rotate, credential):
    application = unknown(middle_name="A-RR_L")
    rotate(revoke=False, environment=Environment.TRAINING)
    erase(credential)
    assert searched(application, 10).status == Status.UNKNOWN


def test_cancellation_goes_with_the_new_credential(submitted, rotate, associate):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    rotate()
    deliver_close(request_cancellation(application, by=associate).pk)
    assert status_of(application) == Status.CANCELLED


def test_cancellation_goes_with_the_new_credential_past_the_open_circuit_of_the_old_one(
    submitted, rotate, associate, credential
):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    Circuit.objects.update_or_create(credential=credential, defaults={"state": CircuitState.OPEN})
    rotate()
    cancellation = request_cancellation(application, by=associate)
    deliver_close(cancellation.pk)
    assert status_of(application) == Status.CANCELLED


@pytest.mark.parametrize("elsewhere", [True, False])
def test_cancellation_goes_out_with_a_credential_that_nothing_replaced(submitted, associate, credential, elsewhere):
    """The merchant left for another environment, or has none in use: the open circuit of the old one closes no more."""
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    Credential.objects.filter(pk=credential.pk).update(is_active=False, retired_at=timezone.now())
    if elsewhere:
        CredentialFactory(merchant=credential.merchant, environment=Environment.PRODUCTION)
    Circuit.objects.update_or_create(credential=credential, defaults={"state": CircuitState.OPEN})
    deliver_close(request_cancellation(Application.objects.get(), by=associate).pk)
    assert status_of(application) == Status.CANCELLED


def test_cancellation_with_an_erased_credential_goes_with_the_one_in_use(submitted, rotate, associate, credential):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    Circuit.objects.update_or_create(credential=credential, defaults={"state": CircuitState.OPEN})
    rotate()
    credential.refresh_from_db()
    erase(credential)
    deliver_close(request_cancellation(Application.objects.get(), by=associate).pk)
    assert status_of(application) == Status.CANCELLED


def test_cancellation_waits_for_a_credential_to_go_with(submitted, rotate, associate, credential, sandbox):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    Credential.objects.filter(pk=credential.pk).update(is_active=False, retired_at=timezone.now())
    credential.refresh_from_db()
    erase(credential)
    cancellation = request_cancellation(Application.objects.get(), by=associate)
    deliver_close(cancellation.pk)
    cancellation.refresh_from_db()
    assert (cancellation.closed_at, cancellation.sending_since) == (None, None)
    CredentialFactory(merchant=credential.merchant, base_url=sandbox.base_url)
    deliver_close(cancellation.pk)
    assert status_of(application) == Status.CANCELLED


def test_cancellation_refused_for_the_old_key_waits_for_the_new_one(submitted, rotate, associate):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    claimed = claim(request_cancellation(application, by=associate).pk)
    rotate()
    send_close(claimed)
    claimed.refresh_from_db()
    assert (claimed.closed_at, claimed.sending_since) == (None, None)
    deliver_close(claimed.pk)
    assert status_of(application) == Status.CANCELLED


def test_nothing_is_given_away_from_a_worker(submitted, rotate):
    submitted()
    attempt = claim_next()
    rotate(revoke=False)
    follow_switches()
    assert SubmissionAttempt.objects.get().credential == attempt.credential
    SubmissionAttempt.objects.update(lease_until=F("lease_until") - timedelta(hours=1))
    follow_switches()
    assert SubmissionAttempt.objects.get().credential != attempt.credential
