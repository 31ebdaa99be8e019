"""What enhance.js adds to a form, in a real Chromium. The forms work without it; see the journeys for that."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

SCRIPT = Path(__file__).parents[2] / "static" / "portal" / "enhance.js"
SITE = "http://127.0.0.1:9"
LICENCE = "@\n\x1e\rANSI 604428040101DL00310219DLDCAG\nDCSTREMBLAY\nDACETIENNE\nDBB19840327\nDAQT1234"


class Forms:
    """Serves one page with the script, and remembers what was posted to it."""

    def __init__(self, page: Page) -> None:
        self.page, self.posted = page, list[str]()
        self.body = ""
        page.route(f"{SITE}/**", self._answer)

    def show(self, body: str) -> Page:
        self.body = body
        self.page.goto(f"{SITE}/form")
        return self.page

    def _answer(self, route) -> None:  # type: ignore[no-untyped-def]
        if route.request.url.endswith("enhance.js"):
            route.fulfill(path=SCRIPT, content_type="text/javascript")
        elif route.request.method == "POST":
            self.posted.append(route.request.post_data)
            route.fulfill(status=204)
        else:
            html = f'<!DOCTYPE html><script src="{SITE}/enhance.js" defer></script>{self.body}'
            route.fulfill(body=html, content_type="text/html")


@pytest.fixture
def forms(browser: Browser) -> Iterator[Forms]:
    context = browser.new_context()
    yield Forms(context.new_page())
    context.close()


def test_error_summary_receives_the_focus(forms: Forms) -> None:
    page = forms.show('<input autofocus><div class="error-summary" tabindex="-1">Wrong</div>')
    assert page.evaluate("document.activeElement.className") == "error-summary"


def test_double_click_posts_once_and_keeps_the_buttons_value(forms: Forms) -> None:
    page = forms.show('<form method="post" data-submit-once><button name="go" value="yes">Go</button></form>')
    page.evaluate("() => { const b = document.querySelector('button'); b.click(); b.click(); }")
    page.wait_for_function("document.querySelector('button').disabled")
    assert forms.posted == ["go=yes"]


def test_form_can_be_sent_again_when_the_page_is_shown_again(forms: Forms) -> None:
    page = forms.show('<form method="post" data-submit-once><button name="go" value="yes">Go</button></form>')
    page.click("button")
    page.wait_for_function("document.querySelector('button').disabled")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.click("button")
    page.wait_for_function("document.querySelector('button').disabled")
    assert forms.posted == ["go=yes", "go=yes"]


def test_language_button_outside_the_form_sends_what_was_typed(forms: Forms) -> None:
    page = forms.show(
        '<form id="step-form" method="post" data-submit-once><input name="first_name"></form>'
        '<button form="step-form" name="switch_staff_language" value="fr" formnovalidate>Français</button>'
    )
    page.fill("input", "Zoe")
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.click("button")
    assert forms.posted == ["first_name=Zoe&switch_staff_language=fr"]


def test_field_is_shown_only_for_the_values_it_names(forms: Forms) -> None:
    page = forms.show(
        '<form><select name="job"><option>RT<option>EM<option>SE</select>'
        '<div class="field"><label>Employer <input name="employer" data-show-when="job=EM,SE"></label></div></form>'
    )
    assert page.is_hidden(".field")
    page.select_option("select", "SE")
    assert page.is_visible(".field")
    page.select_option("select", "RT")
    assert page.is_hidden(".field")


def test_block_follows_a_radio_button(forms: Forms) -> None:
    page = forms.show(
        '<form><input type="radio" name="own" value="yes" checked><input type="radio" name="own" value="no">'
        '<div id="rent" data-show-when="own=no">Rent</div></form>'
    )
    assert page.is_hidden("#rent")
    page.check("[value=no]")
    assert page.is_visible("#rent")


def test_list_depends_on_another_and_keeps_a_choice_that_is_still_there(forms: Forms) -> None:
    page = forms.show(
        '<form><select id="id_type"><option value="">-<option>CADL<option>PP</select>'
        '<select id="id_issuer" data-depends-on="id_type" data-options="issuers"><option value="">Choose</select>'
        "</form>"
        '<script type="application/json" id="issuers">'
        '{"CADL": [["ON", "Ontario"], ["QC", "Quebec"]], "PP": [["CA", "Canada"], ["QC", "Quebec"]]}</script>'
    )
    page.select_option("#id_type", "CADL")
    assert page.locator("#id_issuer option").all_inner_texts() == ["Choose", "Ontario", "Quebec"]
    page.select_option("#id_issuer", "QC")
    page.select_option("#id_type", "PP")
    assert page.input_value("#id_issuer") == "QC"
    page.select_option("#id_issuer", "CA")
    page.select_option("#id_type", "CADL")
    assert page.input_value("#id_issuer") == ""


def scan_box(forms: Forms) -> Page:
    page = forms.show(
        '<form method="post"><button name="save">Save</button><textarea name="code" data-scan-box="decode"></textarea>'
        '<button id="decode" name="decode" value="1">Read</button></form>'
    )
    page.focus("textarea")
    return page


def wedge(page: Page, text: str) -> None:
    """Type as a scanner does: control characters as Ctrl with the letter above them."""
    for character in text:
        if character < " " and character != "\r":
            page.keyboard.press(f"Control+{chr(ord(character) + 64).lower()}")
        else:
            page.keyboard.press("Enter" if character == "\r" else character)


def test_scanned_barcode_is_sent_by_itself_with_its_control_characters(forms: Forms) -> None:
    page = scan_box(forms)
    with page.expect_response(lambda response: response.request.method == "POST"):
        wedge(page, LICENCE + "\r")
    assert len(forms.posted) == 1
    assert "%1E" in forms.posted[0]
    assert forms.posted[0].endswith("&decode=1")


def test_typed_text_is_not_sent_by_itself(forms: Forms) -> None:
    page = scan_box(forms)
    page.keyboard.type("TREMBLAY")
    page.keyboard.press("Enter")
    page.wait_for_timeout(600)
    assert forms.posted == []


IDLE = (
    '<body data-idle="/account/idle/" data-lock-after="2">{}<form id="lock-form" method="post" action="/lock"></form>'
)
TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="token">'
STEP = f'<form id="step-form" method="post" action="/step">{TOKEN}<input name="city" value="Ottawa"></form>'


def told(page: Page, left: str) -> list[str]:
    """Let the server say how many seconds are left; gives the methods with which it was asked, in order."""
    asked: list[str] = []

    def answer(route) -> None:  # type: ignore[no-untyped-def]
        asked.append(route.request.method)
        route.fulfill(body=left, content_type="text/plain")

    page.route("**/account/idle/", answer)
    return asked


def test_page_left_alone_sends_its_step_to_be_kept_and_locked(forms: Forms) -> None:
    asked = told(forms.page, "0")
    page = forms.show(IDLE.format(STEP))
    page.wait_for_timeout(3500)
    assert asked[0] == "GET"
    assert "city=Ottawa" in forms.posted[0]
    assert "lock=yes" in forms.posted[0]


def test_page_left_alone_without_a_step_locks(forms: Forms) -> None:
    told(forms.page, "0")
    page = forms.show(IDLE.format(TOKEN))
    page.wait_for_timeout(3500)
    assert forms.posted[0] == "lock=yes"


def test_page_left_alone_stays_open_while_another_tab_is_used(forms: Forms) -> None:
    asked = told(forms.page, "600")
    page = forms.show(IDLE.format(STEP))
    page.wait_for_timeout(3500)
    assert asked == ["GET"]
    assert not forms.posted


def test_page_at_work_says_so(forms: Forms) -> None:
    asked = told(forms.page, "600")
    page = forms.show(IDLE.format(STEP))
    page.keyboard.press("a")
    page.wait_for_timeout(1500)
    assert asked == ["POST"]
    assert not forms.posted
