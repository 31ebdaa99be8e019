"""A merchant's till as the sandbox sees it, and the control plane, both over real HTTP."""

import secrets
import socket
import time
from typing import Any
from urllib.parse import urlsplit

import requests

from sandbox.server import Sandbox
from tests.sandbox.vendor_examples import APPLY_REQUEST, TOKEN_REQUEST

Json = dict[str, Any]


class Till:
    """Calls the API as client `flexitidemo` with one reference id; the token is fetched when first needed."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._url, self._control = sandbox.api_url, sandbox.control_url
        self.session = requests.Session()
        self.session.trust_env = False
        self.reference_id = secrets.token_hex(16)
        self.client_id = "flexitidemo"
        self.bearer = ""

    def token(self, **form: str) -> requests.Response:
        """POST oauth/token with the vendor's example, changed by `form`; None-like "" leaves a member out."""
        members = {name: value for name, value in {**TOKEN_REQUEST, **form}.items() if value}
        headers = {"x-reference-id": self.reference_id}
        return self.session.post(f"{self._url}/oauth/token", data=members, headers=headers, timeout=10)

    def sign_on(self, **form: str) -> None:
        """Use a new token from now on."""
        answer = self.token(**form)
        assert answer.status_code == 200, answer.text
        self.bearer = answer.json()["access_token"]

    def call(self, method: str, path: str, *, timeout: float = 10, **more: Any) -> requests.Response:
        """A request under /client-id/{client_id}, or from the base path if `path` starts with "//"."""
        if not self.bearer:
            self.sign_on()
        headers = {"authorization": f"Bearer {self.bearer}", "x-reference-id": self.reference_id}
        headers |= more.pop("headers", {})
        headers = {name: value for name, value in headers.items() if value is not None}
        url = self._url + (path[1:] if path.startswith("//") else f"/client-id/{self.client_id}{path}")
        return self.session.request(method, url, headers=headers, timeout=timeout, **more)

    def get(self, path: str, **query: str) -> requests.Response:
        """GET with a query."""
        return self.call("GET", path, params=query)

    def post(self, path: str, body: Any = None) -> requests.Response:
        """POST a JSON body."""
        return self.call("POST", path, json=body)

    def apply(self, **changes: Any) -> requests.Response:
        """POST apply with the vendor's example changed by `changes`; None leaves a field out."""
        return self.post("/apply", applicant(**changes))

    def approved(self, **changes: Any) -> Json:
        """The members of an approval."""
        answer = self.apply(**changes)
        assert answer.status_code == 200, answer.text
        members: Json = answer.json()
        return members

    def refused_fields(self, **changes: Any) -> list[tuple[str, str]]:
        """(param, msg) of every field error that `apply` answers."""
        answer = self.apply(**changes)
        assert (answer.status_code, answer.json()["error"]) == (409, "wrong_inputs"), answer.text
        return [(e["param"], e["msg"]) for e in answer.json()["field_errors"]]

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the control plane."""
        answer = self.session.request(method, f"{self._control}/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def switch(self, **changes: Any) -> None:
        """Throw switches."""
        self.control("PUT", "switches", changes)

    def fail(self, fault: str, endpoint: str = "apply", **more: Any) -> None:
        """Stage a fault."""
        self.control("POST", "faults", {"fault": fault, "endpoint": endpoint, **more})

    def counts(self) -> Json:
        """What `apply` counted for this till's reference id."""
        counted: Json = self.control("GET", "applies").get(self.reference_id, {})
        return counted

    def raw(self, body: bytes = b"{}", path: str = "/apply") -> socket.socket:
        """A bare connection on which a POST was sent."""
        if not self.bearer:
            self.sign_on()
        address = urlsplit(self._url)
        assert address.hostname
        assert address.port
        connection = socket.create_connection((address.hostname, address.port), timeout=5)
        head = (
            f"POST {address.path}/client-id/{self.client_id}{path} HTTP/1.1\r\nHost: sandbox\r\n"
            f"Authorization: Bearer {self.bearer}\r\nX-Reference-Id: {self.reference_id}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        connection.sendall(head.encode() + body)
        return connection


def applicant(**changes: Any) -> Json:
    """The vendor's example application changed by `changes`; None leaves a field out."""
    return {name: value for name, value in {**APPLY_REQUEST, **changes}.items() if value is not None}


def eventually(question: Any, within: float = 2) -> None:
    """Wait until `question()` is true."""
    until = time.monotonic() + within
    while not question():
        assert time.monotonic() < until
        time.sleep(0.01)
