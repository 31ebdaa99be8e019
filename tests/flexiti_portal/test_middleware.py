"""What every answer tells the browser, in the settings of a production machine."""

import runpy
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from flexiti_portal import settings as module
from flexiti_portal.middleware import BROWSER_REPORTS
from tests.merchants.conftest import PASSWORD, People

pytestmark = pytest.mark.django_db

_OF_BROWSERS = ("SECURE_", "SESSION_COOKIE_", "CSRF_COOKIE_", "LANGUAGE_COOKIE_", "CONTENT_SECURITY_", "X_FRAME_")
_OF_BROWSERS += ("HTTPS_ONLY", "TILL_COOKIE_", "MESSAGES_COOKIE_")
PAGES = ("/", "/applications/", "/review/", "/account/", "/stores/", "/console/", "/admin/", "/nowhere/", "/healthz")
PAGES += ("/language/", "/welcome/never-was/")
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
    f"report-uri {BROWSER_REPORTS}",
}


@pytest.fixture
def visitor(people: People, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Somebody's browser before a portal with what settings.py makes of HTTPS_ONLY, as far as a browser sees it."""
    monkeypatch.setenv("HTTPS_ONLY", "true")
    for name, value in runpy.run_path(str(module.__file__)).items():
        if name.startswith(_OF_BROWSERS):
            setattr(settings, name, value)
    return Client()


def walk(visitor: Client) -> Iterable[HttpResponse]:
    """Pages, redirects, refusals and errors, before signing in and after it."""
    for _ in range(2):
        yield from (visitor.get(path, secure=True) for path in PAGES)
        yield visitor.post("/language/", {"language": "fr"}, secure=True)
        yield visitor.get("/", secure=True, headers={"Host": "elsewhere.example"})
        yield visitor.post("/sign-in/", {"login": "owner", "password": PASSWORD}, secure=True)
    yield visitor.post("/session/retry/", secure=True)
    yield visitor.post("/account/hand-over/", {"next": "/"}, secure=True)


def test_every_answer_tells_the_browser_what_it_may_do(visitor: Client) -> None:
    kinds = set()
    for answer in walk(visitor):
        headers = answer.headers
        kinds.add(answer.status_code)
        assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
        assert headers["X-Frame-Options"] == "DENY"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Access-Control-Allow-Origin" not in headers
        for name, cookie in answer.cookies.items():
            assert name.startswith("__Host-")
            assert (cookie["secure"], cookie["path"], cookie["domain"]) == (True, "/", "")
            assert not cookie.value or (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert {200, 302, 400, 403, 404, 405} <= kinds
    assert resolve(BROWSER_REPORTS).url_name == "browser_reports"


def test_browser_forgets_with_the_session_however_it_ends(visitor: Client) -> None:
    ends = {"signed out": "/sign-out/", "handed over": "/account/hand-over/"}
    for address in ends.values():
        signed_in = visitor.post("/sign-in/", {"login": "owner", "password": PASSWORD}, secure=True)
        assert "Clear-Site-Data" not in signed_in.headers
        assert "Clear-Site-Data" not in visitor.get("/", secure=True).headers
        assert visitor.post(address, secure=True).headers["Clear-Site-Data"] == '"cache", "storage"'
    visitor.post("/sign-in/", {"login": "owner", "password": PASSWORD}, secure=True)
    visitor.session.delete()
    assert visitor.get("/", secure=True).headers["Clear-Site-Data"] == '"cache", "storage"'


def test_static_files_are_kept_by_browsers_and_embedded_by_nobody_else(
    visitor: Client, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "picture.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    settings.STATIC_ROOT = tmp_path
    answer = visitor.get("/static/picture.svg", secure=True)
    assert b"".join(answer.streaming_content).startswith(b"<svg")
    answer.close()
    assert "no-store" not in answer.headers["Cache-Control"]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in answer.headers
