"""POST /oauth/token (vendor doc 000, contract §2)."""

import hmac

from werkzeug.wrappers import Request, Response

from sandbox.answers import json_answer
from sandbox.calls import Call
from sandbox.clients import ApiClient
from sandbox.errors import (
    invalid_client_id,
    invalid_credentials,
    invalid_grant_type,
    oauth,
    wrong_input,
)
from sandbox.lender import Lender
from sandbox.tokens import SCOPES

_LONGEST = 100


def give_token(lender: Lender, call: Call) -> Response:
    """A new token, or one for a refresh token. Only the form body is read: keys in the URL or in JSON count as missing.

    Raises shape A refusals as printed in vendor doc 002, and 409 `wrong_inputs` for an unknown scope.
    """
    form = call.request.form
    client = _check_keys(lender, call.request)
    grant_type = form.get("grant_type") or "client_credentials"
    if grant_type == "refresh_token":
        return _refresh(lender, client, form.get("refresh_token", ""))
    if grant_type not in ("client_credentials", "password"):
        raise invalid_grant_type()
    scope = form.get("scope") or "merchant"
    if scope not in SCOPES:
        raise wrong_input("scope", "invalid", scope)
    return json_answer(lender.tokens.issue(client.client_id, scope).as_json())


def _check_keys(lender: Lender, request: Request) -> ApiClient:
    client_id = request.form.get("client_id", "")
    client_secret = request.form.get("client_secret", "")
    if not client_id or len(client_id) > _LONGEST:
        raise invalid_client_id()
    client = lender.clients.get(client_id)
    if client is None or not hmac.compare_digest(client.client_secret.encode(), client_secret.encode()):
        raise invalid_credentials()
    return client


def _refresh(lender: Lender, client: ApiClient, refresh_token: str) -> Response:
    if not refresh_token:
        raise oauth(400, "invalid_request", 'No "refresh_token" parameter')
    switches = lender.switchboard.now
    token = lender.tokens.refresh(
        refresh_token,
        client.client_id,
        rotate=switches.refresh_tokens_rotate,
        after_expiry=switches.refresh_after_expiry,
    )
    return json_answer(token.as_json())
