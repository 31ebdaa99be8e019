"""A lender on a raw socket, scripted per connection: it can do what no HTTP server would."""

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from posapi import Destinations
from tests.contract.examples import example

HERE = Destinations(this_machine=True)  # where the lenders of tests are


@dataclass
class Received:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def endpoint(self) -> str:
        """The last parts of the path that name the endpoint."""
        path = self.target.partition("?")[0]
        return path.partition("/pos-api/v2.5/")[2].partition("client-id/flexitidemo/")[2] or "oauth/token"


@dataclass
class Line:
    """One accepted connection."""

    sock: socket.socket
    leaving: threading.Event

    def send(self, data: bytes) -> None:
        """Send, whether or not the client still listens."""
        with contextlib.suppress(OSError):
            self.sock.sendall(data)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def wait(self, seconds: float = 20) -> None:
        """Keep the connection open without a word, until the test is over."""
        self.leaving.wait(seconds)


# What a request meets. True means that the connection is still good for another request.
Behaviour = Callable[[Line, Received], bool | None]


def http(
    status: int,
    body: bytes | Any,
    *,
    content_type: str | None = "application/json",
    headers: str = "",
    length: int | None = None,
) -> bytes:
    """A whole response; a body that is not bytes is written as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    typed = f"content-type: {content_type}\r\n" if content_type else ""
    size = len(content) if length is None else length
    return f"HTTP/1.1 {status} Because\r\n{typed}{headers}content-length: {size}\r\n\r\n".encode() + content


def answers(status: int, body: bytes | Any, **options: Any) -> Behaviour:
    """Answer so, and wait for the next request."""
    response = http(status, body, **options)

    def answer(line: Line, _received: Received) -> bool:
        line.send(response)
        return "length" not in options

    return answer


def hangs_up_after(behaviour: Behaviour) -> Behaviour:
    """Do so, then close the connection without having said that it would be closed."""

    def hang_up(line: Line, received: Received) -> None:
        behaviour(line, received)

    return hang_up


@dataclass
class Lender:
    """Answers with the vendor's examples unless told otherwise.

    `will(endpoint, ...)` queues behaviours for the next requests to an endpoint; `on_connection(n, ...)` takes
    connection number `n` (from 1) before anything is read from it.
    """

    received: list[Received] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._leaving = threading.Event()
        self._queues: dict[str, list[Behaviour]] = {}
        self._connections: dict[int, Callable[[Line], None]] = {}
        self._threads: list[threading.Thread] = []
        self._usual = {
            "oauth/token": answers(200, example("token")),
            "i18n": answers(200, example("i18n")),
            "merchants/login": answers(200, example("login")),
            "apply": answers(200, example("apply_rest_of_canada")),
            "terms-and-conditions": answers(200, b"<div id='tcs'>... </div>", content_type="text/html"),
            "customers/search": answers(404, {"url": "/", "message": "Not found.", "error": "not_found"}),
        }
        self._start(self._accept)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def base_url(self) -> str:
        """Where a client finds it."""
        return f"http://127.0.0.1:{self.port}/flexiti/pos-api/v2.5"

    def will(self, endpoint: str, *behaviours: Behaviour) -> None:
        """Queue what the next requests to an endpoint meet."""
        self._queues.setdefault(endpoint, []).extend(behaviours)

    def on_connection(self, number: int, behaviour: Callable[[Line], None]) -> None:
        """Take a connection over before a request is read from it."""
        self._connections[number] = behaviour

    def asked(self, endpoint: str) -> list[Received]:
        """The requests that arrived at an endpoint."""
        return [received for received in self.received if received.endpoint == endpoint]

    def hang_up(self) -> None:
        """Refuse connections from now on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def close(self) -> None:
        """Stop listening and let go of every connection."""
        self._leaving.set()
        self.hang_up()
        for thread in self._threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            sock.settimeout(20)
            self._start(self._talk, Line(sock, self._leaving), self.connections)

    def _talk(self, line: Line, number: int) -> None:
        with line.sock, contextlib.suppress(OSError):
            if number in self._connections:
                return self._connections[number](line)
            while received := _read(line.sock, self._leaving):
                self.received.append(received)
                queue = self._queues.get(received.endpoint, [])
                behaviour = queue.pop(0) if queue else self._usual.get(received.endpoint, answers(200, {}))
                if not behaviour(line, received) or received.headers.get("connection") == "close":
                    return None
        return None


def _read(sock: socket.socket, leaving: threading.Event) -> Received | None:
    stream = sock.makefile("rb")
    sock.settimeout(0.2)
    while not leaving.is_set():
        try:
            first = sock.recv(1, socket.MSG_PEEK)
            break
        except TimeoutError:
            continue
    else:
        return None
    sock.settimeout(20)
    if not first:
        return None
    method, target, _ = stream.readline().decode().split(" ")
    headers: dict[str, str] = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    return Received(method, target, headers, stream.read(int(headers.get("content-length", 0))))
