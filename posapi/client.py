"""The client: one short method per endpoint (vendor docs 000-002, contract §2-§9)."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Self, TypeVar
from urllib.parse import quote

import requests

from posapi.applications import Approval, CreditApplication
from posapi.calls import Answer, Call, Request
from posapi.connections import open_session
from posapi.credentials import Credentials
from posapi.destinations import VENDOR, Destinations
from posapi.errors import APPLY, CLOSE, NotFound, PosApiError, TokenRejected, error_class
from posapi.interpretation import understand
from posapi.options import ESSENTIAL, LANGUAGES, FormValues
from posapi.reading import NotUnderstood, object_of
from posapi.records import Account, Licence, MerchantSession, Terms, read_accounts
from posapi.tokens import InMemoryTokens, Tokens, TokenStore
from posapi.transport import Timeouts, Transport

READ_TIMEOUTS = Timeouts()
APPLY_TIMEOUTS = Timeouts(connect=3.05, read=45, total=60)
_HTML_TYPES = ("text/html", "application/xhtml+xml")

Value = TypeVar("Value")
# Told how every call ended: its endpoint, and None for a success.
Observer = Callable[[str, PosApiError | None], None]


class Client:
    """A merchant's client. Safe to share between threads; close it, or use it in a `with`.

    `destinations` are the hosts to which calls may go, the vendor's unless told otherwise; credentials for another host
    are refused (DestinationRefused). `apply_timeouts` are for `apply` and `close`, `timeouts` for everything else.
    `observe` is told how every call ended, and must not raise.
    """

    def __init__(
        self,
        credentials: Credentials,
        tokens: TokenStore | None = None,
        destinations: Destinations = VENDOR,
        timeouts: Timeouts = READ_TIMEOUTS,
        apply_timeouts: Timeouts = APPLY_TIMEOUTS,
        observe: Observer | None = None,
        session_factory: Callable[[], requests.Session] = open_session,
    ) -> None:
        self.credentials = credentials
        self.timeouts = timeouts
        self.apply_timeouts = apply_timeouts
        self.transport = Transport(credentials.base_url, destinations=destinations, session_factory=session_factory)
        store = InMemoryTokens() if tokens is None else tokens
        self.tokens = Tokens(credentials, store, self.send)
        self.observe = observe or _nobody_watches

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections kept for reading."""
        self.transport.close()

    @property
    def longest_apply_seconds(self) -> float:
        """The longest an `apply` or `close` may take: token, call, and both once more after a 401.

        Looking up the host's name comes on top of it, as do waits for the token store's lock.
        """
        return 2 * (self.timeouts.total + self.apply_timeouts.total)

    def flow(self, reference_id: str) -> "Flow":
        """The calls of one application flow, which all carry this reference id, a GUID (else ValueError)."""
        return Flow(self, reference_id)

    def send(self, request: Request) -> Answer:
        """Send one request within the limits of its endpoint."""
        is_changing = request.call.endpoint in (APPLY, CLOSE)
        return self.transport.exchange(request, self.apply_timeouts if is_changing else self.timeouts)


class Flow:
    """The endpoints, for one reference id. Every method may raise any PosApiError."""

    def __init__(self, client: Client, reference_id: str) -> None:
        self._client = client
        self.reference_id = uuid.UUID(reference_id).hex

    def login(self, lang: str = "en") -> MerchantSession:
        """Open the merchant's session. Wrong user name or password: MerchantSignInRejected."""
        call = self._call(
            "merchants/login",
            "POST",
            query={"lang": _language(lang)},
            payload=self._client.credentials.merchant_sign_in(),
        )
        return self._ask(call, lambda answer: MerchantSession.from_json(answer.json(), lang))

    def i18n(self, lang: str) -> FormValues:
        """Every form value and disclosure in a language, `en` or `fr`."""
        call = self._call("i18n", query={"lang": _language(lang)}, repeatable=True)
        return self._ask(call, lambda answer: FormValues.read(answer.json(), lang, essential=ESSENTIAL))

    def terms(self, lang: str, province: str) -> Terms:
        """The terms for the applicant's language and home province, `QC` having its own."""
        query = {"lang": _language(lang), "province": province}
        return self._ask(self._call("terms-and-conditions", query=query, repeatable=True), _terms)

    def apply(self, application: CreditApplication) -> Approval:
        """Submit an application, once. Only an approval returns.

        ApplicationDeclined and ApplicationPending are decisions. OutcomeUnknown means it may have been
        processed: never send it again by yourself.
        """
        call = self._call(APPLY, "POST", payload=application.body())
        return self._ask(call, lambda answer: Approval.from_json(answer.json()))

    def close(self, account_number: str) -> None:
        """Cancel a Quebec applicant's approval by closing the account (contract §7)."""
        call = self._call(CLOSE, "POST", path=f"accounts/{quote(account_number, safe='')}/close", payload={})
        self._ask(call, lambda answer: object_of(answer.json()))

    def decode_licence(self, code: str) -> Licence:
        """Decode the raw text of a licence's barcode, control characters included."""
        call = self._call("customers/driverslicense", "POST", payload={"code": code})
        return self._ask(call, lambda answer: Licence.from_json(answer.json()))

    def search(
        self, *, first_name: str, last_name: str, dob: date | str, postal_code: str | None = None
    ) -> tuple[Account, ...]:
        """The accounts of a person; none is an answer too (contract §9.1)."""
        query = {"first_name": first_name, "last_name": last_name, "dob": str(dob)}
        if postal_code:
            query["postal_code"] = re.sub(r"[\s-]", "", postal_code).upper()
        call = self._call("customers/search", query=query, repeatable=True)
        try:
            return self._ask(call, lambda answer: read_accounts(answer.json()))
        except NotFound as answer:
            if answer.code != "not_found":
                raise
        return ()

    def _call(
        self,
        endpoint: str,
        method: str = "GET",
        *,
        path: str = "",
        query: Mapping[str, str] | None = None,
        payload: Mapping[str, Any] | None = None,
        repeatable: bool = False,
    ) -> Call:
        client_id = quote(self._client.credentials.client_id, safe="")
        return Call(
            endpoint,
            method,
            f"client-id/{client_id}/{path or endpoint}",
            query=query or {},
            payload=payload,
            repeatable=repeatable,
        )

    def _ask(self, call: Call, read: Callable[[Answer], Value]) -> Value:
        try:
            value = self._exchange(call, read)
        except PosApiError as problem:
            self._client.observe(call.endpoint, problem)
            raise
        self._client.observe(call.endpoint, None)
        return value

    def _exchange(self, call: Call, read: Callable[[Answer], Value]) -> Value:
        """Send with the current token; after a 401, which means not processed, once more with a new one."""
        tokens = self._client.tokens
        token = tokens.current(self.reference_id)
        request = Request(call, self.reference_id, token.access_token)
        answer = self._client.send(request)
        if error_class(call.endpoint, answer.status, answer.refusal().code) is TokenRejected:
            token = tokens.replace(token, self.reference_id)
            request = Request(call, self.reference_id, token.access_token)
            answer = self._client.send(request)
        return understand(request, answer, read)


def _nobody_watches(_endpoint: str, _problem: PosApiError | None) -> None:
    pass


def _language(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError("The language must be en or fr.")
    return lang


def _terms(answer: Answer) -> Terms:
    """The fragment of vendor doc 002; its content type is undocumented (contract §4), so its first character counts."""
    content = answer.content.strip()
    if not content:
        raise NotUnderstood("empty body")
    is_html = answer.content_type.partition(";")[0].strip().lower() in _HTML_TYPES
    if not is_html and not content.startswith(b"<"):
        raise NotUnderstood("not HTML")
    return Terms(content=answer.content, content_type=answer.content_type)
