"""Faults inside HTTP: error answers of all kinds, and good answers that were spoilt."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.wrappers import Response

from sandbox.answers import json_answer, refusal_answer
from sandbox.errors import (
    BUSINESS_ERRORS,
    FieldError,
    Refusal,
    business,
    expired_token,
    insufficient_scope,
    invalid_credentials,
    invalid_grant_type,
    invalid_token,
    oauth,
    wrong_inputs,
)
from sandbox.faults import Fault
from sandbox.switches import Switches

Json = dict[str, Any]

_SCRIPTS = (
    "<h2>Sandbox</h2><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    '<p onclick="alert(1)" style="position:fixed">Call us</p><a href="javascript:alert(1)">here</a>'
    "<iframe src='https://example.test/'></iframe><form action='https://example.test/'><input name='sin'></form>"
)
_OVERSIZED = 8 * 1024 * 1024


def stage_in_answer(fault: Fault, answer: Response | None, url: str, switches: Switches) -> Response:
    """The answer this fault puts in place of `answer`, which is None when the request was not processed."""
    refusal = _refusal(fault)
    if refusal:
        refusal.message = fault.message or refusal.message
        return refusal_answer(refusal, url, switches)
    if fault.name in _PLAIN:
        status, content_type, body = _PLAIN[fault.name]
        return Response(body.replace("{url}", url), status, content_type=content_type)
    if fault.name == "hostile_html":
        return _hostile(url, fault.message)
    if fault.name == "redirect":
        return Response("", 302, {"Location": f"{url}/elsewhere"})
    if fault.name == "late_answer":
        time.sleep(fault.seconds)
        return answer or json_answer({})
    return _SPOIL[fault.name](answer or json_answer({}))


def _refusal(fault: Fault) -> Refusal | None:
    if fault.name in BUSINESS_ERRORS:
        return business(fault.name)
    if fault.name == "wrong_inputs":
        return wrong_inputs(*(FieldError(param, msg) for param, msg in fault.field_errors))
    make = _OAUTH.get(fault.name)
    return make() if make else None


_OAUTH: Mapping[str, Callable[[], Refusal]] = {
    "invalid_token": invalid_token,
    "expired_token": expired_token,
    "unauthorized": lambda: oauth(401, "Unauthorized", "Wrong or missing merchant authorization"),
    "invalid_client": invalid_credentials,
    "invalid_request": invalid_grant_type,
    "insufficient_scope": lambda: insufficient_scope(403),
    "unknown_code": lambda: Refusal(409, "a_code_added_later", "A code that no page lists."),
}

_JSON, _HTML = "application/json; charset=utf-8", "text/html; charset=utf-8"
_BLOCKED = "<html><head><title>Request blocked</title></head><body><h1>Request blocked</h1></body></html>"

_PLAIN: Mapping[str, tuple[int, str, str]] = {
    "blocked_465": (465, _HTML, _BLOCKED),
    "blocked_466": (466, _HTML, _BLOCKED),
    "blocked_467": (467, _HTML, _BLOCKED),
    "internal_error": (500, _HTML, "<html><body><h1>Internal Server Error</h1></body></html>"),
    "error_code_in_500": (500, _JSON, '{"url": "{url}", "message": "Declined.", "error": "application_declined"}'),
    "bad_gateway_html": (502, _HTML, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "service_unavailable": (503, _HTML, "<html><body><h1>Service Unavailable</h1></body></html>"),
    "gateway_timeout_504": (504, _JSON, '{"message": "Endpoint request timed out", "error": "GATEWAY_TIMEOUT"}'),
    "ok_with_error_body": (
        200,
        _JSON,
        '{"url": "{url}", "message": "A back-end process failed.", "error": "general_error"}',
    ),
}


def _hostile(url: str, html: str) -> Response:
    """HTML that must be sanitised: as terms, or as the message of a decline."""
    if url.endswith("/terms-and-conditions"):
        return Response(html or f"<div id='tcs'>{_SCRIPTS}</div>", content_type=_HTML)
    refusal = Refusal(409, "application_declined", html or _SCRIPTS)
    return json_answer(refusal.body(url), refusal.status)


def _truncated(answer: Response) -> Response:
    """Well-formed HTTP around JSON that stops half-way."""
    whole = answer.get_data()
    answer.set_data(whole[: len(whole) * 2 // 3])
    return answer


def _duplicate_keys(answer: Response) -> Response:
    """Every member twice, the second time with another value: parsers that take the last one get it wrong."""
    members = _object(answer)
    pairs = [*members.items(), *((name, _another(value)) for name, value in members.items())]
    answer.set_data("{" + ", ".join(f"{json.dumps(name)}: {json.dumps(value)}" for name, value in pairs) + "}")
    return answer


def _another(value: Any) -> Any:
    """A different value of the same type."""
    if isinstance(value, int | float):
        return value + 1
    return value + "0" if isinstance(value, str) else value


def _wrong_content_type(answer: Response) -> Response:
    answer.content_type = "text/plain; charset=utf-8"
    return answer


def _empty(answer: Response) -> Response:
    answer.set_data(b"")
    return answer


def _oversized(answer: Response) -> Response:
    answer.set_data(json.dumps(_object(answer) | {"padding": "x" * _OVERSIZED}))
    return answer


def _not_an_object(answer: Response) -> Response:
    answer.set_data(json.dumps([_object(answer)]))
    return answer


def _without_account(answer: Response) -> Response:
    """A success that lost its `account_number`."""
    members = _object(answer)
    members.pop("account_number", None)
    return json_answer(members, 200)


def _object(answer: Response) -> Json:
    try:
        parsed = json.loads(answer.get_data())
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {"items": parsed}


_SPOIL: Mapping[str, Callable[[Response], Response]] = {
    "truncated_json": _truncated,
    "duplicate_keys": _duplicate_keys,
    "wrong_content_type": _wrong_content_type,
    "empty_body": _empty,
    "oversized": _oversized,
    "not_an_object": _not_an_object,
    "ok_without_account": _without_account,
}
