"""The secrets of a replaced credential: kept while something needs them, erased when nothing does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application, SubmissionAttempt
from applications.statuses import Status
from applications.submission.cancellation import claim, request_cancellation
from applications.submission.claims import claim_next
from applications.submission.delivery import deliver_next
from applications.submission.retiring import erase_retired_credentials
from audit.events import timeline
from merchants.models import Credential, CredentialStanding, Environment
from tests.applications.people import submit_told
from tests.factories import CredentialFactory


@pytest.fixture
def replaced(credential):
    """Replaced by another one, `hours` ago."""

    def run(*, hours=25, **more):
        Credential.objects.filter(pk=credential.pk).update(
            is_active=False, retired_at=timezone.now() - timedelta(hours=hours)
        )
        CredentialFactory(merchant=credential.merchant, base_url=credential.base_url, **more)

    return run


@pytest.fixture
def submitted(ready, associate):
    def make(**changes):
        application = ready(**changes)
        submit_told(application, by=associate)
        return application

    return make


def standing_of(credential):
    return Credential.objects.get(pk=credential.pk).standing


def test_secrets_go_when_nothing_needs_them(credential, replaced):
    replaced()
    erase_retired_credentials()
    erased = Credential.objects.get(pk=credential.pk)
    assert (erased.standing, erased.client_secret, erased.merchant_password) == (CredentialStanding.ERASED, "", None)
    assert timeline(erased).get().name == "credential_retired"


def test_secrets_stay_long_enough_to_go_back(credential, replaced, settings):
    settings.CREDENTIAL_KEEP_HOURS = 24
    replaced(hours=23)
    erase_retired_credentials()
    assert standing_of(credential) == CredentialStanding.RETIRED


def test_credential_in_use_and_one_standing_by_are_left_alone(credential):
    standing_by = CredentialFactory(merchant=credential.merchant, is_active=False)
    erase_retired_credentials()
    assert (standing_of(credential), standing_of(standing_by)) == ("in_use", "standing_by")


def test_secrets_stay_while_a_worker_has_a_submission(credential, replaced, submitted):
    submitted()
    claim_next()
    replaced()
    erase_retired_credentials()
    assert standing_of(credential) == CredentialStanding.RETIRED
    SubmissionAttempt.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    erase_retired_credentials()
    assert standing_of(credential) == CredentialStanding.ERASED


def test_secrets_stay_while_a_cancellation_is_being_sent(credential, replaced, submitted, associate):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    claim(request_cancellation(application, by=associate).pk)
    replaced()
    erase_retired_credentials()
    assert standing_of(credential) == CredentialStanding.RETIRED


def test_successor_in_the_same_environment_finishes_everything_else(credential, replaced, submitted):
    application = submitted(province="QC", middle_name="A-RR_L")
    deliver_next()
    replaced()
    erase_retired_credentials()
    assert standing_of(credential) == CredentialStanding.ERASED
    assert Application.objects.get(pk=application.pk).status == Status.APPROVED


class TestAfterGoingOnToAnotherEnvironment:
    """Only the old credential can finish what is open in the old environment."""

    @pytest.fixture
    def gone_on(self, replaced):
        return lambda: replaced(environment=Environment.TRAINING)

    def test_nothing_open(self, credential, gone_on, ready):
        ready()
        gone_on()
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.ERASED

    def test_in_line(self, credential, gone_on, submitted):
        submitted()
        gone_on()
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.RETIRED

    def test_unknown_outcome_until_it_is_searched_for_no_more(self, credential, gone_on, unknown):
        unknown()
        gone_on()
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.RETIRED
        SubmissionAttempt.objects.update(next_look_at=None)
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.ERASED

    def test_quebec_approval_until_it_can_be_cancelled_no_more(self, credential, gone_on, submitted, settings):
        submitted(province="QC", middle_name="A-RR_L")
        Application.objects.update(province="QC")
        deliver_next()
        gone_on()
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.RETIRED
        ended = timedelta(days=settings.QUEBEC_CANCELLATION_DAYS + 3)
        Application.objects.update(updated_at=timezone.now() - ended)
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.ERASED

    def test_approval_elsewhere_needs_nothing(self, credential, gone_on, submitted):
        submitted(middle_name="A-RR_L")
        deliver_next()
        gone_on()
        erase_retired_credentials()
        assert standing_of(credential) == CredentialStanding.ERASED
