"""What every call must bring: a reference id, a good bearer token, its own client id in the path, the right scope."""

import re

from werkzeug.wrappers import Request

from sandbox.clients import ApiClient
from sandbox.errors import insufficient_scope, invalid_client_id, invalid_token, wrong_input
from sandbox.lender import Lender

CUSTOMER_ENDPOINTS = frozenset({"i18n", "terms", "driverslicense", "apply", "close", "close_account"})
"""Open to a token of customer scope (vendor doc 000); all others are for merchant scope only."""

_REFERENCE_ID = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_REFERENCE_HEADER = "x-reference-id"


def reference_id_of(request: Request) -> str:
    """The reference id as sent, "" when there is none or it is no GUID (so that nothing odd reaches a log)."""
    sent = request.headers.get(_REFERENCE_HEADER, "")
    return sent if _REFERENCE_ID.fullmatch(sent) else ""


def check_reference_id(request: Request, lender: Lender) -> None:
    """A GUID, with or without hyphens. Raises a 409 refusal (ours: contract §15)."""
    if not lender.switchboard.now.reference_id_required:
        return
    sent = request.headers.get(_REFERENCE_HEADER, "")
    if not sent:
        raise wrong_input(_REFERENCE_HEADER, "required")
    if not _REFERENCE_ID.fullmatch(sent):
        raise wrong_input(_REFERENCE_HEADER, "invalid", sent)


def check_bearer(request: Request, endpoint: str, client_id: str, lender: Lender) -> ApiClient:
    """The client behind the token. Raises 401 (token), 400 (another client's id in the path), 403 (scope) refusals."""
    kind, _, access_token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not access_token:
        raise invalid_token()
    token = lender.tokens.check(access_token.strip())
    client = lender.clients.get(token.client_id)
    if client is None or client_id != token.client_id:
        raise invalid_client_id()
    if token.scope == "customer" and endpoint not in CUSTOMER_ENDPOINTS:
        raise insufficient_scope(lender.switchboard.now.wrong_scope_status)
    return client
