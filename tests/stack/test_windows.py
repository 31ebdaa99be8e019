"""The watch over browser windows notices what it is there to notice."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.stack.windows import bytes_on_the_wire

pytestmark = pytest.mark.browser

GOOD = "<main><h1>Good</h1><p>All is well.</p><form method=post><button>Go</button></form></main>"
PAGES = {
    "/good": GOOD,
    "/next": GOOD.replace("Good", "Next"),
    "/no-label": GOOD.replace("<p>", "<p><input name=amount>"),
    "/style": GOOD.replace("<p>", '<p style="color:red">'),
    "/script": GOOD + '<script src="/script.js"></script>',
    "/elsewhere": GOOD + '<img alt="" src="http://198.51.100.7/x.png">',
    "/missing": GOOD + '<img alt="" src="/missing.png">',
}


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/script.js":
            self.answer(200, "application/javascript", "throw new Error('broken script')")
        elif self.path in PAGES:
            page = f'<!doctype html><html lang="en"><title>A page</title><body>{PAGES[self.path]}'
            self.answer(200, "text/html", page)
        else:
            self.answer(500 if self.path == "/broken" else 404, "text/plain", "no")

    def do_POST(self) -> None:
        self.send_response(303)
        self.send_header("Location", "/next")
        self.end_headers()

    def answer(self, status: int, kind: str, content: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Security-Policy", "default-src 'self'")
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_good_page_has_no_problems(open_windows, site):
    windows = open_windows(site)
    page = windows.open()
    page.goto("/good")
    page.click("button")
    assert page.inner_text("h1") == "Next"
    assert windows.problems() == []


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("/no-label", "label (critical)"),
        ("/style", "CSP violation: style-src-attr"),
        ("/script", "uncaught: broken script"),
        ("/elsewhere", "request to another host: http://198.51.100.7/x.png"),
        ("/missing", "answered 404"),
        ("/broken", "answered 500"),
    ],
)
def test_a_page_that_misbehaves_is_reported(open_windows, site, path, problem):
    windows = open_windows(site)
    windows.open().goto(path)
    assert problem in "\n".join(windows.problems())


def test_a_page_is_checked_even_if_it_is_left_at_once(open_windows, site):
    windows = open_windows(site)
    page = windows.open("phone")
    page.goto("/no-label")
    page.click("button")
    page.goto("/good")
    assert "label (critical)" in "\n".join(windows.problems())


def test_a_page_without_javascript_opens(open_windows, site):
    windows = open_windows(site)
    page = windows.open("tablet", javascript=False, language="fr", scheme="dark")
    page.goto("/script")
    page.click("button")
    assert page.inner_text("h1") == "Next"
    assert windows.problems() == []


def test_bytes_on_the_wire_counts_every_part(open_windows, site):
    page = open_windows(site).open()
    received = bytes_on_the_wire(page, "/good")
    assert list(received) == [f"{site}/good"]
    assert len(GOOD) < received[f"{site}/good"] < len(GOOD) + 600
