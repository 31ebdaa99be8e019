"""Listeners: the API's, which can be made to refuse connections, and the control plane's on loopback."""

import ipaddress
import socket
import threading
from collections.abc import Iterable
from typing import Any

from werkzeug.serving import ThreadedWSGIServer
from werkzeug.wrappers import Request

from sandbox.answers import json_answer
from sandbox.api import BASE_PATH, Api
from sandbox.connection import Connection
from sandbox.control import CONTROL_PATH, Control
from sandbox.lender import Lender

_POLL_SECONDS = 0.05


class _Server(ThreadedWSGIServer):
    """A threaded server, started, that knows its open connections."""

    def __init__(self, host: str, port: int, app: Any, *, quiet: bool) -> None:
        self.connections: set[Connection] = set()
        self.closing = False
        self.quiet = quiet
        super().__init__(host, port, app, Connection)
        self._thread = threading.Thread(target=self.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections; running answers are finished. When this returns, nothing listens."""
        self.closing = True
        self.shutdown()
        self._thread.join()  # it closes the socket at its end
        _end_idle(self.connections)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that breaks is the client's business; the default prints a traceback."""


class Listener:
    """An address that answers HTTP until it is closed. Port 0 picks a free port, which is kept until then."""

    def __init__(self, host: str, port: int, app: Any, *, quiet: bool = False) -> None:
        self._app, self._quiet = app, quiet
        self._lock = threading.RLock()
        self._server: _Server | None = None
        self._timer: threading.Timer | None = None
        self._place = _keep_place(host, port)
        self.host, self.port = host, self._place.getsockname()[1]
        self._open()

    @property
    def url(self) -> str:
        """`http://host:port`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def refuse(self, seconds: float) -> None:
        """Refuse connections for so many seconds; idle kept-alive ones are closed, running answers are finished."""
        with self._lock:
            self._stop()
            self._timer = threading.Timer(seconds, self.reopen)
            self._timer.daemon = True
            self._timer.start()

    def reopen(self) -> None:
        """Accept connections again on the same port; nothing happens if it does."""
        with self._lock:
            self._stop_timer()
            if self._server is None:
                self._open()

    def close(self) -> None:
        """Stop accepting connections, for good."""
        self._stop()
        self._place.close()

    def _open(self) -> None:
        self._server = _Server(self.host, self.port, self._app, quiet=self._quiet)

    def _stop(self) -> None:
        with self._lock:
            self._stop_timer()
            server, self._server = self._server, None
        if server is not None:
            server.stop()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _keep_place(host: str, port: int) -> socket.socket:
    """A bound socket that never listens: whoever connects is refused, and nobody else is given the port meanwhile."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    place = socket.socket(family, kind, protocol)
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        place.bind(address)
    except OSError:
        place.close()
        raise
    return place


def _end_idle(connections: Iterable[Connection]) -> None:
    for connection in list(connections):
        if not connection.busy:
            try:
                connection.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it ended by itself


def _is_loopback(host: str) -> bool:
    addresses = {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    return all(ipaddress.ip_address(address).is_loopback for address in addresses)


class Sandbox:
    """A running stand-in: `api_url`, `control_url`, and `close`. Also a context manager."""

    def __init__(
        self,
        lender: Lender | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int = 0,
        *,
        quiet: bool = False,
    ) -> None:
        self.lender = lender or Lender()
        self._api = Api(self.lender)
        self._control = Control(self.lender, self, lambda: {"api": self.api_url, "control": self.control_url})
        self._control_here = _is_loopback(host)
        self._listener = Listener(host, port, self._dispatch, quiet=quiet)
        self._control_listener = Listener("127.0.0.1", control_port, self._control, quiet=True)

    @property
    def api_url(self) -> str:
        """The base URL in the vendor's form, ending in `/flexiti/pos-api/v2.5`."""
        return self._listener.url + BASE_PATH

    @property
    def control_url(self) -> str:
        """Where the control plane answers whatever happens to the API's listener."""
        return self._control_listener.url + CONTROL_PATH

    def refuse(self, seconds: float) -> None:
        """The API refuses connections for so many seconds."""
        self._listener.refuse(seconds)

    def reopen(self) -> None:
        """The API accepts connections again."""
        self._listener.reopen()

    def close(self) -> None:
        """Stop both listeners."""
        self._listener.close()
        self._control_listener.close()

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _dispatch(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """The API's listener also answers the control plane, but only when it listens on loopback itself."""
        if not environ["PATH_INFO"].startswith(CONTROL_PATH):
            return self._api(environ, start_response)
        if self._control_here:
            return self._control(environ, start_response)
        return json_answer({"error": "Not Found"}, 404)(Request(environ).environ, start_response)
