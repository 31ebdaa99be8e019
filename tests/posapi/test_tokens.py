"""Tokens: one fetch for many callers, renewed ahead of time, replaced once when refused."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

import pytest

from posapi import (
    Client,
    Credentials,
    CredentialsRejected,
    CreditApplication,
    InMemoryTokens,
    NotReachable,
    PosApiError,
    RoleNotProvisioned,
    Token,
    TokenRejected,
    UnreadableAnswer,
    new_reference_id,
)
from tests.contract.examples import example
from tests.posapi.lender import HERE, Lender, Line, Received, answers

REFUSED = answers(401, {"code": 401, "error": "invalid_token", "error_description": "?"})


def token(number: int, **members: Any) -> Any:
    return answers(
        200, {**example("token"), "access_token": f"access-{number}", "refresh_token": f"refresh-{number}", **members}
    )


def grants(lender: Lender) -> list[str]:
    forms = [parse_qs(received.body.decode()) for received in lender.asked("oauth/token")]
    return [form["grant_type"][0] + form.get("refresh_token", [""])[0] for form in forms]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 5000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def stranger(lender: Lender, open_client: Callable[..., Client], clock: Clock) -> Client:
    """A client without a token."""
    return open_client(lender.base_url, signed_in=False, tokens=InMemoryTokens(clock))


def use(client: Client) -> None:
    client.flow(new_reference_id()).i18n("en")


def test_token_request_as_documented(lender: Lender, stranger: Client) -> None:
    reference_id = new_reference_id()
    stranger.flow(reference_id).i18n("en")
    asked = lender.asked("oauth/token")[0]
    assert (asked.method, asked.target) == ("POST", "/flexiti/pos-api/v2.5/oauth/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in asked.headers
    assert {name: values[0] for name, values in parse_qs(asked.body.decode()).items()} == example("token_request")
    assert {received.headers["x-reference-id"] for received in lender.received} == {reference_id}
    assert lender.asked("i18n")[0].headers["authorization"] == "Bearer " + example("token")["access_token"]


def test_token_used_until_75_seconds_are_left(lender: Lender, stranger: Client, clock: Clock) -> None:
    lender.will("oauth/token", token(1), token(2))
    use(stranger)
    clock.now += 1200 - 76
    use(stranger)
    assert grants(lender) == ["client_credentials"]
    clock.now += 1
    use(stranger)
    assert grants(lender) == ["client_credentials", "refresh_tokenrefresh-1"]
    assert lender.asked("i18n")[-1].headers["authorization"] == "Bearer access-2"


def test_renewal_uses_the_last_refresh_token(lender: Lender, stranger: Client, clock: Clock) -> None:
    lender.will("oauth/token", token(1), token(2), token(3))
    for _ in range(3):
        use(stranger)
        clock.now += 1150
    assert grants(lender)[1:] == ["refresh_tokenrefresh-1", "refresh_tokenrefresh-2"]


def test_expired_token_starts_again(lender: Lender, stranger: Client, clock: Clock) -> None:
    use(stranger)
    clock.now += 1200
    use(stranger)
    assert grants(lender) == ["client_credentials", "client_credentials"]


def test_life_counts_from_before_the_answer(lender: Lender, stranger: Client) -> None:
    def slowly(line: Line, received: Received) -> None:
        time.sleep(0.6)
        token(1, expires_in=1)(line, received)

    lender.will("oauth/token", slowly, token(2))
    use(stranger)
    use(stranger)
    assert len(grants(lender)) == 2


@pytest.mark.parametrize("status", [400, 401, 409])
def test_refused_renewal_starts_again(lender: Lender, stranger: Client, clock: Clock, status: int) -> None:
    lender.will("oauth/token", token(1), answers(status, {"error": "invalid_grant"}), token(2))
    use(stranger)
    clock.now += 1150
    use(stranger)
    assert grants(lender) == ["client_credentials", "refresh_tokenrefresh-1", "client_credentials"]
    assert lender.asked("i18n")[-1].headers["authorization"] == "Bearer access-2"


def test_token_without_refresh_token_starts_again(lender: Lender, stranger: Client, clock: Clock) -> None:
    lender.will("oauth/token", token(1, refresh_token=None))
    use(stranger)
    clock.now += 1150
    use(stranger)
    assert grants(lender) == ["client_credentials", "client_credentials"]


def test_short_life_is_used_for_its_first_half(lender: Lender, stranger: Client, clock: Clock) -> None:
    lender.will("oauth/token", token(1, expires_in="10"), token(2))
    use(stranger)
    clock.now += 4
    use(stranger)
    assert len(grants(lender)) == 1
    clock.now += 2
    use(stranger)
    assert grants(lender)[1:] == ["refresh_tokenrefresh-1"]


def test_many_threads_fetch_one_token(lender: Lender, stranger: Client) -> None:
    def slowly(line: Line, received: Received) -> None:
        time.sleep(0.1)
        token(1)(line, received)

    lender.will("oauth/token", slowly)
    start = threading.Barrier(24)

    def work(_number: int) -> None:
        start.wait()
        use(stranger)

    with ThreadPoolExecutor(24) as pool:
        list(pool.map(work, range(24)))
    assert grants(lender) == ["client_credentials"]
    assert len(lender.asked("i18n")) == 24


def test_many_threads_replace_a_refused_token_once(lender: Lender, client: Client) -> None:
    def guard(line: Line, received: Received) -> None:
        good = received.headers["authorization"] == "Bearer access-2"
        (answers(200, example("i18n")) if good else REFUSED)(line, received)

    lender.will("i18n", *[guard] * 64)
    lender.will("oauth/token", token(2))
    start = threading.Barrier(16)

    def work(_number: int) -> None:
        start.wait()
        use(client)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    assert grants(lender) == ["client_credentials"]


def test_apply_401_then_success(lender: Lender, client: Client, application: CreditApplication) -> None:
    lender.will("apply", REFUSED)
    lender.will("oauth/token", token(2))
    approval = client.flow(new_reference_id()).apply(application)
    assert approval.account_number == "20035156"
    first, second = lender.asked("apply")
    assert first.body == second.body
    assert first.headers["x-reference-id"] == second.headers["x-reference-id"]
    assert [sent.headers["authorization"] for sent in (first, second)] == ["Bearer first-token", "Bearer access-2"]


@pytest.mark.parametrize("body", [b"", b"<p>Unauthorized</p>", b'{"error": "Unauthorized"}'])
def test_apply_401_twice(lender: Lender, client: Client, application: CreditApplication, body: bytes) -> None:
    lender.will("apply", *[answers(401, body)] * 3)
    with pytest.raises(TokenRejected) as caught:
        client.flow(new_reference_id()).apply(application)
    assert caught.value.certainly_not_processed
    assert len(lender.asked("apply")) == 2


def test_apply_401_with_a_decision_is_not_repeated(
    lender: Lender, client: Client, application: CreditApplication
) -> None:
    lender.will("apply", answers(401, {"error": "application_declined", "message": ""}))
    with pytest.raises(PosApiError, match="ApplicationDeclined"):
        client.flow(new_reference_id()).apply(application)
    assert len(lender.asked("apply")) == 1


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"error": "invalid_client"}, CredentialsRejected),
        (400, {"error": "invalid_request"}, CredentialsRejected),
        (401, {"error": "Unauthorized"}, CredentialsRejected),
        (401, b"", CredentialsRejected),
        (409, {"error": "wrong_inputs", "field_errors": [{"param": "sin", "msg": "?"}]}, CredentialsRejected),
        (409, {"error": "invalid_role"}, RoleNotProvisioned),
        (409, {"error": "application_declined"}, UnreadableAnswer),
        (500, {"error": "invalid_client"}, UnreadableAnswer),
        (200, {**example("token"), "access_token": "with\r\nnewline"}, UnreadableAnswer),
        (200, {**example("token"), "access_token": ""}, UnreadableAnswer),
        (200, {**example("token"), "expires_in": 0}, UnreadableAnswer),
        (200, {**example("token"), "expires_in": None}, UnreadableAnswer),
    ],
)
def test_apply_without_a_token_was_not_processed(
    lender: Lender,
    stranger: Client,
    application: CreditApplication,
    status: int,
    body: Any,
    expected: type[PosApiError],
) -> None:
    lender.will("oauth/token", answers(status, body))
    with pytest.raises(PosApiError) as caught:
        stranger.flow(new_reference_id()).apply(application)
    assert type(caught.value) is expected
    assert caught.value.certainly_not_processed
    assert not lender.asked("apply")


def test_lender_gone_after_the_401(lender: Lender, client: Client, application: CreditApplication) -> None:
    def refuse_and_leave(line: Line, received: Received) -> None:
        lender.hang_up()
        REFUSED(line, received)

    lender.will("apply", refuse_and_leave)
    with pytest.raises(NotReachable) as caught:
        client.flow(new_reference_id()).apply(application)
    assert caught.value.certainly_not_processed


def test_token_of_a_replaced_secret_is_not_used(lender: Lender, open_client: Callable[..., Client]) -> None:
    store = InMemoryTokens()
    for secret in ("old", "new"):
        with Client(Credentials(lender.base_url, "flexitidemo", secret), store, HERE) as client:
            use(client)
    assert grants(lender) == ["client_credentials", "client_credentials"]


def test_store_shared_between_clients(lender: Lender, open_client: Callable[..., Client]) -> None:
    store = InMemoryTokens()
    for _ in range(2):
        use(open_client(lender.base_url, signed_in=False, tokens=store))
    assert len(grants(lender)) == 1


def test_token_as_json() -> None:
    kept = Token("access", "refresh", 1200.0, "print")
    assert Token.from_json(kept.to_json()) == kept
    assert "access" not in repr(kept)
