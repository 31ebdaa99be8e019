"""Requests that no browser sends, as the web server hands them over."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from flexiti_portal.unreadable_requests import Handler

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=b"
STRANGE_PART = b"--b\r\nContent-Disposition: form-data; x*=utf-8''a; x*0=b\r\n\r\n1\r\n--b--\r\n"
TOO_LARGE = b"x=" + b"a" * 300_000


@pytest.fixture(autouse=True)
def connection_kept() -> Iterator[None]:
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def status(path: str, content_type: str, body: bytes, **more: str) -> int:
    """Of the answer to a POST. A 500 is what the pages of Django's handler make of an error, not an exception here."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "HTTP_COOKIE": f"csrf={'a' * 32}",  # only then is the form looked into
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        **more,
    }
    told: list[Any] = []
    answer = Handler()(environ, lambda *given: told.append(given))
    assert b"".join(answer)
    answer.close()
    return int(told[0][0][:3])


@pytest.mark.parametrize("strange", ["a/b; x*=nope''y", "a/b; x*=utf-8''y; x*0=z"])
def test_kind_of_body_that_makes_no_sense_is_no_kind(strange: str) -> None:
    assert status("/sign-in/", strange, b"x=1") == 403  # no token of a form was found


@pytest.mark.parametrize("path", ["/sign-in/", "/nowhere/"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [(PARTS, STRANGE_PART), (FORM, TOO_LARGE), (FORM, b"&".join([b"x=1"] * 300))],
    ids=["strange part", "too large", "too many"],
)
def test_form_that_cannot_be_read_is_refused(path: str, content_type: str, body: bytes) -> None:
    assert status(path, content_type, body) == (400 if path == "/sign-in/" else 404)


def test_large_form_for_another_host_is_refused() -> None:
    assert status("/sign-in/", FORM, TOO_LARGE, HTTP_HOST="elsewhere.example") == 400


def test_session_that_no_database_can_be_asked_for_is_none() -> None:
    assert status("/account/idle/", FORM, b"", HTTP_COOKIE='session="\\000aaaaaaaaaaaa"') == 403
