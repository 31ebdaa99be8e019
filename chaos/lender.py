"""The sandbox in the lender's place, by its control plane (docs/sandbox.md)."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from local_services.portal import API_PATH


@dataclass(frozen=True)
class Flow:
    """What the lender knows of one reference id: its own truth, whatever became of the answers."""

    received: int
    accepted: int
    decided: tuple[str, ...]
    person: str
    accounts: tuple[int, ...]


NOTHING_RECEIVED = Flow(0, 0, (), "", ())


class Lender:
    """A sandbox at `url`, such as `http://127.0.0.1:8100`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.base_url = url + API_PATH

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the control plane; the parsed answer. Raises ValueError with what it refused."""
        caller = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            content = None if body is None else json.dumps(body)
            caller.request(method, f"/_sandbox/{path}", content, {"Content-Type": "application/json"})
            answer = caller.getresponse()
            text = answer.read()
            if answer.status >= http.HTTPStatus.MULTIPLE_CHOICES:
                raise ValueError(f"{method} /_sandbox/{path} answered {answer.status}: {text!r}")
            return json.loads(text) if text else None
        finally:
            caller.close()

    def fail(self, endpoint: str, fault: str, **more: Any) -> None:
        """Stage a fault: `fail("apply", "reset_after", reference_id=..., processed=False)`."""
        self.control("POST", "faults", {"endpoint": endpoint, "fault": fault, **more})

    def latency(self, **seconds: Any) -> None:
        """How long endpoints take: `latency(apply=[0.2, 0.8])`."""
        self.control("PUT", "latency", seconds)

    def switch(self, **changes: Any) -> None:
        """Throw switches: `switch(duplicate_check=False)`."""
        self.control("PUT", "switches", changes)

    def flows(self) -> dict[str, Flow]:
        """Everything that came, by reference id."""
        found: dict[str, dict[str, Any]] = self.control("GET", "flows")
        return {
            reference_id: Flow(**{**flow, "decided": tuple(flow["decided"]), "accounts": tuple(flow["accounts"])})
            for reference_id, flow in found.items()
        }
