"""A merchant with several keys: each works until it is revoked, and what one opened another may close."""

import pytest

from tests.sandbox.caller import Till

SECOND = {"client_id": "second-key", "client_secret": "another-secret-of-this-merchant"}


@pytest.fixture
def second(till: Till) -> Till:
    """The till, whose merchant has a second key beside the first."""
    till.control("PUT", "keys", {**SECOND, "of": "flexitidemo"})
    return till


def with_second_key(till: Till) -> None:
    till.client_id = SECOND["client_id"]
    till.sign_on(**SECOND)


def test_both_keys_work_beside_each_other(second: Till):
    assert second.get("/i18n").status_code == 200
    with_second_key(second)
    assert second.get("/i18n").status_code == 200
    assert {key["merchant_id"] for key in second.control("GET", "keys")} == {"382", "415"}


def test_account_of_one_key_is_closed_with_the_other(second: Till):
    number = second.approved(province="QC", monthly_housing_expenses=900)["account_number"]
    with_second_key(second)
    assert second.post(f"/accounts/{number}/close").status_code == 200


def test_revoked_key_gets_no_token_and_loses_those_it_has(second: Till):
    second.sign_on()
    second.control("DELETE", "keys", {"client_id": "flexitidemo"})
    assert second.get("/i18n").status_code == 401
    refused = second.token()
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_client")
    with_second_key(second)
    assert second.get("/i18n").status_code == 200


def test_new_secret_takes_the_place_of_the_old(till: Till):
    till.sign_on()
    changed = {"client_id": "flexitidemo", "client_secret": "a-new-secret"}
    assert till.control("PUT", "keys", {**changed, "of": "flexitidemo"})["revoked"] == 1
    assert till.get("/i18n").status_code == 401
    assert till.token().status_code == 400
    assert till.token(client_secret="a-new-secret").status_code == 200


def test_reset_brings_the_first_keys_back(second: Till):
    second.control("DELETE", "keys", {"client_id": "flexitidemo"})
    second.control("POST", "reset", {})
    second.sign_on()
    assert [key["client_id"] for key in second.control("GET", "keys")] == ["flexitidemo", "maisonboreale"]


@pytest.mark.parametrize("body", [{"client_id": "nobody"}, {"client_id": ""}, {}])
def test_key_that_is_not_there_cannot_be_revoked(till: Till, body: dict[str, str]):
    answer = till.session.delete(f"{till._control}/keys", json=body, timeout=5)
    assert answer.status_code == 400
