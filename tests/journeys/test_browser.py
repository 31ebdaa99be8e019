"""The main journeys in a real Chromium: every page is watched for CSP, console, foreign hosts and accessibility."""

import re

import pytest
from playwright.sync_api import expect

from tests.applications.journey.walking import another_birth_date
from tests.journeys.in_browser import QUEBEC, accept_terms, begin, fill_all, fill_step, go_on, submit
from tests.journeys.over_http import HttpWalker
from tests.journeys.test_outcomes import FORGET
from tests.stack.windows import bytes_on_the_wire, sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]

PAGE_BUDGET = 60 * 1024


def scroll_to_the_end_of_the_terms(page):
    """The page knows that the end was not on the screen, and then that it was."""
    reached = page.locator("[name=scrolled_to_end]")
    page.locator(".terms-box").scroll_into_view_if_needed()
    expect(reached).to_have_value("false")
    page.locator("[data-end-of-terms]").evaluate("end => end.scrollIntoView()")
    expect(reached).to_have_value("true")


@pytest.mark.parametrize(
    ("width", "language", "javascript"),
    [("desk", "en", True), ("phone", "fr", True), ("tablet", "en", False), ("phone", "fr", False)],
)
def test_approved(windows, portal, width, language, javascript):
    page = windows.open(width, language=language, javascript=javascript)
    begin(page)
    fill_all(page, middle_name="A-RR_L")
    accept_terms(page)
    submit(page, {"en": "Approved", "fr": "Approuvée"}[language])
    expect(page.locator("main")).to_contain_text({"en": "$2,500.00", "fr": "2\u00a0500,00\u00a0$"}[language])
    assert [count["received"] for count in portal.sandbox.applies().values()] == [1]


@pytest.mark.parametrize("javascript", [True, False])
def test_quebec_customer_sees_the_debt_ratio_and_cancels(windows, portal, javascript):
    portal.sandbox.control("PUT", "adjudication", {"debt_ratio": 46.5})
    page = windows.open("tablet", scheme="dark", javascript=javascript)
    begin(page)
    fill_all(page, middle_name="A-RR_M", **QUEBEC)
    accept_terms(page)
    submit(page, "Approved")
    expect(page.locator("main")).to_contain_text("46.5%")
    expect(page.locator("main")).to_contain_text("The debt ratio is above 45%")
    page.get_by_role("link", name="Cancel the account").click()
    expect(page.locator("h1")).to_have_text("Cancel this account?")
    page.get_by_role("button", name="Yes, cancel the account").click()
    expect(page.locator("h1")).to_have_text("The account is cancelled", timeout=20_000)


def test_correction_lands_on_the_very_field(windows, portal):
    portal.sandbox.fail("apply", "wrong_inputs", field_errors=[{"param": "SIN", "msg": "wrong format"}])
    page = windows.open("phone")
    begin(page)
    fill_all(page, middle_name="A-RR_L")
    accept_terms(page)
    submit(page, "A correction is needed")
    page.get_by_role("link", name="Correct the answers").click()
    expect(page).to_have_url(re.compile(r"/income/(\?.*)?#id_sin$"))
    expect(page.locator("#id_sin_error")).to_be_visible()
    page.locator("[name=sin]:not([type=hidden])").fill("130 692 544")
    go_on(page)
    page.wait_for_url("**/check/")
    submit(page, "Approved")


@pytest.mark.parametrize(("width", "javascript"), [("phone", True), ("tablet", False)])
def test_known_customer_agrees_to_another_inquiry(windows, portal, width, javascript):
    born = another_birth_date()
    walker = HttpWalker(portal)
    walker.sign_in("associate")
    walker.walk(middle_name="A-RR_L", dob=born)
    walker.accept()
    walker.submit()
    walker.outcome()
    portal.python(FORGET)
    portal.sandbox.control("PUT", "switches", {"duplicate_check": False})
    page = windows.open(width, scheme="dark", javascript=javascript)
    begin(page)
    fill_all(page, middle_name="A-RR_L", dob=born)
    accept_terms(page)
    submit(page, "Flexiti may know this customer already")
    page.get_by_role("link", name="Send it all the same").click()
    page.locator("main input[name=agree]").check()
    page.locator("main input[name=device_holder][value=customer]").check()
    submit(page, "Approved")


def test_pending_is_never_called_declined(windows):
    page = windows.open("desk", language="fr", scheme="dark")
    begin(page)
    fill_all(page, middle_name="P-CREDIT", language="fr-CA")
    scroll_to_the_end_of_the_terms(page)
    accept_terms(page)
    submit(page, "À l’étude chez Flexiti")
    expect(page.locator("main")).to_contain_text("Elle n’est ni approuvée ni refusée.")
    expect(page.locator("main")).not_to_contain_text("Non approuvée")


def test_waiting_is_seen(windows, portal):
    portal.sandbox.latency(apply=[1.5, 1.5])
    page = windows.open("phone", language="fr")
    begin(page)
    fill_all(page, middle_name="D-NO_HIT")
    accept_terms(page)
    go_on(page)
    expect(page.locator("h1")).to_have_text("En attente de Flexiti")
    expect(page.locator("h1")).to_have_text("Non approuvée", timeout=20_000)


def test_switching_languages_mid_step_loses_nothing(windows):
    page = windows.open("desk")
    begin(page, "manager")  # a person's language is remembered, and the others read English
    fill_step(page, "start")
    page.locator("[name=first_name]").fill("Zoé")
    page.locator("[name=dob]").fill("not a date yet")
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("[name=first_name]")).to_have_value("Zoé")
    page.locator("button[name=switch_customer_language]").click()
    expect(page.locator("[name=first_name]")).to_have_value("Zoé")
    expect(page.locator("[name=dob]")).to_have_value("not a date yet")


def test_double_click_on_submit_is_one_application(windows, portal):
    page = windows.open("desk")
    begin(page)
    fill_all(page, middle_name="A-RR_L")
    accept_terms(page)
    page.locator("main form button.button--primary").last.dblclick()
    expect(page.locator("h1")).to_have_text("Approved", timeout=20_000)
    assert [count["received"] for count in portal.sandbox.applies().values()] == [1]


def test_no_page_is_heavier_than_its_budget(windows):
    page = windows.open("phone")
    begin(page)
    fill_all(page, middle_name="A-RR_L", **QUEBEC)
    application = page.url.removesuffix("terms/")
    weights = {"terms": bytes_on_the_wire(page, page.url)}
    accept_terms(page)
    weights["check"] = bytes_on_the_wire(page, page.url)
    submit(page, "Approved")
    for name in ("", "customer-copy/", "debt-ratio/", "cancel/"):
        weights[name] = bytes_on_the_wire(page, application + name)
    weights["home"] = bytes_on_the_wire(page, "/")
    heavy = {name: parts for name, parts in weights.items() if sum(parts.values()) > PAGE_BUDGET}
    assert not heavy


def test_floater_chooses_the_store(windows):
    page = windows.open("phone")
    sign_in(page, "floater")
    expect(page).to_have_url(re.compile("/stores/"))
    page.get_by_role("button", name=re.compile("Laval")).click()
    expect(page.locator("header.site-header")).to_contain_text("Laval")


def test_administrator_reaches_the_credential_and_its_test(windows):
    page = windows.open("desk")
    sign_in(page, "admin")
    page.goto("/console/")
    page.get_by_role("link", name="Credentials").click()
    page.get_by_role("link", name="flexitidemo").click()
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("body")).to_contain_text("Everything works.")
    expect(page.locator("body")).not_to_contain_text("77xde15a")


def test_picture_from_elsewhere_is_not_fetched_and_reported(windows, portal):
    page = windows.open("desk")
    page.goto("/sign-in/")
    windows.expect_problem("pictures.example.invalid")
    picture = "https://pictures.example.invalid/x.png?sin=046454286"
    with page.expect_response("**/browser-reports", timeout=20_000) as told:
        page.evaluate("address => document.body.append(Object.assign(new Image(), {src: address}))", picture)
    assert told.value.status == 204
    assert "img-src was broken on /sign-in/ by" in portal.log("web")
    assert "046454286" not in portal.log("web")
