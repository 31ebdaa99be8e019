"""The control plane under `/_sandbox/`: JSON in and out, for tests and demonstrations, never part of the API.

It is answered on loopback only, and has a listener of its own so that it works while the API refuses connections.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from sandbox.answers import json_answer
from sandbox.faults import ENDPOINTS, read_fault
from sandbox.latency import read_range
from sandbox.lender import Lender
from sandbox.options import LANGUAGES

CONTROL_PATH = "/_sandbox"

Json = dict[str, Any]


class Door(Protocol):
    """The API's listener, as far as the control plane moves it."""

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so many seconds."""

    def reopen(self) -> None:
        """Accept connections again."""


class Control:
    """WSGI application of the control plane. Errors are 400 or 404 with {"error": "what is wrong"}."""

    def __init__(self, lender: Lender, door: Door, addresses: Callable[[], Json]) -> None:
        self._lender = lender
        self._door = door
        self._addresses = addresses
        actions: Mapping[str, Mapping[str, Callable[[Request], Any]]] = {
            "/": {"GET": lambda _: self._addresses()},
            "/reset": {"POST": self._reset},
            "/requests": {"GET": self._requests},
            "/applies": {"GET": lambda _: lender.journal.applies()},
            "/flows": {"GET": self._flows},
            "/accounts": {"GET": self._accounts},
            "/latency": {"GET": lambda _: lender.latencies.as_json(), "PUT": self._put_latency},
            "/faults": {"GET": self._faults, "POST": self._post_fault, "DELETE": self._delete_faults},
            "/tokens": {"GET": self._tokens, "PUT": self._put_tokens},
            "/keys": {"GET": self._keys, "PUT": self._put_key, "DELETE": self._revoke_key},
            "/tokens/expire": {"POST": lambda _: {"expired": lender.tokens.expire_all()}},
            "/switches": {"GET": lambda _: lender.switchboard.now.as_json(), "PUT": self._put_switches},
            "/options": {"PUT": self._put_options, "DELETE": self._delete_options},
            "/adjudication": {"GET": self._adjudication, "PUT": self._put_adjudication},
        }
        self._actions = actions
        self._routes = Map(
            [Rule(CONTROL_PATH + path, endpoint=path, methods=list(methods)) for path, methods in actions.items()],
            strict_slashes=False,
        )

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        try:
            path, _ = self._routes.bind("localhost").match(request.path, method=request.method)
        except HTTPException as problem:
            return json_answer({"error": problem.name}, problem.code or 404)
        try:
            return json_answer(self._actions[path][request.method](request))
        except (ValueError, KeyError, TypeError) as problem:
            return json_answer({"error": f"{type(problem).__name__}: {problem}"}, 400)

    def _reset(self, request: Request) -> Json:
        """`keep_tokens` leaves the tokens valid: a portal that runs on does not meet a 401 first."""
        self._lender.reset(keep_tokens=bool(_object(request).get("keep_tokens")))
        self._door.reopen()
        return {}

    def _requests(self, request: Request) -> list[Json]:
        return self._lender.journal.requests(request.args.get("reference_id"), request.args.get("bodies") == "1")

    def _flows(self, _: Request) -> dict[str, Json]:
        """By reference id: what came of its `apply` calls, about whom, and the accounts opened for it."""
        opened: dict[str, list[int]] = {}
        for account in self._lender.accounts.all():
            opened.setdefault(account.reference_id, []).append(account.account_number)
        flows = self._lender.journal.flows()
        return {of: {**flow, "accounts": opened.get(of, [])} for of, flow in flows.items()}

    def _accounts(self, _: Request) -> list[Json]:
        return [
            {
                "account_number": account.account_number,
                "status": account.status,
                "credit_limit": account.credit_limit,
                "debt_ratio": account.debt_ratio,
                "risk_rating": account.risk_rating,
                "province": account.application["province"],
                "reference_id": account.reference_id,
                "client_id": account.merchant.client_id,
            }
            for account in self._lender.accounts.all()
        ]

    def _put_latency(self, request: Request) -> Json:
        wanted = _object(request)
        unknown = set(wanted) - set(ENDPOINTS)
        if unknown:
            raise ValueError(f"unknown endpoints: {', '.join(sorted(unknown))}; known: {', '.join(ENDPOINTS)}")
        self._lender.latencies.set({endpoint: read_range(value) for endpoint, value in wanted.items()})
        return dict(self._lender.latencies.as_json())

    def _faults(self, _: Request) -> list[Json]:
        return [fault.as_json() for fault in self._lender.faults.waiting()]

    def _post_fault(self, request: Request) -> Json:
        fault = read_fault(_object(request))
        if fault.kind.group == "listener":
            self._door.refuse(fault.seconds)
        else:
            self._lender.faults.add(fault)
        return fault.as_json()

    def _delete_faults(self, _: Request) -> Json:
        self._lender.faults.clear()
        self._door.reopen()
        return {}

    def _tokens(self, _: Request) -> Json:
        return {"life_seconds": self._lender.tokens.life}

    def _put_tokens(self, request: Request) -> Json:
        life = _object(request)["life_seconds"]
        if isinstance(life, bool) or not isinstance(life, int | float) or life <= 0:
            raise ValueError("life_seconds must be a number above 0")
        self._lender.tokens.life = life
        return {"life_seconds": life}

    def _keys(self, _: Request) -> list[Json]:
        """The keys there are, without their secrets."""
        return [{"client_id": one.client_id, "merchant_id": one.merchant_id} for one in self._lender.clients.all()]

    def _put_key(self, request: Request) -> Json:
        """`client_id` and `client_secret` for the merchant of the client `of`. A replaced secret ends its tokens."""
        wanted = _object(request)
        client_id, client_secret = _text(wanted, "client_id"), _text(wanted, "client_secret")
        client = self._lender.clients.add(client_id, client_secret, of=_text(wanted, "of"))
        revoked = self._lender.tokens.revoke(client_id)
        return {"client_id": client_id, "merchant_id": client.merchant_id, "revoked": revoked}

    def _revoke_key(self, request: Request) -> Json:
        """`client_id`: unknown from now on, and so are its tokens."""
        client_id = _text(_object(request), "client_id")
        self._lender.clients.revoke(client_id)
        return {"revoked": self._lender.tokens.revoke(client_id)}

    def _put_switches(self, request: Request) -> Json:
        return self._lender.switchboard.change(**_object(request)).as_json()

    def _put_options(self, request: Request) -> Json:
        """`remove` (list of codes) and `add` (code to label), by i18n member; `lang` limits it to one language."""
        wanted = _object(request)
        languages = [wanted["lang"]] if wanted.get("lang") else list(LANGUAGES)
        if not set(languages) <= set(LANGUAGES):
            raise ValueError(f"lang must be one of {LANGUAGES}")
        for member, codes in wanted.get("remove", {}).items():
            self._lender.options.remove(member, codes, languages)
        for member, labels in wanted.get("add", {}).items():
            self._lender.options.add(member, labels, languages)
        return self._lender.options.i18n(languages[0])

    def _delete_options(self, _: Request) -> Json:
        self._lender.options.reset()
        return {}

    def _adjudication(self, _: Request) -> Json:
        now = self._lender.overrides.now
        return {"debt_ratio": now.debt_ratio, "credit_limit": now.credit_limit}

    def _put_adjudication(self, request: Request) -> Json:
        """`debt_ratio` in percent and `credit_limit` in dollars for later approvals; null or absent computes them."""
        wanted = _object(request)
        self._lender.overrides.set(_number(wanted, "debt_ratio"), _number(wanted, "credit_limit"))
        return self._adjudication(request)


def _object(request: Request) -> Json:
    body = json.loads(request.get_data() or b"{}")
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body


def _text(wanted: Json, name: str) -> str:
    value = wanted[name]
    if not isinstance(value, str) or not value:
        raise ValueError(f"{name} must be a string that is not empty")
    return value


def _number(wanted: Json, name: str) -> float | None:
    value = wanted.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or value < 0):
        raise ValueError(f"{name} must be a number of 0 or more, or null")
    return value
