"""A licence scanned into the text box, from what a browser posts to what stands in the fields."""

import pytest
from django.urls import reverse

from applications.journey.scanning import LONGEST, restored
from audit.events import timeline
from audit.names import EventName
from tests.applications.journey.walking import TYPED
from tests.stack.windows import sign_in

# The vendor's sample request, in its words (contract §5), with data elements of our own.
ELEMENTS = (
    "DCAG", "DCB", "DBA20310131", "DCSTremblay", "DACAnne", "DADA-RR_M", "DBB19880409", "DAG10 RUE EXEMPLE",
    "DAILaval", "DAJQC", "DAKH7A 0A1", "DAQT1234-880409-01", "DCGCAN",
)  # fmt: skip
SAMPLE = "@\n\x1e\rANSI\n604428040101 DL00310219DL\n" + "\n".join(ELEMENTS) + "\r"


def as_typed(text):
    """What a text box makes of it: one line break for CR, LF and CR LF alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def as_posted(text):
    """What a form makes of that, measured in Chromium."""
    return as_typed(text).replace("\n", "\r\n")


def without_rs(text):
    """What keys make of it: none types RS."""
    return text.replace("\x1e", "")


@pytest.mark.parametrize(
    "harm",
    [
        lambda text: text,
        as_posted,
        lambda text: as_posted(without_rs(text)),
        lambda text: as_posted(text) + "\r\n\r\n",
        lambda text: "\r\n" + as_posted(text),
        lambda text: as_posted(text).replace("@\r\n\x1e\r\n", "@"),
        lambda text: as_posted(text).replace("@\r\n\x1e\r\n", ""),
        lambda text: as_posted(text) + "\0",
    ],
)
def test_restored_undoes_what_keys_and_forms_do(harm):
    assert restored(harm(SAMPLE)) == SAMPLE


def test_restored_keeps_every_other_character():
    text = "@\n\x1e\rANSI 636012030001DL00290010DL\x1c\x1dDAQ A-É\tß\r"
    assert restored(as_posted(text)) == text


def test_restored_puts_the_end_of_each_subfile_back():
    text = "@\n\x1e\rANSI 636012030002DL00410278ZO03190024DLDAQA\nDCSB\rZOZOAX\nZOBY\r"
    assert restored(as_posted(text)) == text


def test_restored_does_not_mend_a_damaged_mark():
    assert "xxx" in restored(as_posted(SAMPLE.replace("ANSI", "xxx")))


@pytest.fixture
def at_identity(walker):
    walker.arrive("identity", province="QC")
    return walker


def scan(walker, code=None, **typed):
    page = walker.open("identity")
    data = {"seen": page.hidden("seen"), "code": as_posted(SAMPLE) if code is None else code, **typed}
    return walker.post(reverse("scan", args=[walker.id]), data)


def test_scan_fills_in_what_the_licence_says(at_identity):
    page = scan(at_identity)
    assert page.url == at_identity.url("identity")
    assert "The licence was read" in page.text
    wanted = {
        "first_name": "Anne",
        "middle_name": "A-RR_M",
        "last_name": "Tremblay",
        "dob": "1988-04-09",
        "govid_type": "CADL",
        "govid_issuedby": "QC",
        "govid_number": "T1234-880409-01",
        "govid_expiry": "2031-01-31",
    }
    assert {name: page.value(name) for name in wanted} == wanted
    assert page.html.count("data-scanned") == page.html.count("field__scanned") == len(wanted)


def test_scan_fills_in_the_address_on_its_own_step(at_identity):
    page = scan(at_identity)
    typed = {name: page.value(name) for name in TYPED["identity"]}
    contact = at_identity.answer("identity", **{**typed, "salutation": "ms"})
    assert contact.url == at_identity.url("contact")
    assert contact.value("address_1") == "10 RUE EXEMPLE"
    assert contact.value("city") == "Laval"
    assert contact.value("postal_code").replace(" ", "") == "H7A0A1"


def test_scanned_values_stay_editable_and_are_not_saved_by_themselves(at_identity):
    scan(at_identity)
    assert "identity" not in at_identity.answers.saved
    at_identity.answer("identity", first_name="Annie")
    assert at_identity.answers.flat()["first_name"] == "Annie"


def test_scan_reaches_the_lender_unharmed(at_identity, sandbox):
    scan(at_identity)
    (call,) = [it for it in sandbox.requests(bodies="1") if it["path"].endswith("driverslicense")]
    assert call["status"] == 200
    assert call["reference_id"] == at_identity.application.reference_id


def test_scan_keeps_what_was_typed_beside_it(at_identity):
    page = scan(at_identity, salutation="ms", first_name="Typed")
    assert page.value("salutation") == "ms"
    assert page.value("first_name") == "Anne"


def test_scan_leaves_evidence_without_values_and_no_raw_text(at_identity, caplog):
    scan(at_identity)
    (event,) = [it for it in timeline(at_identity.application) if it.name == EventName.LICENCE_SCANNED]
    assert event.detail == {"fields": 11}
    held = str(at_identity.application.answers)
    assert "ANSI" not in held
    assert "DCSTremblay" not in held
    assert "Tremblay" not in caplog.text


def test_scan_from_another_province_warns(walker):
    walker.arrive("identity", province="ON")
    assert "another province" in scan(walker).text
    assert "another province" not in scan(walker, as_posted(SAMPLE.replace("DAJQC", "DAJON"))).text


@pytest.mark.parametrize(
    "code",
    [as_posted(SAMPLE.replace("ANSI", "xxx")), "hello", "<script>", as_posted(SAMPLE)[:60]],
)
def test_scan_that_cannot_be_read_says_so_and_leaves_typing_possible(at_identity, code, caplog):
    page = scan(at_identity, code, first_name="Typed")
    assert "could not be read as a licence" in page.text
    assert page.value("first_name") == "Typed"
    assert page.value("code") == ""
    assert "xxx" not in caplog.text
    assert at_identity.answer("identity").url == at_identity.url("contact")


@pytest.mark.parametrize("code", ["", "  \r\n", "x" * (LONGEST + 1)])
def test_scan_of_nothing_or_of_too_much_never_reaches_the_lender(at_identity, sandbox, code):
    page = scan(at_identity, code)
    assert "no licence in the box" in page.text
    assert not [it for it in sandbox.requests() if it["path"].endswith("driverslicense")]


def test_scan_while_the_lender_is_down_says_to_type(at_identity):
    at_identity.lose_the_lender()
    page = scan(at_identity, first_name="Typed")
    assert "cannot read licences at the moment" in page.text
    assert page.value("first_name") == "Typed"


def test_scan_box_that_is_full_is_read_whichever_button_was_pressed(at_identity):
    page = at_identity.answer("identity", first_name="", code=as_posted(SAMPLE))
    assert page.value("first_name") == "Anne"


def test_scan_in_an_older_window_is_a_conflict(at_identity):
    older = at_identity.open("identity")
    at_identity.answer("identity")
    data = {"seen": older.hidden("seen"), "code": as_posted(SAMPLE), "first_name": "Typed"}
    page = at_identity.post(reverse("scan", args=[at_identity.id]), data)
    assert page.status == 409
    assert at_identity.answers.flat()["first_name"] == "Anne-Élise"


def test_scan_before_the_start_leads_to_the_start(walker):
    walker.start()
    page = walker.post(reverse("scan", args=[walker.id]), {"code": as_posted(SAMPLE)})
    assert page.url == walker.url("start")


# In a real Chromium


def wedge(page, text):
    """A scanner in its usual set-up: every character as a key, control characters as Ctrl with one."""
    page.focus("#id_code")
    for character in text:
        if character == "\x1e":
            page.keyboard.press("Control+Shift+6")
        elif character in "\n\r":
            page.keyboard.press("Control+j" if character == "\n" else "Control+m")
        else:
            page.keyboard.type(character)


def wedge_of_printable_keys(page, text):
    """A scanner that knows no control characters but Enter."""
    page.focus("#id_code")
    for character in without_rs(text):
        page.keyboard.press("Enter") if character in "\n\r" else page.keyboard.type(character)


def paste(page, text):
    page.focus("#id_code")
    page.keyboard.insert_text(text)


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.parametrize(("scanner", "javascript"), [(wedge, True), (wedge_of_printable_keys, False), (paste, False)])
def test_scanner_in_a_browser_fills_in_the_form(windows, scanner, javascript):
    page = windows.open(javascript=javascript)
    sign_in(page, "associate")
    page.locator("form[action$='/start/'] button").click()
    page.select_option("#id_province", "QC")
    page.fill("#id_amount_requested", "2500")
    page.locator("#step-form .button--primary").click()
    scanner(page, SAMPLE)
    if not javascript:
        page.click("#read-licence")
    page.wait_for_selector(".field__scanned")
    assert page.input_value("#id_last_name") == "Tremblay"
    assert page.input_value("#id_govid_issuedby") == "QC"
    assert page.input_value("#id_govid_expiry") == "2031-01-31"


@pytest.mark.browser
@pytest.mark.stack
def test_enter_in_a_field_saves_the_step_and_presses_no_other_button(windows):
    page = windows.open()
    sign_in(page, "associate")
    page.locator("form[action$='/start/'] button").click()
    page.select_option("#id_province", "ON")
    page.fill("#id_amount_requested", "2500")
    page.press("#id_amount_requested", "Enter")
    page.wait_for_url("**/identity/")
    assert page.get_attribute("html", "lang") == "en"
