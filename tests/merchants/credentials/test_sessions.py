"""Opening a merchant's session: what each state of the lender leaves behind."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import override_settings

from merchants.credentials.connection import check_connection, steps_of
from merchants.credentials.sessions import CredentialUnusable, client_for, open_session
from merchants.models import Credential, Environment, I18nAnswer, SessionOutcome
from merchants.selectors import form_values, options_digest
from posapi import Timeouts
from tests.merchants.conftest import People, credential_of, events
from vault.keys import keyring

SHORT = Timeouts(connect=1, read=1, total=2)


def test_session_opens_with_the_lenders_name_and_options_in_both_languages(
    people: People, credential: Credential
) -> None:
    assert open_session(credential, by=people.owner) == SessionOutcome.OPEN
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN
    assert credential.merchant_name == "European Restorations"
    assert credential.merchant_id_at_lender == "382"
    assert credential.session_checked_at is not None
    english, french = form_values(credential, "en"), form_values(credential, "fr")
    assert english
    assert french
    assert {choice.code for choice in english.provinces} == {choice.code for choice in french.provinces}
    assert english.salutations != french.salutations
    assert options_digest(credential, "fr") == french.digest


def test_session_opened_is_audited_with_who_opened_it(people: People, credential: Credential) -> None:
    open_session(credential, by=people.owner)
    (event,) = events("session_opened")
    assert event.actor_id == str(people.owner.pk)
    assert event.merchant_id == str(people.merchant.pk)
    assert event.detail["outcome"] == "open"


def test_every_call_of_a_session_carries_its_reference_id(credential: Credential, sandbox: Any) -> None:
    open_session(credential, by=None, reference_id="ab" * 16)
    assert {request["reference_id"] for request in sandbox.requests()} == {"ab" * 16}


def test_refresh_by_the_system_is_audited_only_when_the_outcome_changes(credential: Credential, sandbox: Any) -> None:
    for _ in range(2):
        open_session(credential, by=None)
    sandbox.fail("i18n", "general_error", times=4)
    for _ in range(2):
        open_session(credential, by=None)
    assert len(events("session_opened")) == len(events("session_refused")) == 1


def test_wrong_secret_is_refused_and_options_stay_usable(people: People, credential: Credential) -> None:
    open_session(credential, by=None)
    credential.client_secret = "wrong"
    credential.save()
    assert open_session(credential, by=people.owner) == SessionOutcome.REFUSED
    credential.refresh_from_db()
    assert credential.session_error_code == "invalid_client"
    assert form_values(credential, "en") is not None
    assert events("session_refused")[0].detail["problem"] == "invalid_client"


def test_wrong_merchant_password_is_refused_although_options_come(credential: Credential) -> None:
    credential.merchant_password = "wrong"
    credential.save()
    assert open_session(credential, by=None) == SessionOutcome.REFUSED
    assert credential.session_error_code == "authentication_failure"
    assert I18nAnswer.objects.count() == 2


def test_login_withdrawn_by_the_lender_does_not_hide_working_options(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("login", "invalid_role")
    assert open_session(credential, by=None) == SessionOutcome.OPEN
    assert I18nAnswer.objects.count() == 2


def test_nothing_listening_is_unreachable(people: People, nobody_listening: str) -> None:
    credential = credential_of(people.merchant, nobody_listening)
    assert open_session(credential, by=people.owner) == SessionOutcome.UNREACHABLE
    assert events("session_refused")[0].detail["outcome"] == "unreachable"


def test_silent_lender_is_unreachable_within_the_time_given(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("token", "silent", times=9)
    started = time.monotonic()
    assert open_session(credential, by=None, timeouts=SHORT) == SessionOutcome.UNREACHABLE
    assert time.monotonic() - started < 4


def test_lender_with_a_server_error_is_unreachable(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("i18n", "service_unavailable", times=9)
    assert open_session(credential, by=None) == SessionOutcome.UNREACHABLE


def test_answer_that_is_no_json_is_unreadable(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("i18n", "truncated_json", times=9)
    assert open_session(credential, by=None) == SessionOutcome.UNREADABLE


def test_patience_at_an_end_leaves_options_for_later(credential: Credential) -> None:
    assert open_session(credential, by=None, patience=0) == SessionOutcome.OPEN
    assert I18nAnswer.objects.count() == 0


def test_opening_keeps_a_secret_that_was_replaced_meanwhile(credential: Credential) -> None:
    stale = Credential.objects.get(pk=credential.pk)
    credential.client_secret = "replaced-meanwhile"
    credential.save()
    open_session(stale, by=None)
    credential.refresh_from_db()
    assert credential.client_secret == "replaced-meanwhile"


def test_secret_sealed_with_a_lost_key_is_refused_without_a_call(credential: Credential, sandbox: Any) -> None:
    elsewhere = keyring().seal(b"secret", context="another.place")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE merchants_credential SET client_secret = %s", [elsewhere])
    credential = Credential.objects.get(pk=credential.pk)
    assert open_session(credential, by=None) == SessionOutcome.REFUSED
    assert credential.session_error_code == "secret_unreadable"
    assert sandbox.requests() == []


def test_host_that_is_no_longer_allowed_is_refused_without_a_call(
    people: People, credential: Credential, sandbox: Any, settings: Any
) -> None:
    settings.DEMONSTRATION = False
    assert open_session(credential, by=None) == SessionOutcome.REFUSED
    assert credential.session_error_code == "host_not_allowed"
    check = check_connection(credential, by=people.administrator)
    assert "not allowed on this server" in steps_of(check)[0].explanation
    assert sandbox.requests() == []


@pytest.mark.parametrize("environment", [Environment.PRODUCTION, Environment.SANDBOX])
def test_production_is_refused_while_debug_is_on(people: People, environment: Environment) -> None:
    credential = credential_of(
        people.merchant, "https://posapi.flexiti.fi/flexiti/pos-api/v2.5", environment=environment
    )
    with override_settings(DEBUG=True), pytest.raises(CredentialUnusable, match="production_with_debug") as caught:
        client_for(credential)
    assert caught.value.certainly_not_processed
    client_for(credential).close()
