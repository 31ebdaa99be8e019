"""What browsers report is counted and told, and nothing of an applicant with it."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from applications.monitoring import browser_reports, tallies

pytestmark = pytest.mark.django_db

REPORT = "application/csp-report"
SECRET = "Tremblay"
PAGE = f"http://testserver/applications/{uuid.uuid4()}/continue/?name={SECRET}&sin=046454286#{SECRET}"


def message(**more: Any) -> bytes:
    report = {"document-uri": PAGE, "effective-directive": "script-src-elem", "blocked-uri": "inline", **more}
    return json.dumps({"csp-report": {**report, "referrer": PAGE, "script-sample": f"'{SECRET}'"}}).encode()


def send(body: bytes, content_type: str = REPORT, **more: Any) -> int:
    return Client(enforce_csrf_checks=True).post("/browser-reports", body, content_type, **more).status_code


def counted() -> dict[str, int]:
    return {directive: found.count for (directive, _), found in tallies.observed(tallies.BROWSER_REPORT).items()}


def test_report_is_counted_and_told_without_anything_of_the_page(caplog: pytest.LogCaptureFixture) -> None:
    source = f"https://{SECRET.lower()}.046454286.listening.example/{SECRET}.js?{SECRET}"
    assert send(message(**{"source-file": source, "line-number": 7})) == 204
    page = "http://testserver/sign-in/?next=/x"
    picture = f"http://testserver/static/portal/{SECRET}.png"
    for blocked in (picture, "data"):
        directive = {"effective-directive": "", "violated-directive": "img-src 'self'"}
        assert send(message(**directive, **{"document-uri": page, "blocked-uri": blocked})) == 204
    assert counted() == {"script-src-elem": 1, "img-src": 2}
    told = "\n".join(caplog.messages)
    assert "script-src-elem was broken on /applications/<uuid:application_id>/continue/ by" in told
    assert "by inline, from …listening.example line 7" in told
    assert "img-src was broken on /sign-in/ by data" in told
    for value in (SECRET, SECRET.lower(), "046454286", "?"):
        assert value not in told


def test_file_of_ours_is_named_without_its_mark() -> None:
    static = {"blocked-uri": "http://testserver/static/portal/tokens.0123456789ab.css"}
    report = browser_reports.read(REPORT, message(**static), host="testserver")
    assert report.blocked == "/static/portal/tokens.css"


@pytest.mark.parametrize("name", ["/etc/passwd", "../settings.py", "portal/nothing.css"])
def test_file_that_is_not_ours_is_none(name: str) -> None:
    report = browser_reports.read(
        REPORT, message(**{"blocked-uri": f"http://testserver/static/{name}"}), host="testserver"
    )
    assert report.blocked == "other"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", REPORT),
        (b"{}", REPORT),
        (b"[" * 10_000, REPORT),
        (b"\xff\xfe", REPORT),
        (message(), "application/json"),
        (b"[]", REPORT),
        (b'{"csp-report": [1]}', REPORT),
        (message(**{"blocked-uri": "https://[broken"}), REPORT),
    ],
)
def test_what_no_browser_sends_is_refused_and_not_counted(body: bytes, content_type: str) -> None:
    assert send(body, content_type) == 400
    assert counted() == {}


def test_odd_values_become_words_of_ours() -> None:
    odd = {"effective-directive": f"{SECRET} x", "blocked-uri": f"{SECRET}://x", "line-number": "7"}
    report = browser_reports.read(REPORT, message(**odd, **{"source-file": [SECRET]}), host="testserver")
    assert (report.directive, report.blocked, report.source, report.line) == ("other", "other", "other", 0)


def test_large_message_and_too_many_are_refused(settings: Any) -> None:
    assert send(b" " * (browser_reports.LARGEST + 1)) == 413
    settings.RATE_LIMIT_BROWSER_REPORTS = "10/m/ip,2/m/key"
    answers = [send(message(), REMOTE_ADDR=f"203.0.113.{number}") for number in range(3)]
    assert answers == [204, 204, 429]
    assert counted() == {"script-src-elem": 2}


def test_only_sending_is_answered(client: Client) -> None:
    assert client.get("/browser-reports").status_code == 405
