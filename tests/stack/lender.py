"""The sandbox as tests use it: where it answers, and its control plane."""

import http.client
import json
import sys
from typing import Any
from urllib.parse import urlencode, urlsplit

from local_services.portal import API_PATH, ROOT
from local_services.processes import Supervisor

_READY = "sandbox ready "


class Sandbox:
    """A running sandbox at `url`, such as `http://127.0.0.1:8100`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.base_url = url + API_PATH

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the control plane (`/_sandbox/` + path); the parsed answer."""
        caller = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=10)
        try:
            content = None if body is None else json.dumps(body)
            caller.request(method, f"/_sandbox/{path}", content, {"Content-Type": "application/json"})
            answer = caller.getresponse()
            text = answer.read()
            if answer.status >= 300:
                raise AssertionError(f"{method} /_sandbox/{path} answered {answer.status}: {text!r}")
            return json.loads(text) if text else None
        finally:
            caller.close()

    def reset(self, *, keep_tokens: bool = False) -> None:
        """Forget everything received and staged."""
        self.control("POST", "reset", {"keep_tokens": keep_tokens})

    def fail(self, endpoint: str, fault: str, times: int = 1, **more: Any) -> None:
        """Stage a fault for the next `times` calls of an endpoint (`apply`, `token`, `i18n`...)."""
        self.control("POST", "faults", {"endpoint": endpoint, "fault": fault, "times": times, **more})

    def latency(self, **seconds: Any) -> None:
        """Set how long endpoints take: `latency(apply=[1, 2], terms=0)`."""
        self.control("PUT", "latency", seconds)

    def options(self, **changes: Any) -> None:
        """Change the lender's options: `options(remove={"occupation_ids": ["OT"]})`."""
        self.control("PUT", "options", changes)

    def requests(self, **filters: str) -> Any:
        """What arrived, oldest first; `requests(reference_id=...)` for one flow."""
        return self.control("GET", "requests" + (f"?{urlencode(filters)}" if filters else ""))

    def applies(self) -> dict[str, dict[str, int]]:
        """How many `apply` calls were received and accepted, by reference id."""
        answer: dict[str, dict[str, int]] = self.control("GET", "applies")
        return answer


def start_sandbox(supervisor: Supervisor) -> Sandbox:
    """A sandbox of its own on a free port, answering at once."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--apply-latency", "0", "0"]
    child = supervisor.start("sandbox", command, folder=ROOT)
    supervisor.wait_until(child, lambda: _READY in child.log.read_text(), within=20)
    ready = next(line for line in child.log.read_text().splitlines() if line.startswith(_READY))
    return Sandbox(ready.removeprefix(_READY).strip().removesuffix(API_PATH))
