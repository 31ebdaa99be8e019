"""Life, refresh, scope and keys of tokens."""

import pytest
import requests

from sandbox.errors import Refusal
from sandbox.tokens import TokenBook
from tests.sandbox.caller import Till
from tests.sandbox.vendor_examples import TOKEN_REQUEST


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def refused(answer: requests.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["error"], answer.json()["error_description"]


def test_token_lives_exactly_its_life():
    clock = Clock()
    book = TokenBook(1200, clock)
    token = book.issue("a", "merchant")
    clock.now = 1199.9
    assert book.check(token.access_token) == token
    clock.now = 1200
    with pytest.raises(Refusal) as refusal:
        book.check(token.access_token)
    assert refusal.value.description == "The access token provided has expired."


def test_refresh_before_expiry_gives_a_full_life():
    clock = Clock()
    book = TokenBook(1200, clock)
    old = book.issue("a", "customer")
    clock.now = 1199
    new = book.refresh(old.refresh_token, "a", rotate=True, after_expiry=False)
    clock.now = 2398
    assert book.check(new.access_token).scope == "customer"


def test_refresh_after_expiry_only_in_the_older_reading():
    clock = Clock()
    book = TokenBook(1200, clock)
    old = book.issue("a", "merchant")
    clock.now = 1200
    with pytest.raises(Refusal):
        book.refresh(old.refresh_token, "a", rotate=True, after_expiry=False)
    assert book.refresh(old.refresh_token, "a", rotate=True, after_expiry=True)


def test_refresh_token_of_another_client_is_refused():
    book = TokenBook()
    token = book.issue("a", "merchant")
    with pytest.raises(Refusal):
        book.refresh(token.refresh_token, "b", rotate=True, after_expiry=False)


def test_tokens_long_expired_are_forgotten():
    clock = Clock()
    book = TokenBook(10, clock)
    old = book.issue("a", "merchant")
    clock.now = 3611
    book.issue("a", "merchant")
    with pytest.raises(Refusal) as refusal:
        book.check(old.access_token)
    assert refusal.value.description == "The access token provided is invalid."


def test_refresh_rotates_and_the_old_access_token_still_lives(till: Till):
    till.sign_on()
    first = till.token().json()
    second = till.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    again = till.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert refused(again) == (400, "invalid_grant", "Invalid refresh token")
    till.bearer = first["access_token"]
    assert till.get("/i18n").status_code == 200


def test_refresh_without_rotation_works_again(till: Till):
    till.switch(refresh_tokens_rotate=False)
    first = till.token().json()
    for _ in range(2):
        answer = till.token(grant_type="refresh_token", refresh_token=first["refresh_token"])
        assert answer.status_code == 200


def test_refresh_without_refresh_token_is_refused(till: Till):
    assert refused(till.token(grant_type="refresh_token"))[:2] == (400, "invalid_request")


def test_unknown_client_is_refused_as_in_case_b1(till: Till):
    assert refused(till.token(client_id="xxxxxx"))[:2] == (400, "invalid_client")


def test_client_id_over_100_characters_is_refused(till: Till):
    assert refused(till.token(client_id="x" * 101))[2] == "Invalid or missing client_id parameter"


@pytest.mark.parametrize("how", ["json", "params"])
def test_keys_outside_the_form_count_as_missing(till: Till, how: str):
    answer = till.call("POST", "//oauth/token", **{how: TOKEN_REQUEST})
    assert refused(answer) == (400, "invalid_client", "Invalid or missing client_id parameter")


def test_grant_type_and_scope_have_defaults(till: Till):
    answer = till.token(grant_type="", scope="")
    assert answer.json()["scope"] == "merchant"


def test_unknown_scope_is_a_wrong_input(till: Till):
    answer = till.token(scope="everything")
    assert answer.status_code == 409
    assert answer.json()["url"] == "/flexiti/pos-api/v2.5/oauth/token"
    assert answer.json()["field_errors"] == [{"param": "scope", "msg": "invalid"}]


def test_expired_through_the_control_plane(till: Till):
    first = till.token().json()
    till.bearer = first["access_token"]
    assert till.control("POST", "tokens/expire")["expired"] >= 1
    assert refused(till.get("/i18n")) == (401, "invalid_token", "The access token provided has expired.")
    assert till.token(grant_type="refresh_token", refresh_token=first["refresh_token"]).status_code == 400


def test_life_set_through_the_control_plane(till: Till):
    till.control("PUT", "tokens", {"life_seconds": 0.01})
    assert till.token().json()["expires_in"] == 0.01
    till.control("PUT", "tokens", {"life_seconds": 90})
    assert till.token().json()["expires_in"] == 90
