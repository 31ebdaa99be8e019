"""What reads answers of the lender: every endpoint, and what is made of an answer before it is kept."""

import ipaddress
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from applications.journey.scanning import by_step, restored
from applications.submission.decisions import Decision, approved, found_by_search, refused
from applications.submission.judging import Sent, judge
from evidence.fuzz_inputs import documents, some_of, texts
from evidence.fuzz_parsers import Parser
from merchants.credentials.explaining import explanation_of, problem_of
from posapi import Account, Approval, Client, Credentials, CreditApplication, Destinations, FormValues, PosApiError
from posapi.calls import Answer, Request
from posapi.destinations import is_public, is_this_machine
from posapi.errors import TOKEN
from posapi.reading import NotUnderstood, read_json
from tests.applications.journey.specimens import i18n
from tests.contract.examples import example

_KEYS = Credentials("http://127.0.0.1/flexiti/pos-api/v2.5", "client", "secret")
_TODAY = date(2026, 11, 20)
_ACCOUNT: dict[str, Any] = {
    "account_number": "20035156",
    "customer_id": 1234,
    "account_status": "A",
    "available_credit": "659.51",
    "credit_limit": 5000,
    "creation_date": "2026-11-20",
    "card_ending_in": "8234",
    "originating_merchant_id": "77",
}
_LICENCE = {"first_name": "Ann", "last_name": "O'Brien", "dob": "1990-01-31", "postal_code": "M5V 2T6"}
_PERSON = {"first_name": "Ann", "last_name": "Okafor", "dob": "1990-01-31"}
_REFUSAL = {
    "error": "wrong_inputs",
    "message": "<p>Check them</p>",
    "error_description": "No",
    "field_errors": [{"param": "SIN", "msg": "is missing"}, {"param": "dob", "msg": "wrong"}],
}
_CODES = (
    "application_declined_2",
    "application_marked_pending",
    "customer_already_exists",
    "invalid_role",
    "not_found",
)
_BODY: dict[str, Any] = example("apply_request")
_SPECIMENS: Mapping[str, tuple[Any, ...]] = {
    "token": (example("token"),),
    "login": (example("login"),),
    "i18n": (i18n(), {"form_values": i18n()}),
    "terms": ({}, [], "<p>"),
    "apply": (example("apply_quebec"), example("apply_rest_of_canada")),
    "close": ({}, _ACCOUNT),
    "licence": (_LICENCE,),
    "search": ([_ACCOUNT], [], [_ACCOUNT, _ACCOUNT]),
}
_SHARES = {"i18n": 10, "terms": 20, "login": 20}
_STATUSES = st.sampled_from((200, 200, 200, 200, 200, 201, 204, 302, 400, 401, 403, 404, 422, 429, 465, 500, 502, 504))
_TYPES = st.sampled_from(("application/json", "application/json", "application/problem+json")) | texts(
    "text/html; charset=utf-8", "application/json; charset=utf-16"
)


class _Answered(Client):
    """A client that gets the answer which is being tried, whatever it sends."""

    answer = Answer(200, "application/json", b"{}")
    tries_tokens = False

    def send(self, request: Request) -> Answer:
        if request.call.endpoint == TOKEN and not self.tries_tokens:
            return Answer(200, "application/json", b'{"access_token": "a", "expires_in": 1000000}')
        return self.answer


class Endpoint:
    """Asks one endpoint, which gives the answer that is being tried, and keeps what comes of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._client = self._new()

    def read(self, answer: tuple[int, str, bytes]) -> None:
        if self.name == "token":  # a token that was had is not asked for again
            self._client = self._new()
        self._client.answer = Answer(*answer)
        try:
            self._keep(self._ask())
        except PosApiError as problem:
            assert explanation_of(problem_of(problem))
            assert str(problem).startswith(f"{type(problem).__name__}: ")
            _is_kept(refused(problem))

    def _new(self) -> _Answered:
        client = _Answered(_KEYS, destinations=Destinations(this_machine=True), session_factory=lambda: None)  # type: ignore[arg-type,return-value]
        client.tries_tokens = self.name == "token"
        return client

    def _ask(self) -> Any:
        flow = self._client.flow("0123456789abcdef0123456789abcdef")
        match self.name:
            case "token":
                return self._client.tokens.current(flow.reference_id).to_json()
            case "login":
                return flow.login()
            case "i18n":
                return flow.i18n("fr")
            case "terms":
                return flow.terms("fr", "QC")
            case "apply":
                return flow.apply(_APPLICATION)
            case "close":
                return flow.close("20035156")
            case "licence":
                return by_step(flow.decode_licence("@"))
        return flow.search(first_name="Ann", last_name="O'Brien", dob=_TODAY, postal_code="M5V 2T6")

    def _keep(self, value: Any) -> None:
        """What the portal does with it next, as far as it needs no database."""
        if isinstance(value, Approval):
            _is_kept(approved(value))
        elif isinstance(value, FormValues):
            kept = json.loads(json.dumps(value.raw, ensure_ascii=False))
            assert FormValues.from_json(kept, "fr") == value
            assert FormValues.from_json(kept, "fr").digest == value.digest
        elif self.name == "search":
            judge(value, Sent(_TODAY))
            for account in value:
                assert isinstance(account, Account)
                _is_kept(found_by_search(account))
        elif self.name == "login":
            can_be_kept([value.merchant_name, value.merchant_id])
        elif self.name in ("token", "licence"):
            can_be_kept(value)


def can_be_kept(value: Any) -> None:
    """PostgreSQL takes every text in UTF-8 but one with a NUL in it."""
    if isinstance(value, Mapping):
        can_be_kept(list(value.items()))
    elif isinstance(value, list | tuple):
        for one in value:
            can_be_kept(one)
    elif isinstance(value, str):
        assert b"\0" not in value.encode(), "a text that PostgreSQL refuses"


def _is_kept(decision: Decision) -> None:
    kept = decision.to_json()
    can_be_kept(kept)
    assert Decision.from_json(json.loads(json.dumps(kept))) == decision


def _read_json(content: bytes) -> None:
    try:
        read = read_json(content)
    except NotUnderstood as problem:
        assert str(problem)
        return
    json.dumps(_plain(read), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return str(value) if isinstance(value, Decimal) else value


def _credit_application(body: dict[str, Any]) -> None:
    try:
        application = CreditApplication.from_body(body)
    except ValueError as problem:
        assert str(problem)
        return
    sent = application.body()
    assert CreditApplication.from_body(sent) == application
    assert CreditApplication.from_body(json.loads(json.dumps(sent, allow_nan=False))).body() == sent


def _base_url(url: str) -> None:
    allowed = Destinations().allow(url)
    try:
        credentials = Credentials(url, "client", "secret")
    except ValueError:
        return
    assert Credentials(credentials.base_url, "client", "secret") == credentials
    if allowed:
        assert credentials.base_url.lower().startswith("https://posapi")


def _address(text: str) -> None:
    is_this_machine(text)
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return
    assert not (is_public(address) and (address.is_private or address.is_loopback or address.is_link_local))


def _scan(text: str) -> None:
    once = restored(text)
    assert restored(once) == once


_APPLICATION = CreditApplication.from_body(_BODY)
_ANY_JSON = st.none() | st.booleans() | st.integers() | st.floats() | texts("2500.00", "1990-01-31", "1e5")
_BASE = "https://posapi.flexiti.fi/flexiti/pos-api/v2.5"

PARSERS = (
    Parser("JSON of the lender", 50, documents(_ACCOUNT, _REFUSAL, example("apply_quebec")), _read_json),
    *(
        Parser(
            f"answers of the lender: {name}",
            _SHARES.get(name, 35),
            st.tuples(
                _STATUSES,
                _TYPES,
                documents(*specimens, _REFUSAL, *({**_REFUSAL, "error": code} for code in _CODES)),
            ),
            Endpoint(name).read,
        )
        for name, specimens in _SPECIMENS.items()
    ),
    Parser(
        "what is sent to the lender",
        12,
        st.builds(lambda changes: {**_BODY, **changes}, some_of(**dict.fromkeys([*_BODY, "vcc"], _ANY_JSON))),
        _credit_application,
    ),
    Parser(
        "base addresses",
        25,
        texts(_BASE, "http://127.0.0.1:8000/flexiti/pos-api/v2.5", "https://[::1]/flexiti/pos-api/v2.5"),
        _base_url,
    ),
    Parser("addresses of hosts", 30, texts("10.0.0.1", "64:ff9b::a00:1", "2001:db8::1", "::ffff:127.0.0.1"), _address),
    Parser("scans of licences", 20, texts("@\r\n\x1e\rANSI 636012030002DL00410273DLDCAG\r\nDCSOKAFOR\r\nZO02"), _scan),
)
