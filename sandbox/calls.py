"""One call of an endpoint: who calls, for which flow, with what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.wrappers import Request

from sandbox.clients import ApiClient
from sandbox.errors import Refusal, business, wrong_input
from sandbox.options import LANGUAGES

Json = dict[str, Any]


@dataclass(frozen=True)
class Call:
    """A call that passed the guard. `client` is None for the token endpoint only; `args` come from the path."""

    request: Request
    reference_id: str
    client: ApiClient | None = None
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def merchant(self) -> ApiClient:
        """The client of the bearer token."""
        if self.client is None:
            raise business("invalid_role")
        return self.client

    @property
    def lang(self) -> str:
        """The `lang` parameter, `en` by default. Raises a 409 refusal for another language than en and fr."""
        lang = self.request.args.get("lang") or "en"
        if lang not in LANGUAGES:
            raise wrong_input("lang", "invalid", lang)
        return lang

    def query(self, name: str) -> str:
        """A query parameter, "" when it was not sent."""
        return self.request.args.get(name, "").strip()

    def json_body(self) -> Json:
        """The members of the JSON body; a body that is not declared as JSON has none.

        Raises a 400 `general_error` refusal when it is not a JSON object (ours: no page shows that case).
        """
        body = read_json(self.request)
        if body is None:
            raise Refusal(400, "general_error", "The request body is not a JSON object.")
        return body


def read_json(request: Request) -> Json | None:
    """The JSON object of a request body, {} without one, None when it cannot be read as an object."""
    raw = request.get_data(cache=True)
    if not raw or not request.is_json:
        return {}
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
