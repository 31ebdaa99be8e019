"""From a lost answer to a settled outcome, in a real Chromium, with the workers' own searches."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.in_browser import QUEBEC, accept_terms, begin, fill_all, go_on, submit
from tests.journeys.over_http import HttpWalker
from tests.stack.windows import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]

# Five minutes and two searches in vain go by; the next one is due.
_FIVE_MINUTES_LATER = """
from datetime import timedelta
from django.db.models import F
from django.utils import timezone
from applications.models import SubmissionAttempt
SubmissionAttempt.objects.filter(application__status="unknown").update(
    closed_at=F("closed_at") - timedelta(minutes=5), absent_looks=2, next_look_at=timezone.now())
"""
_ONLY_A_MANAGER_CAN_TELL = """
from applications.models import SubmissionAttempt
SubmissionAttempt.objects.filter(application__status="unknown").update(look_verdict="ambiguous", next_look_at=None)
"""
UNKNOWN = {"en": "Flexiti gave no clear answer", "fr": "Flexiti n’a pas donné de réponse claire"}
APPROVED = {"en": "Approved", "fr": "Approuvée"}


def lose_the_answer(page, portal, fault, heading, **changes):
    """Submit an application whose answer is lost with this fault."""
    portal.sandbox.fail("apply", fault)
    begin(page)
    fill_all(page, middle_name="A-RR_L", **changes)
    accept_terms(page)
    submit(page, heading)


def apply_calls(portal):
    return list(portal.sandbox.applies().values())


@pytest.mark.parametrize(("language", "javascript"), [("en", True), ("fr", False)])
def test_lost_approval_is_found_while_the_customer_waits(windows, portal, language, javascript):
    page = windows.open("phone", language=language, javascript=javascript)
    lose_the_answer(page, portal, "reset_after", UNKNOWN[language], **QUEBEC)
    expect(page.locator("h1")).to_have_text(APPROVED[language], timeout=40_000)
    expect(page.locator("main")).to_contain_text(
        {"en": "Found by a search", "fr": "Trouvé par une recherche"}[language]
    )
    page.locator("a[href$='/cancel/']").click()
    page.locator("main form button").first.click()
    cancelled = {"en": "The account is cancelled", "fr": "Le compte est annulé"}
    expect(page.locator("h1")).to_have_text(cancelled[language], timeout=20_000)
    assert apply_calls(portal) == [{"received": 1, "accepted": 1}]


def test_no_account_is_sent_again_with_the_consent(windows, portal):
    page = windows.open("desk", language="fr", scheme="dark")
    lose_the_answer(page, portal, "reset_before", UNKNOWN["fr"])
    portal.python(_FIVE_MINUTES_LATER)
    expect(page.locator("h1")).to_have_text("Flexiti n’a aucun compte pour cette demande", timeout=30_000)
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("main input[name=agree]").check()
    page.locator("main input[name=device_holder][value=customer]").check()
    page.locator("main form button[type=submit]").click()
    expect(page.locator("h1")).to_have_text(APPROVED["fr"], timeout=20_000)
    assert apply_calls(portal) == [{"received": 2, "accepted": 1}]


def test_manager_settles_what_no_search_can_tell(windows, portal):
    page = windows.open("tablet")
    lose_the_answer(page, portal, "reset_before", UNKNOWN["en"])
    portal.python(_ONLY_A_MANAGER_CAN_TELL)
    expect(page.locator("main")).to_contain_text("Your manager settles this one", timeout=20_000)
    expect(page.locator("main")).to_contain_text("Daniel Wong")
    address = page.url
    page = windows.open("phone", scheme="dark")
    sign_in(page, "manager")
    expect(page.locator("main")).to_contain_text("To settle with Flexiti")
    page.goto(address)
    page.get_by_role("link", name=re.compile("word")).click()
    page.locator("main form button[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("main input[name=told][value=declined]").check()
    page.locator("main textarea[name=reason]").fill("Spoke to Marie, call 4471")
    go_on(page)
    expect(page.locator("h1")).to_have_text("Not approved")
    expect(page.locator("main")).to_contain_text("Settled by Daniel Wong")


@pytest.fixture
def unsettled(portal):
    """The addresses of an application that is looked for, and of one for which no account was found."""
    addresses = []
    for _ in range(2):
        walker = HttpWalker(portal)
        walker.sign_in("associate")
        portal.sandbox.fail("apply", "reset_before")
        walker.walk()
        walker.accept()
        walker.submit()
        walker.outcome()
        addresses.append(f"/applications/{walker.id}/")
        if len(addresses) == 1:
            portal.python(_FIVE_MINUTES_LATER)
            walker.until("Flexiti has no account for this application")
    return addresses


def test_every_page_of_an_outcome_that_is_not_known(windows, unsettled):
    missing, looked_for = unsettled
    for width, language, scheme, username in (
        ("desk", "en", "light", "manager"),
        ("phone", "fr", "dark", "manager"),
        ("tablet", "fr", "light", "associate"),
    ):
        page = windows.open(width, language=language, scheme=scheme)
        sign_in(page, username)
        for address in (missing, looked_for, f"{looked_for}settle/", "/"):
            page.goto(address)
            expect(page.locator("h1")).to_have_count(1)
