"""The API of the stand-in as a WSGI application: route, guard, act, wait, and go wrong where it was asked to."""

import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.answer_faults import stage_in_answer
from sandbox.answers import json_answer, refusal_answer
from sandbox.application_endpoint import apply
from sandbox.calls import Call, read_json
from sandbox.customer_endpoints import close, close_account, lookup, search
from sandbox.errors import Refusal, business
from sandbox.faults import Fault
from sandbox.guard import check_bearer, check_reference_id, reference_id_of
from sandbox.journal import Arrival
from sandbox.lender import Lender
from sandbox.merchant_endpoints import decode_licence, form_values, sign_in, terms_and_conditions
from sandbox.socket_faults import stage_on_socket
from sandbox.token_endpoint import give_token

BASE_PATH = "/flexiti/pos-api/v2.5"

_CLIENT = f"{BASE_PATH}/client-id/<client_id>"
_ROUTES = Map(
    [
        Rule(f"{BASE_PATH}/oauth/token", endpoint="token", methods=["POST"]),
        Rule(f"{_CLIENT}/i18n", endpoint="i18n", methods=["GET", "POST"]),
        Rule(f"{_CLIENT}/i18n/<key>", endpoint="i18n", methods=["GET", "POST"]),
        Rule(f"{_CLIENT}/merchants/login", endpoint="login", methods=["POST"]),
        Rule(f"{_CLIENT}/terms-and-conditions", endpoint="terms", methods=["GET"]),
        Rule(f"{_CLIENT}/customers/driverslicense", endpoint="driverslicense", methods=["POST"]),
        Rule(f"{_CLIENT}/customers/search", endpoint="search", methods=["GET"]),
        Rule(f"{_CLIENT}/customers/lookup", endpoint="lookup", methods=["GET"]),
        Rule(f"{_CLIENT}/apply", endpoint="apply", methods=["POST"]),
        Rule(f"{_CLIENT}/accounts/<account_number>/close", endpoint="close", methods=["POST"]),
        Rule(f"{_CLIENT}/customers/close-account", endpoint="close_account", methods=["POST"]),
    ],
    strict_slashes=False,
    merge_slashes=False,
)

_ENDPOINTS: Mapping[str, Callable[[Lender, Call], Response]] = {
    "token": give_token,
    "i18n": form_values,
    "login": sign_in,
    "terms": terms_and_conditions,
    "driverslicense": decode_licence,
    "search": search,
    "lookup": lookup,
    "apply": apply,
    "close": close,
    "close_account": close_account,
}


class Api:
    """WSGI application of the POS API endpoints."""

    def __init__(self, lender: Lender) -> None:
        self._lender = lender

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        """The answer to a request. Raises ConnectionTaken when a fault ended the connection instead."""
        endpoint, args = self._route(request)
        arrival = Arrival(request.method, request.path, endpoint, reference_id_of(request))
        arrival.query = request.args.to_dict()
        self._lender.journal.arrived(arrival)
        fault = self._lender.faults.take(endpoint, arrival.reference_id) if endpoint else None
        arrival.fault = fault.name if fault else ""
        if fault is None:
            answer = self._act_and_wait(request, arrival, args)
        else:
            answer = self._go_wrong(fault, request, arrival, args)
        arrival.status = answer.status_code
        return answer

    def _route(self, request: Request) -> tuple[str, dict[str, str]]:
        """Endpoint and path arguments; "" for a path or method the API does not have."""
        adapter = _ROUTES.bind("localhost")
        try:
            endpoint, args = adapter.match(request.path, method=request.method)
        except HTTPException:
            return "", {}
        if endpoint == "i18n" and request.method == "POST" and not self._lender.switchboard.now.i18n_accepts_post:
            return "", {}
        return str(endpoint), {name: str(value) for name, value in args.items()}

    def _act_and_wait(self, request: Request, arrival: Arrival, args: Mapping[str, str]) -> Response:
        answer = self._act(request, arrival, args)
        time.sleep(self._lender.latencies.pick(arrival.endpoint))
        return answer

    def _act(self, request: Request, arrival: Arrival, args: Mapping[str, str]) -> Response:
        """Guard and do; the effect is there before the latency begins, as behind a slow network."""
        self._lender.journal.read(arrival, _members(request))
        try:
            return self._call(request, arrival, args)
        except Refusal as refusal:
            return refusal_answer(refusal, request.path, self._lender.switchboard.now)

    def _call(self, request: Request, arrival: Arrival, args: Mapping[str, str]) -> Response:
        if not arrival.endpoint:
            raise business("not_found")
        client = None
        if arrival.endpoint != "token":
            client = check_bearer(request, arrival.endpoint, args["client_id"], self._lender)
        check_reference_id(request, self._lender)
        return _ENDPOINTS[arrival.endpoint](self._lender, Call(request, arrival.reference_id, client, args))

    def _go_wrong(self, fault: Fault, request: Request, arrival: Arrival, args: Mapping[str, str]) -> Response:
        """Stage a fault, on the socket or in the answer."""
        connection: socket.socket = request.environ["werkzeug.socket"]
        answer = None
        if fault.name != "reset_before":
            self._lender.journal.read(arrival, _members(request))
        if fault.processed:
            answer = self._act_and_wait(request, arrival, args)
        elif fault.is_a_decision and arrival.endpoint == "apply":
            self._lender.journal.accepted(arrival.reference_id)
            self._lender.journal.decided(arrival.reference_id, fault.name)
            time.sleep(self._lender.latencies.pick(arrival.endpoint))
        if fault.kind.group == "socket":
            stage_on_socket(fault, connection, answer or json_answer({}))
        return stage_in_answer(fault, answer, request.path, self._lender.switchboard.now)


def _members(request: Request) -> dict[str, Any]:
    """What the body says, for the journal: members of the JSON object or of the form."""
    request.get_data(cache=True)
    return read_json(request) or request.form.to_dict()
