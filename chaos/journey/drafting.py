"""Filling in: steps in and out of turn, wrong values, old pages, two languages, a scan, and the terms."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from applications.retention.purging import purge_by_the_hour
from chaos.journey.machine import PLACES, Counter
from chaos.journey.stage import age_everything
from tests.applications.journey.walking import FORM_STEPS, TYPED

_HOURS = 3600
NOT_AN_ANSWER = ("", " ", "\0", "x" * 3000, "<script>alert(1)</script>", "-1", "2026-02-30", "1e9", "٣", "😀", "null")
# What a form posts of a scanned licence (contract §5), with data elements of our own, and what is none.
LICENCES = (
    "@\n\x1e\rANSI\n604428040101 DL00310219DL\nDCAG\nDCSTremblay\nDACZoé\nDBB19911230\nDAJQC\nDAKH7A 0A1\r",
    "",
    "@not a licence",
    "\x1e\r\0",
)
TERMS_FAULTS = ("", "", "", "internal_error", "empty_body", "hostile_html")
ACCEPTING: tuple[dict[str, str], ...] = (
    {},
    {},
    {"accept": ""},
    {"device_holder": "nobody"},
    {"digest": "0"},
    {"choose_english": "1"},
)
BUTTONS = {"switch_staff_language": "fr", "switch_customer_language": "fr-CA", "refresh": "province"}

steps = st.sampled_from((*FORM_STEPS, "terms", "check"))
form_steps = st.sampled_from(FORM_STEPS)
fields = st.sampled_from([(step, name) for step, typed in TYPED.items() for name in typed])


def is_filled_in(counter: Counter) -> bool:
    """The customer here has not come further; what an answer does after that is tried with old pages."""
    return counter.application.is_editable


class Drafting(Counter):
    """Everything before the click."""

    @precondition(is_filled_in)
    @rule()
    def answer_what_is_next(self) -> None:
        associate = self.at(self.stage.associate)
        page = self.shown(associate.open("check"))
        step = page.url.rstrip("/").rpartition("/")[2]
        if step in FORM_STEPS:
            self.shown(associate.answer(step, on=page, **self.here.typed(step)))
        elif step == "terms":
            self.shown(associate.accept(page))
        else:
            self.shown(associate.post(associate.url("submit"), {"revision": page.hidden("revision")}))

    @precondition(is_filled_in)
    @rule(step=steps)
    def open_a_step(self, step: str) -> None:
        self.here.pages[step] = self.shown(self.at(self.stage.associate).open(step))

    @precondition(is_filled_in)
    @rule(asked=fields, value=st.sampled_from(NOT_AN_ANSWER))
    def type_something_else(self, asked: tuple[str, str], value: str) -> None:
        step, name = asked
        self.shown(self.at(self.stage.associate).answer(step, **{**self.here.typed(step), name: value}))

    @precondition(lambda self: self.here.pages)
    @rule(chosen=st.integers(0, 6), amount=st.sampled_from(["900", "19 999,99"]), who=st.integers(0, 2))
    def go_back_and_send_an_old_page(self, chosen: int, amount: str, who: int) -> None:
        """A page as it was shown some steps ago, in another window or after the back button."""
        person = self.at(self.stage.staff[who])
        step, page = list(self.here.pages.items())[chosen % len(self.here.pages)]
        if step in FORM_STEPS:
            changed = {"amount_requested": amount} if step == "start" else {}
            self.shown(person.answer(step, on=page, **{**self.here.typed(step), **changed}))
        elif step == "terms":
            self.shown(person.accept(page))
        else:
            self.shown(person.post(person.url("submit"), {"revision": page.hidden("revision")}))

    @precondition(is_filled_in)
    @rule(step=form_steps, button=st.sampled_from(sorted(BUTTONS)))
    def press_a_button_half_way(self, step: str, button: str) -> None:
        person = self.at(self.stage.associate)
        self.shown(person.answer(step, **{**self.here.typed(step), button: BUTTONS[button]}))

    @precondition(is_filled_in)
    @rule(step=st.sampled_from(["terms", "check"]), language=st.sampled_from(["en-CA", "fr-CA", "de-DE"]))
    def switch_the_customers_language(self, step: str, language: str) -> None:
        person = self.at(self.stage.associate)
        self.shown(person.post(person.url(step), {"switch_customer_language": language}))

    @precondition(is_filled_in)
    @rule(place=st.sampled_from(PLACES))
    def move_to_another_province(self, place: dict[str, str]) -> None:
        """Also after the terms were accepted: those were the terms of another province."""
        self.here.answers.update(place)
        self.shown(self.at(self.stage.associate).answer("start", **self.here.typed("start")))

    @precondition(is_filled_in)
    @rule(code=st.sampled_from(LICENCES), fault=st.sampled_from(["", "", "internal_error", "wrong_inputs"]))
    def scan_a_licence(self, code: str, fault: str) -> None:
        person = self.at(self.stage.associate)
        page = person.open("identity")
        self.fail("driverslicense", fault)
        self.shown(person.post(f"/applications/{self.here.id}/scan/", {"seen": page.hidden("seen"), "code": code}))
        self.calm()

    @precondition(is_filled_in)
    @rule(
        how=st.sampled_from(ACCEPTING), fault=st.sampled_from(["", "", "internal_error", "empty_body", "hostile_html"])
    )
    def accept_the_terms(self, how: dict[str, str], fault: str) -> None:
        self.fail("terms", fault)
        self.shown(self.at(self.stage.associate).accept(**how))
        self.calm()

    @precondition(is_filled_in)
    @rule(hours=st.sampled_from([1, 49]))
    def purge_what_is_old(self, hours: int) -> None:
        age_everything(hours * _HOURS)
        purge_by_the_hour()
