"""The parts of the whole portal work together, on both databases."""

import time

import pytest
import requests

from tests.stack.windows import bytes_on_the_wire, sign_in

pytestmark = pytest.mark.stack


@pytest.fixture(params=["portal", "portal_on_postgres"])
def running(request):
    return request.getfixturevalue(request.param)


def test_pages_static_files_and_accounts_are_served(running):
    page = requests.get(f"{running.url}/sign-in/", timeout=10)
    assert page.status_code == 200
    assert page.headers["Server"] == "portal"
    style = page.text.partition('rel="stylesheet"')[2].partition('href="')[2].partition('"')[0]
    answer = requests.get(running.url + style, timeout=10)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_the_database_is_the_one_that_was_asked_for(running, request):
    vendor = running.python("from django.db import connection; print(connection.vendor)").strip()
    assert vendor == ("postgresql" if "postgres" in request.node.callspec.id else "sqlite")


def test_web_and_manage_share_one_cache(running):
    running.python("from django.core.cache import cache; cache.set('word', 'shared', 60)")
    assert running.python("from django.core.cache import cache; print(cache.get('word'))").strip() == "shared"


def test_beat_has_the_sweep_done(running):
    deadline = time.monotonic() + 30
    while (found := requests.get(f"{running.url}/readyz", timeout=10).json())["parts"]["sweep"] != "ok":
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    assert found["status"] == "ready"


@pytest.mark.browser
def test_signing_in_by_browser_reaches_the_counter_within_the_weight(windows):
    page = windows.open()
    received = bytes_on_the_wire(page, "/sign-in/")
    assert sum(received.values()) < 60_000, received
    sign_in(page, "associate")
    assert page.locator("h1").count() == 1
