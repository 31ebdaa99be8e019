"""What `python -m evidence.scans` makes of what the scanners say; the scanners themselves are not run here."""

import random
from pathlib import Path

import pytest
import requests

from chaos.measure import Run
from evidence.over_tls import listener
from evidence.scan_findings import EXPLAINED, unexplained
from evidence.scanners import HEADERS, SEVERITIES, WAPITI, Finding, read_wapiti
from evidence.scans import figures
from local_services.portal import ROOT


def finding(severity: str = "high", **given: str) -> Finding:
    said = {
        "scanner": HEADERS,
        "category": "Pragma",
        "where": "/",
        "says": "Header not included in response: ",
        "by": "",
    }
    return Finding(severity=severity, **(said | given))


def test_report_of_wapiti_is_read_with_its_severities() -> None:
    said = {"level": 3, "path": "/review/", "info": "SQL Injection via q", "module": "sql"}
    report = {
        "vulnerabilities": {"SQL Injection": [said], "Backup file": []},
        "anomalies": {"Internal Server Error": [said | {"level": 2}]},
        "additionals": {"Fingerprint": [said | {"level": 0}]},
        "infos": {"crawled_pages_nbr": 12},
    }
    pages, found = read_wapiti(report, "manager")
    assert pages == 12
    assert [(one.category, one.severity, one.counts) for one in found] == [
        ("SQL Injection", "high", True),
        ("Internal Server Error", "medium", True),
        ("Fingerprint", "informational", False),
    ]


@pytest.mark.parametrize("severity", SEVERITIES[1:])
def test_finding_that_nothing_explains_is_a_miss(severity: str, tmp_path: Path) -> None:
    given = Run(1, random.Random(1), tmp_path)
    told = list(figures(given, [finding(), finding(severity, scanner=WAPITI, category="SQL Injection")]))
    assert [figure.name for figure in told if figure.reached is False] == [
        "Wapiti: above informational and not explained"
    ]
    assert "SQL Injection" in given.notes[-1]


def test_informational_and_explained_findings_are_none(tmp_path: Path) -> None:
    told = figures(Run(1, random.Random(1), tmp_path), [finding(), finding("informational", category="HTTP Methods")])
    assert [figure for figure in told if figure.reached is False] == []


@pytest.mark.parametrize(
    ("category", "says"),
    [
        ("Cache-Control", "Value does not match security policy: value public, expected ['no-store', 'max-age=0']"),
        ("Cache-Control", "Header not included in response: expected ['no-store', 'max-age=0']"),
        ("Referrer-Policy", "Value does not match security policy: value unsafe-url"),
        ("Strict-Transport-Security", "Value does not match security policy: value max-age=60"),
        ("Content-Security-Policy", "Must-Avoid directive included: value unsafe-inline"),
    ],
)
def test_worse_header_than_the_explained_one_is_a_miss(category: str, says: str) -> None:
    assert unexplained([finding(category=category, says=says)])


def test_listener_counts_whoever_an_attack_made_ask() -> None:
    with listener() as heard:
        requests.get(f"{heard.url}get_ssrf.php?session_id=1", timeout=5)
        assert heard.strangers == []
        requests.get(f"{heard.url}ssrf/1/2/616d6f756e74/", timeout=5)
        assert heard.strangers == ["/ssrf/1/2/616d6f756e74/"]


def test_every_explanation_is_in_the_document() -> None:
    told = (ROOT / "docs" / "scans.md").read_text()
    assert [
        known.why for known in EXPLAINED if f"| {known.scanner} | {known.category} | {known.why} |" not in told
    ] == []
