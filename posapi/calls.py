"""One request as data, and one answer; neither shows its content when printed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from posapi.errors import FieldError
from posapi.reading import Json, NotUnderstood, read_json

_JSON_TYPES = ("application/json", "text/json")


@dataclass(frozen=True, repr=False)
class Call:
    """A request to one endpoint. `endpoint` is its name in errors and logs; `path` is below the base URL.

    `repeatable` means that sending it twice does no harm.
    """

    endpoint: str
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    payload: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None
    repeatable: bool = False

    def __repr__(self) -> str:
        return f"<Call {self.endpoint}>"


@dataclass(frozen=True, repr=False)
class Request:
    """A call on its way: with the reference id of its flow and, unless it asks for one, an access token."""

    call: Call
    reference_id: str
    access_token: str = ""

    def __repr__(self) -> str:
        return f"<Request {self.call.endpoint}>"

    def headers(self) -> dict[str, str]:
        """The headers, credentials included."""
        headers = {"x-reference-id": self.reference_id, "accept-encoding": "identity"}
        if self.access_token:
            headers["authorization"] = f"Bearer {self.access_token}"
        if self.call.payload is not None:
            headers["content-type"] = "application/json"
        if not self.call.repeatable:
            headers["connection"] = "close"
        return headers

    def data(self) -> bytes | dict[str, str] | None:
        """The body: JSON in ASCII, or form fields, or nothing."""
        if self.call.payload is not None:
            return json.dumps(self.call.payload, allow_nan=False).encode("ascii")
        return None if self.call.form is None else dict(self.call.form)


@dataclass(frozen=True, repr=False)
class Answer:
    """What came back, complete: status, content type as served, and the bytes."""

    status: int
    content_type: str
    content: bytes

    def __repr__(self) -> str:
        return f"<Answer {self.status}, {len(self.content)} bytes>"

    def json(self) -> Json:
        """The parsed body; NotUnderstood when it is not strict JSON labelled as such."""
        if not self.content.strip():
            raise NotUnderstood("empty body")
        media_type = self.content_type.partition(";")[0].strip().lower()
        if media_type not in _JSON_TYPES and not media_type.endswith("+json"):
            raise NotUnderstood("content type is not JSON")
        return read_json(self.content)

    def refusal(self) -> "Refusal":
        """The error body, as far as it can be read."""
        try:
            members = self.json()
        except NotUnderstood as problem:
            return Refusal(reason=str(problem))
        return Refusal.from_json(members)


@dataclass(frozen=True, repr=False)
class Refusal:
    """An error body in any of its three documented shapes (contract §1.4)."""

    code: str = ""
    message: str = ""
    field_errors: tuple[FieldError, ...] = ()
    reason: str = ""

    @classmethod
    def from_json(cls, members: Json) -> "Refusal":
        """Read `error`, the message of either name, and the refused inputs of either name."""
        if not isinstance(members, Mapping) or not _written(members, "error"):
            return cls(reason="no error code")
        return cls(
            code=_written(members, "error")[:100],
            message=_written(members, "message") or _written(members, "error_description"),
            field_errors=_field_errors(members.get("field_errors") or members.get("error_fields")),
        )


def _field_errors(entries: Json) -> tuple[FieldError, ...]:
    if not isinstance(entries, list):
        return ()
    readable = [entry for entry in entries if isinstance(entry, Mapping) and _written(entry, "param")]
    return tuple(FieldError(_written(entry, "param"), _written(entry, "msg")) for entry in readable)


def _written(members: Mapping[str, Json], name: str) -> str:
    value = members.get(name)
    return value.strip() if isinstance(value, str) else ""
