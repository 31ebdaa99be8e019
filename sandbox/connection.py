"""One HTTP/1.1 connection: keep-alive, answers in one write, and a log line without anybody's data.

Werkzeug parses the request; its own handler closes after every answer, and a client that keeps connections open must be
tried against a server that does too.
"""

import os
import sys
import traceback
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Request
from werkzeug.wsgi import get_input_stream

from sandbox.guard import reference_id_of
from sandbox.wire import ConnectionTaken, answer_head

_IDLE_SECONDS = 75
_LARGEST_BODY = 1024 * 1024


class Connection(WSGIRequestHandler):
    """Serves the requests of one connection until either side closes it."""

    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    disable_nagle_algorithm = True
    busy = False

    def setup(self) -> None:
        """Note the connection, so that the listener can end it."""
        super().setup()
        self.server.connections.add(self)  # type: ignore[attr-defined]

    def finish(self) -> None:
        """Forget the connection."""
        self.server.connections.discard(self)  # type: ignore[attr-defined]
        super().finish()

    def run_wsgi(self) -> None:
        """Answer one request."""
        self.busy = True
        try:
            self._run()
        finally:
            self.busy = False

    def _run(self) -> None:
        environ = self.make_environ()
        environ["wsgi.input"] = get_input_stream(environ)
        environ["wsgi.input_terminated"] = True
        if int(environ.get("CONTENT_LENGTH") or 0) > _LARGEST_BODY:
            self.close_connection = True
            self._write(413, [("Content-Length", "0")], b"")
            return
        try:
            status, headers, body = self._execute(environ)
        except ConnectionTaken:
            self.close_connection = True
            self._note(None, environ)
            return
        self._note(status, environ)
        environ["wsgi.input"].read()
        if self.server.closing:  # type: ignore[attr-defined]
            self.close_connection = True
        self._write(status, headers, b"" if self.command == "HEAD" else body)

    def _execute(self, environ: dict[str, Any]) -> tuple[int, list[tuple[str, str]], bytes]:
        """Status, headers and body of the application's answer; 500 when it breaks."""
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _: Any = None, /) -> Callable[[bytes], object]:
            started[:] = [status, headers]
            return lambda _: None

        try:
            body = b"".join(self.server.app(environ, start_response))
        except (ConnectionError, ClientDisconnected, TimeoutError):
            raise ConnectionTaken from None
        except ConnectionTaken:
            raise
        except Exception as problem:  # a broken sandbox must say so in its answer, and show no value in its log
            _log(f"{type(problem).__name__} at {_place(problem)}")
            return 500, [("Content-Type", "text/plain"), ("Content-Length", "14")], b"sandbox broke\n"
        return int(started[0].split(" ", 1)[0]), started[1], body

    def _write(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        """Head and body in one write, so that no acknowledgement is waited for in between."""
        head = answer_head(status, [("Server", "sandbox"), *headers], keep_alive=not self.close_connection)
        self.connection.sendall(head + body)

    def _note(self, status: int | None, environ: dict[str, Any]) -> None:
        """Method, path without query, status, reference id: nothing else is ever logged."""
        if not self.server.quiet:  # type: ignore[attr-defined]
            reference_id = reference_id_of(Request(environ)) or "-"
            _log(f"{self.command} {quote(environ['PATH_INFO'])} {status or 'no answer'} {reference_id}")

    def log(self, type: str, message: str, *args: Any) -> None:
        """Werkzeug's and http.server's own lines quote the request; they are dropped."""


def _log(line: str) -> None:
    """One write per line, so that threads do not mix them and a thread still running at exit is harmless."""
    os.write(sys.stderr.fileno(), f"{line}\n".encode())


def _place(problem: BaseException) -> str:
    frame = traceback.extract_tb(problem.__traceback__)[-1]
    return f"{os.path.basename(frame.filename)}:{frame.lineno}"
