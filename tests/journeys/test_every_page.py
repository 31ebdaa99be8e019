"""Every page an associate can meet, in Chromium: axe, CSP and console, light and dark, in both languages."""

import pytest
from playwright.sync_api import expect

from tests.applications.journey.walking import another_birth_date
from tests.journeys.over_http import HttpWalker
from tests.journeys.test_outcomes import FORGET
from tests.stack.windows import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]

STEPS = ("start", "identity", "contact", "income", "security", "terms", "check")
HEADINGS = {
    "D-FRAUD": ("Not approved", "Non approuvée"),
    "D-NO_HIT": ("Not approved", "Non approuvée"),
    "D-EMAIL_DBL_TIMEOUT": ("Flexiti gave no clear answer", "Flexiti n’a pas donné de réponse claire"),
    "invalid_role": ("The application was not processed", "La demande n’a pas été traitée"),
    "customer_already_exists": ("Already a Flexiti customer", "A déjà un compte Flexiti"),
}


@pytest.fixture
def walker(portal):
    walker = HttpWalker(portal)
    walker.sign_in("associate")
    return walker


def decided(walker, portal, answer):
    """The address of an application that got this answer: a response key, or an error of the API."""
    walker.id = None
    if answer.islower():
        portal.sandbox.fail("apply", answer)
    walker.walk(middle_name="" if answer.islower() else answer)
    walker.accept()
    walker.submit()
    walker.outcome()
    return f"/applications/{walker.id}/"


def test_every_decision(windows, portal, walker):
    addresses = {answer: decided(walker, portal, answer) for answer in HEADINGS}
    for width, language, scheme in (("desk", "en", "light"), ("phone", "fr", "dark")):
        page = windows.open(width, language=language, scheme=scheme)
        sign_in(page, "associate")
        for answer, address in addresses.items():
            page.goto(address)
            expect(page.locator("h1")).to_have_text(HEADINGS[answer][language == "fr"])
        page.goto(addresses["D-FRAUD"] + "customer-copy/")
        page.goto("/day/")
        page.goto("/")


def test_every_question_before_sending(windows, portal, walker):
    known_there, known_here = another_birth_date(), another_birth_date()
    submitted(walker, known_there)
    walker.outcome()
    portal.python(FORGET)
    submitted(walker, known_there)
    walker.outcome()
    held = f"/applications/{walker.id}/"
    submitted(walker, known_here)
    walker.outcome()
    questions = {
        "Flexiti may know this customer already": held,
        "Send it all the same?": f"{held}held/send/",
        "This customer has applied before": submitted(walker, known_here).form_action("same-person"),
    }
    for width, language, scheme in (("phone", "fr", "dark"), ("tablet", "en", "light")):
        page = windows.open(width, language=language, scheme=scheme)
        sign_in(page, "associate")
        for heading, address in questions.items():
            page.goto(address)
            if language == "en":
                expect(page.locator("h1")).to_have_text(heading)


def submitted(walker, born):
    """The page after the check of another application of the person born on that day."""
    walker.walk(middle_name="A-RR_L", dob=born)
    walker.accept()
    return walker.submit()


@pytest.mark.parametrize(("width", "language", "scheme"), [("tablet", "en", "dark"), ("phone", "fr", "light")])
def test_every_step_with_and_without_errors(windows, walker, width, language, scheme):
    walker.walk()
    walker.accept()
    page = windows.open(width, language=language, scheme=scheme)
    sign_in(page, "associate")
    for step in STEPS:
        page.goto(walker.url(step))
        expect(page.locator("h1")).to_have_count(1)
    page.goto("/")
    page.locator("form[action$='/applications/start/'] button").first.click()
    page.locator("main form button.button--primary").last.click()
    expect(page.get_by_role("alert")).to_be_visible()


def test_pages_that_are_not_there(windows):
    page = windows.open("phone", language="fr")
    page.goto("/nowhere/")
    expect(page.locator("h1")).to_have_count(1)
    sign_in(page, "associate")
    page.goto("/applications/00000000-0000-4000-8000-000000000000/")
    expect(page.locator("h1")).to_have_count(1)
