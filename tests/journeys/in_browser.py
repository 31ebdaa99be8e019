"""An associate in a real Chromium: fills in what is on the page, with or without JavaScript."""

from playwright.sync_api import Page, expect

from tests.applications.journey.walking import TYPED, another_birth_date
from tests.stack.windows import sign_in

QUEBEC = {"language": "fr-CA", "province": "QC", "city": "Laval", "postal_code": "h7a 0a1"}


def begin(page: Page, username: str = "associate") -> None:
    """Sign in and begin an application."""
    sign_in(page, username)
    page.locator("form[action$='/applications/start/'] button").first.click()
    page.wait_for_url("**/start/")


def fill_step(page: Page, step: str, **changes: str) -> None:
    """Fill in one step and go on. Selects, radios and boxes are told apart as a person does: by looking."""
    for name, value in {**TYPED[step], **changes}.items():
        _fill(page, step, name, value)
    go_on(page)


def _fill(page: Page, step: str, name: str, value: str) -> None:
    field = page.locator(f"main [name={name}]:not([type=hidden])")
    if not value or not field.count():
        return
    if field.first.evaluate("element => element.type") == "radio":
        page.locator(f"main [name={name}][value='{value}']").check()
    elif field.evaluate("element => element.tagName") != "SELECT":
        field.fill(value)
    elif field.locator(f"option[value='{value}']").count():
        field.select_option(value)
    else:
        page.locator("main button[name=refresh]").click()
        page.locator(f"main [name={name}]").select_option(value)


def go_on(page: Page) -> None:
    """Press the one primary button of the page."""
    before = page.url
    page.locator("main form button.button--primary").last.click()
    page.wait_for_url(lambda url: url != before)


def fill_all(page: Page, **changes: str) -> None:
    """Every step up to the terms, for a new person unless `dob` is given."""
    changes = {"dob": another_birth_date(), **changes}
    for step, values in TYPED.items():
        fill_step(page, step, **{name: value for name, value in changes.items() if name in values})
    page.wait_for_url("**/terms/")


def accept_terms(page: Page) -> None:
    """The customer ticks and the associate says who held the device."""
    page.locator("main input[type=checkbox]").check()
    page.locator("main input[name=device_holder][value=customer]").check()
    go_on(page)
    page.wait_for_url("**/check/")


def submit(page: Page, heading: str) -> None:
    """Send, wait on the waiting page, and read the decision."""
    go_on(page)
    expect(page.locator("h1")).to_have_text(heading, timeout=20_000)
