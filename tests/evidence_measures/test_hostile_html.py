"""The short form of `python -m evidence.hostile_html`: every kind of attack once, in a real browser."""

import random
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from chaos.lender import Lender
from chaos.measure import Run
from chaos.till import Page, Tab, Till
from evidence.canary_people import canary
from evidence.hostile_html import PLAIN_MESSAGES, messages_shown, missing_in, shown
from evidence.lender_agreements import AGREEMENTS
from evidence.lender_attacks import ATTACKS
from evidence.lender_documents import Sent, documents
from evidence.watched_pages import PortalWindow
from tests.stack.whole import RunningPortal

pytestmark = [pytest.mark.stack, pytest.mark.browser]


def test_lost_words_are_noticed_and_words_without_a_gap_are_none() -> None:
    assert not missing_in("Some words\nof the contract", "Some wordsof the contract")
    assert missing_in("Some words of it", "Some words of the contract") == {"the": 1, "contract": 1}


def test_nothing_of_the_lenders_html_acts_and_no_word_is_lost(
    portal: RunningPortal, browser: Browser, tmp_path: Path
) -> None:
    given = Run(2 * max(len(ATTACKS), len(AGREEMENTS)), random.Random(3), tmp_path, brisk=True)
    sent = documents(given.size, given.random)
    figures = list(shown(given, browser, portal.url, Lender(portal.sandbox.url), portal.environment["CACHE_URL"], sent))
    assert [figure for figure in figures if figure.reached is False] == [], given.notes


def test_nothing_acts_in_the_message_of_a_decline(portal: RunningPortal, browser: Browser, tmp_path: Path) -> None:
    chance = random.Random(3)
    attacks = "".join(ATTACKS[kind](chance) for kind in ATTACKS if kind not in ("mutation", "huge", "broken"))
    sent = [
        PLAIN_MESSAGES[0],
        Sent(attacks, "all", is_benign=False),
        Sent(AGREEMENTS["tables"](chance), "tables", True),
    ]
    messages = []
    for number, one in enumerate(sent):
        portal.sandbox.fail("apply", "hostile_html", message=one.html)
        tab = Tab(Till(portal.url, ("associate",), chance), canary(100 + number), Page("/sign-in/", "", 200))
        for _ in range(60):
            if not tab.is_over:
                tab.go_on()
        messages.append((one, tab.address))
    given = Run(len(sent), chance, tmp_path, brisk=True)
    figures = list(messages_shown(given, browser, portal.url, messages))
    assert [figure for figure in figures if figure.reached is False] == [], given.notes


def test_attacks_are_noticed_where_nothing_is_taken_out(browser: Browser) -> None:
    """The same look at a page that shows every attack as it came: this measure can fail."""
    window = PortalWindow(browser, "http://portal.example")
    page: list[str] = []
    window.page.context.route("**/*", lambda route: route.fulfill(body=page[0], content_type="text/html"))
    noticed: set[str] = set()
    wanted = set(ATTACKS) - {"huge", "broken"}
    for one in documents(8 * len(ATTACKS), random.Random(3)):
        page[:] = [f"<h1>Terms</h1><div class=terms-box>{one.html}"]
        if one.kind not in wanted - noticed:  # most act at once, and some of each kind do
            continue
        try:
            seen = window.look("http://portal.example/", ".terms-box")
        except Error:  # the page was sent elsewhere under the look
            noticed.add(one.kind)
            continue
        if seen and (seen.ran or seen.requests or seen.foreign):
            noticed.add(one.kind)
    assert noticed == wanted
    window.page.context.close()
