"""The portal as browsers see it in production: over HTTPS, with its cookies and headers, and people signed in."""

import http
import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import requests

from chaos.certificates import make_certificates
from chaos.forms import form_with
from chaos.stack import PASSWORD, Stack
from local_services import portal
from local_services.processes import Supervisor
from local_services.sockets import LOOPBACK, free_port, is_answered

_LOG = "web-over-tls"


@dataclass(frozen=True)
class Front:
    """The address of the portal over TLS, and what its log has told of each request."""

    url: str
    log: Path

    def requests(self) -> list[tuple[str, str, int]]:
        """Method, path and status of everything that was asked so far."""
        lines = (line for line in self.log.read_text(errors="replace").splitlines() if '"status"' in line)
        told = (json.loads(line) for line in lines if line.startswith("{"))
        return [(one["method"], one["path"], one["status"]) for one in told if "seconds" in one]


@contextmanager
def over_tls(stack: Stack, folder: Path, *, workers: int = 2) -> Iterator[Front]:
    """A web server like the stack's with what production sets by default: HTTPS_ONLY, and a certificate.

    The certificate is made for this run, and trusted by `requests` of this process.
    """
    make_certificates(folder)
    port, certificate = free_port(), folder / "trusted.pem"
    environment = {
        **stack.supervisor.environment,
        "HTTPS_ONLY": "true",
        "WEB_BIND": f"{LOOPBACK}:{port}",
        "WEB_WORKERS": str(workers),
        "LOG_LEVEL": "INFO",
    }
    server = [sys.executable, "-m", "gunicorn", "--config", "python:flexiti_portal.web_server"]
    server += ["--certfile", str(certificate), "--keyfile", str(certificate)]
    with Supervisor(stack.supervisor.logs, environment, grace=10) as supervisor:
        web = supervisor.start(_LOG, server, folder=portal.ROOT)
        supervisor.wait_until(web, lambda: is_answered(port), within=60)
        yield Front(f"https://{LOOPBACK}:{port}", stack.supervisor.logs / f"{_LOG}.log")


class Visitor:
    """A browser at the portal, of somebody who is signed in or of nobody ("")."""

    def __init__(self, front: Front, username: str) -> None:
        self.username = username
        self._url = front.url
        self.browser = requests.Session()
        self.browser.trust_env = False
        self.browser.headers["Referer"] = front.url + "/"
        if username:
            self._sign_in()

    @property
    def cookies(self) -> dict[str, str]:
        return {name: value for name, value in self.browser.cookies.items() if value is not None}

    def get(self, path: str) -> requests.Response:
        return self.browser.get(self._url + path, timeout=60, allow_redirects=False)

    def is_signed_in(self) -> bool:
        """Whether the session still is what it was."""
        return self.get("/account/").status_code == http.HTTPStatus.OK

    def _sign_in(self) -> None:
        form = form_with(self.get("/sign-in/").text, "login", "password")
        assert form is not None
        sent = form.filled_in({"login": self.username, "password": PASSWORD})
        answer = self.browser.post(f"{self._url}/sign-in/", sent, timeout=60, allow_redirects=False)
        assert answer.status_code == http.HTTPStatus.FOUND, answer.text


@dataclass
class Listener:
    """An address that only the scanners know. Whatever else asks there was made to by an attack."""

    url: str
    strangers: list[str] = field(default_factory=list)


@contextmanager
def listener() -> Iterator[Listener]:
    """One of this run, in place of the scanners' own on the Internet."""
    heard = Listener("")

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # The scanner asks `get_….php` what was heard; it is told nothing, because strangers are counted here.
            if not urlsplit(self.path).path.startswith("/get_") and self.path != "/":
                heard.strangers.append(self.path)
            self.send_response(http.HTTPStatus.OK)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        do_POST = do_HEAD = do_PUT = do_GET  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer((LOOPBACK, 0), Answer) as server:
        heard.url = f"http://{LOOPBACK}:{server.server_port}/"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield heard
        server.shutdown()


def names_of(asked: Sequence[tuple[str, str, int]]) -> set[str]:
    """The names of the portal's addresses among these. Needs Django."""
    from django.urls import Resolver404, resolve

    names = set()
    for path in {path for _, path, _ in asked}:
        try:
            names.add(resolve(path).view_name)
        except Resolver404:
            continue
    return names
