"""HTTP answers of the API."""

import json
from typing import Any

from werkzeug.wrappers import Response

from sandbox.errors import Refusal
from sandbox.switches import Switches

_DECISIONS = ("application_declined", "application_marked_pending")


def json_answer(body: Any, status: int = 200) -> Response:
    """A JSON answer in UTF-8, members in the order given."""
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def refusal_answer(refusal: Refusal, url: str, switches: Switches) -> Response:
    """A refusal as JSON. With `decision_status` 200 a decline or pending is a 200 with the same, invented, body."""
    status = switches.decision_status if refusal.error.startswith(_DECISIONS) else refusal.status
    return json_answer(refusal.body(url, spelling=switches.input_errors), status)
