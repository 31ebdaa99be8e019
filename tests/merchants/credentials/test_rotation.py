"""The life of a credential: stands by, in use, replaced, erased."""

import base64
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from merchants.credentials import rotation
from merchants.credentials.connection import check_connection, steps_of
from merchants.credentials.rotation import CannotSwitch, Hindrance, NotStandingBy, hindrance_to_switch
from merchants.credentials.succession import in_place_of, is_left_behind
from merchants.credentials.tokens import CacheTokenStore
from merchants.models import Credential, CredentialCheck, CredentialStanding, SessionOutcome
from posapi import Token
from tests.merchants.conftest import People, events
from tests.merchants.credentials.test_circuits import at_once

SECOND = {"client_id": "second-key", "client_secret": "another-secret-of-this-merchant"}


@pytest.fixture
def standing_by(people: People, credential: Credential, sandbox: Any) -> Credential:
    """A second key of the owner's merchant, which the lender knows."""
    sandbox.control("PUT", "keys", {**SECOND, "of": credential.client_id})
    new = Credential(
        merchant=people.merchant, environment=credential.environment, base_url=credential.base_url, **SECOND
    )
    rotation.add(new, by=people.administrator)
    return new


@pytest.fixture
def tested(standing_by: Credential, people: People) -> Credential:
    """The same, after its test passed."""
    assert check_connection(standing_by, by=people.administrator).has_passed
    return standing_by


def again(credential: Credential) -> Credential:
    return Credential.objects.get(pk=credential.pk)


def test_new_credential_stands_beside_the_one_in_use(credential: Credential, standing_by: Credential) -> None:
    assert (again(credential).standing, again(standing_by).standing) == ("in_use", "standing_by")
    assert events("credential_created")[0].subject_id == str(standing_by.pk)


def test_switch_puts_one_in_and_the_other_out_and_says_which(
    people: People, credential: Credential, tested: Credential
) -> None:
    old = rotation.switch(tested, by=people.administrator)
    assert old == credential
    assert (again(credential).standing, again(tested).standing) == ("retired", "in_use")
    assert again(credential).retired_at == again(tested).used_from
    (event,) = events("credential_switched")
    assert (event.subject_id, event.detail["replaced"]) == (str(tested.pk), str(credential.pk))
    assert event.actor_id == str(people.administrator.pk)


def test_test_counts_while_the_key_of_digests_is_replaced(tested: Credential, settings: Any) -> None:
    settings.VAULT_INDEX_KEY = f"i2:{base64.b64encode(bytes(range(32))).decode()},{settings.VAULT_INDEX_KEY}"
    assert hindrance_to_switch(tested) is None
    tested.client_secret = "another"
    assert hindrance_to_switch(tested) == Hindrance.NEVER_TESTED


def test_first_credential_of_a_merchant_is_put_into_use(
    people: People, credential: Credential, tested: Credential
) -> None:
    Credential.objects.filter(pk=credential.pk).delete()
    assert rotation.switch(tested, by=people.administrator) is None
    assert people.merchant.active_credential == tested


def hindered(credential: Credential, people: People) -> Hindrance | None:
    with pytest.raises(CannotSwitch) as refused:
        rotation.switch(credential, by=people.administrator)
    assert refused.value.hindrance == hindrance_to_switch(again(credential))
    return refused.value.hindrance


def test_no_switch_without_a_test(people: People, standing_by: Credential) -> None:
    assert hindered(standing_by, people) == Hindrance.NEVER_TESTED
    assert people.merchant.active_credential != standing_by


def test_no_switch_after_a_test_that_failed(people: People, standing_by: Credential, sandbox: Any) -> None:
    sandbox.fail("terms", "general_error")
    check_connection(standing_by, by=people.administrator)
    assert hindered(standing_by, people) == Hindrance.TEST_FAILED


def test_no_switch_long_after_the_test(people: People, tested: Credential) -> None:
    CredentialCheck.objects.update(checked_at=timezone.now() - rotation.TEST_GOOD_FOR - timedelta(seconds=1))
    assert hindered(tested, people) == Hindrance.TEST_TOO_OLD


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("client_secret", "typed-secret-1"),
        ("client_id", "third-key"),
        ("merchant_username", "somebody"),
        ("merchant_password", "typed-secret-2"),
        ("base_url", "http://127.0.0.1:9/flexiti/pos-api/v2.5"),
    ],
)
def test_no_switch_with_secrets_other_than_those_tested(
    people: People, tested: Credential, column: str, value: str
) -> None:
    setattr(tested, column, value)
    rotation.change(tested, [column], by=people.administrator)
    assert hindered(tested, people) == Hindrance.NEVER_TESTED
    assert again(tested).session_outcome == SessionOutcome.NEVER


def test_no_switch_to_the_one_in_use_or_to_one_that_was_erased(
    people: People, credential: Credential, tested: Credential
) -> None:
    assert hindered(credential, people) == Hindrance.IN_USE
    rotation.retire(tested, by=people.administrator)
    assert hindered(tested, people) == Hindrance.ERASED


def test_switch_back_while_the_secrets_are_kept(people: People, credential: Credential, tested: Credential) -> None:
    rotation.switch(tested, by=people.administrator)
    check_connection(again(credential), by=people.administrator)
    rotation.switch(credential, by=people.administrator)
    assert (again(credential).standing, again(tested).standing) == ("in_use", "retired")
    assert again(credential).retired_at is None


def test_only_one_standing_by_can_be_changed_or_given_up(
    people: People, credential: Credential, tested: Credential
) -> None:
    rotation.switch(tested, by=people.administrator)
    for out_of_reach in (credential, tested):
        with pytest.raises(NotStandingBy):
            rotation.change(out_of_reach, ["client_id"], by=people.administrator)
        with pytest.raises(NotStandingBy):
            rotation.retire(out_of_reach, by=people.administrator)


def test_change_of_nothing_is_no_event(people: People, standing_by: Credential) -> None:
    rotation.change(standing_by, [], by=people.administrator)
    rotation.set_validity(standing_by, None, by=people.administrator)
    assert events("credential_changed") == []


def test_change_names_the_columns_never_their_values(people: People, standing_by: Credential) -> None:
    standing_by.client_secret = "typed-secret-1"
    rotation.change(standing_by, {"client_secret"}, by=people.administrator)
    rotation.set_validity(standing_by, date(2027, 1, 31), by=people.administrator)
    assert [event.detail["fields"] for event in events("credential_changed")] == [["client_secret"], ["valid_until"]]
    assert "typed-secret-1" not in str([event.detail for event in events("credential_changed")])


def test_giving_up_erases_the_secrets_and_drops_the_token(people: People, standing_by: Credential) -> None:
    keys = standing_by.as_posapi()
    CacheTokenStore().put(keys.key, Token("a" * 40, "b" * 40, 1200, keys.fingerprint), 1000)
    rotation.retire(standing_by, by=people.administrator)
    erased = again(standing_by)
    assert (erased.standing, erased.client_secret, erased.merchant_password) == (CredentialStanding.ERASED, "", None)
    assert CacheTokenStore().get(keys.key) is None
    assert events("credential_retired")[0].actor_id == str(people.administrator.pk)


def test_token_of_a_new_secret_of_the_same_client_is_kept(people: People, standing_by: Credential) -> None:
    keys = standing_by.as_posapi()
    CacheTokenStore().put(keys.key, Token("a" * 40, "b" * 40, 1200, "of-another-secret"), 1000)
    rotation.retire(standing_by, by=people.administrator)
    assert CacheTokenStore().get(keys.key) is not None


def test_one_in_use_is_never_erased(credential: Credential) -> None:
    rotation.erase(credential)
    assert again(credential).client_secret == credential.client_secret
    assert events("credential_retired") == []


def test_erasing_twice_is_one_event(people: People, standing_by: Credential) -> None:
    rotation.erase(standing_by)
    rotation.erase(standing_by)
    assert len(events("credential_retired")) == 1


def test_what_follows_whom(people: People, credential: Credential, tested: Credential) -> None:
    rotation.switch(tested, by=people.administrator)
    assert in_place_of(again(credential)) == tested
    assert in_place_of(again(tested)) == tested
    assert not is_left_behind(again(credential))
    Credential.objects.filter(pk=tested.pk).update(environment="training")
    assert in_place_of(again(credential)) == credential
    assert is_left_behind(again(credential))
    assert not is_left_behind(again(tested))


def test_check_is_kept_with_its_steps_by_name(people: People, standing_by: Credential) -> None:
    standing_by.client_secret = "wrong"
    check = check_connection(standing_by, by=people.administrator)
    kept = CredentialCheck.objects.get(pk=check.pk)
    assert (kept.has_passed, kept.occasion, kept.by) == (False, "by_person", people.administrator)
    first, *rest = steps_of(kept)
    assert (first.name, first.verdict, first.error_code) == ("token", "failed", "invalid_client")
    assert "does not know this client id" in first.explanation
    assert {step.verdict for step in rest} == {"not_tried"}
    assert "wrong" not in str(kept.steps)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_many_switches_at_once_each_leaves_one_in_use(
    people: People, credential: Credential, tested: Credential
) -> None:
    def switch() -> bool:
        try:
            rotation.switch(tested, by=people.administrator)
        except CannotSwitch:
            return False
        return True

    assert sorted(at_once(8, switch)) == [False] * 7 + [True]  # type: ignore[type-var]
    assert Credential.objects.filter(is_active=True).count() == 1
