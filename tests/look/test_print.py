"""Printed pages: nothing below 12 pt (Quebec asks it of the debt ratio document), and dark ink on white."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SHEETS = Path(__file__).parents[2] / "static" / "portal"
TWELVE_POINTS = 16  # in CSS pixels


@pytest.fixture
def printed(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.emulate_media(media="print")
    rows = [{"label": "Debt ratio", "value": "44.99 %", "note": "As the lender worked it out"}]
    head = {"eyebrow": "Queen Street West", "heading": "Debt ratio", "lead": "Keep this page."}
    page.set_content(
        "<header class='site-header'>Store</header><main>"
        + render_to_string("components/page_head.html", head)
        + render_to_string("components/summary_list.html", {"rows": rows})
        + render_to_string("components/money_figure.html", {"label": "Limit", "amount": "$5,000.00", "note": "In all"})
        + render_to_string("components/lender_message.html", {"html": "Approved"})
        + "</main>"
    )
    for sheet in sorted(SHEETS.glob("*.css"), reverse=True):
        page.add_style_tag(path=sheet)
    yield page
    context.close()


def test_nothing_is_printed_smaller_than_twelve_points(printed: Page) -> None:
    sizes = printed.eval_on_selector_all("main *", "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert len(sizes) > 10
    assert min(sizes) >= TWELVE_POINTS


def test_dark_scheme_prints_dark_ink_on_white(printed: Page) -> None:
    assert printed.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(22, 33, 29)"
    assert printed.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"


def test_header_is_not_printed(printed: Page) -> None:
    assert printed.is_hidden(".site-header")
