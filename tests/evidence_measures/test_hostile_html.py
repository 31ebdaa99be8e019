"""The short form of `python -m evidence.hostile_html`: every kind of attack once, in a real browser."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from chaos.lender import Lender
from chaos.measure import Run
from evidence.hostile_html import shown
from evidence.lender_agreements import AGREEMENTS
from evidence.lender_attacks import ATTACKS
from evidence.lender_documents import documents
from evidence.watched_pages import PortalWindow
from tests.stack.whole import RunningPortal

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_nothing_of_the_lenders_html_acts_and_no_word_is_lost(
    portal: RunningPortal, browser: Browser, tmp_path: Path
) -> None:
    given = Run(2 * max(len(ATTACKS), len(AGREEMENTS)), random.Random(3), tmp_path, brisk=True)
    sent = documents(given.size, given.random)
    figures = list(shown(given, browser, portal.url, Lender(portal.sandbox.url), portal.environment["CACHE_URL"], sent))
    assert [figure for figure in figures if figure.reached is False] == [], given.notes


def test_attacks_are_noticed_where_nothing_is_taken_out(browser: Browser) -> None:
    """The same look at a page that shows every attack as it came: this measure can fail."""
    window = PortalWindow(browser, "http://portal.example")
    page: list[str] = []
    window.page.context.route("**/*", lambda route: route.fulfill(body=page[0], content_type="text/html"))
    noticed = set()
    for one in documents(8 * len(ATTACKS), random.Random(3)):
        page[:] = [f"<h1>Terms</h1><div class=terms-box>{one.html}"]
        if one.is_benign or one.kind == "huge":
            continue
        try:
            seen = window.look("http://portal.example/", ".terms-box")
        except Error:  # the page was sent elsewhere under the look
            noticed.add(one.kind)
            continue
        if seen and (seen.ran or seen.requests or seen.foreign):
            noticed.add(one.kind)
    assert noticed >= set(ATTACKS) - {"huge", "broken"}
    window.page.context.close()
