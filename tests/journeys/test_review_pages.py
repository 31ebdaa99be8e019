"""What a manager sees of applications, in Chromium: axe, CSP and console, light and dark, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.journeys.over_http import HttpWalker
from tests.journeys.test_every_page import decided
from tests.stack.windows import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@pytest.mark.parametrize(("width", "language", "scheme"), [("desk", "en", "light"), ("phone", "fr", "dark")])
def test_every_page_of_one_application(windows, portal, width, language, scheme):
    walker = HttpWalker(portal)
    walker.sign_in("associate")
    pending, unknown = (f"/review{decided(walker, portal, key)}" for key in ("P-CREDIT", "D-EMAIL_DBL_TIMEOUT"))
    page = windows.open(width, language=language, scheme=scheme)
    sign_in(page, "manager")
    for address in ("/review/worklists/pending/", "/review/worklists/unknown/", unknown, pending):
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
    for summary in page.locator("details.more summary").all():
        summary.click()
    page.locator("#follow-up form[action$='/take/'] button").click()
    expect(page.locator("#follow-up form[action$='/take/']")).to_have_count(0)
    page.locator(".plain-list a").first.click()
    expect(page.locator("article.document")).to_be_visible()
    page.goto(f"{pending}reveal/phone_number/")
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.fill("textarea[name=reason]", "The customer called back")
    page.locator("main form button[type=submit]").click()
    expect(page.locator(".revealed")).to_be_visible()
