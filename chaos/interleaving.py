"""Two customers at one till, their tabs in any order, and whether each ends with exactly their own answers."""

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from chaos.customers import Customer
from chaos.forms import form_with
from chaos.lender import Lender
from chaos.till import Tab

# Never shown again once they are saved, so only what is sent tells whose they are.
_CONCEALED = frozenset({"sin", "govid_number", "security_answer", "piw"})
_AMOUNTS = frozenset({"amount_requested", "personal_income", "household_income", "monthly_housing_expenses"})
_OURS = frozenset({"tos_agreement", "input_type"})
_ACTIONS = {"go on": 58, "back": 9, "back, kept": 9, "refresh": 10, "another step": 8, "sign out": 6}
_LONGEST = 400  # actions
_SENT_WITHIN = 60.0  # seconds after the click


@dataclass
class Tally:
    """What was done and seen, over any number of runs."""

    compared: int = 0
    crossed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    shown_elsewhere: int = 0
    unfinished: int = 0
    errors: int = 0
    actions: Counter[str] = field(default_factory=Counter)


class Interleaving:
    """One run with two tabs."""

    def __init__(self, first: Tab, second: Tab, chance: random.Random) -> None:
        self._tabs = [first, second]
        self._others = {id(first): second.customer, id(second): first.customer}
        self._chance = chance
        self._read: set[int] = set()
        self.tally = Tally()

    def run(self, lender: Lender) -> Tally:
        """Until both are sent and were compared."""
        for _ in range(_LONGEST):
            waiting = [tab for tab in self._tabs if not tab.is_over]
            if not waiting:
                break
            self._act(self._chance.choice(waiting))
        for tab in self._tabs:
            self.tally.errors += tab.errors
            if tab.is_over and id(tab) in self._read:
                self._compare_sealed(tab, lender)
            else:
                self.tally.unfinished += 1
        return self.tally

    def _act(self, tab: Tab) -> None:
        if tab.page.step == "check" and id(tab) not in self._read and self._compare_pages(tab):
            self._read.add(id(tab))
        action = self._chance.choices(list(_ACTIONS), list(_ACTIONS.values()))[0]
        self.tally.actions[action] += 1
        match action:
            case "back":
                tab.back(is_kept=False)
            case "back, kept":
                tab.back(is_kept=True)
            case "refresh":
                tab.refresh()
            case "another step":
                tab.open(self._chance.choice(list(tab.customer.typed)))
            case "sign out":
                tab.sign_out()
            case _:
                tab.go_on()
        if tab.address and tab.page.path.startswith(tab.address):
            self.tally.shown_elsewhere += any(mark in tab.page.html for mark in self._others[id(tab)].marks)

    def _compare_pages(self, tab: Tab) -> bool:
        """Before the click, every step as it is shown now; False when nobody is signed in to be shown it."""
        forms = {step: form_with(tab.till.get(f"{tab.address}{step}/").html, "seen") for step in tab.customer.typed}
        shown = {step: form.values for step, form in forms.items() if form is not None}
        if shown.keys() != forms.keys():
            return False
        for step, typed in tab.customer.typed.items():
            for name in typed.keys() - _CONCEALED:
                self._compare(tab, name, shown[step].get(name, ""))
        return True

    def _compare_sealed(self, tab: Tab, lender: Lender) -> None:
        body = sealed_body(lender, tab.reference)
        for name in tab.customer.flat.keys() | (body.keys() - _OURS):
            self._compare(tab, name, body.get(name, ""))

    def _compare(self, tab: Tab, name: str, found: Any) -> None:
        self.tally.compared += 1
        if not is_same(name, found, tab.customer):
            is_others = is_same(name, found, self._others[id(tab)])
            (self.tally.crossed if is_others else self.tally.changed).append(name)


def is_same(name: str, found: Any, customer: Customer) -> bool:
    """Whether a value, as a page writes it or as it was sent, is what the customer said."""
    said = customer.flat.get(name, "")
    if name in _AMOUNTS and not isinstance(found, str):
        return Decimal(str(found)) == Decimal(said)
    return _plain(str(found)) == _plain(said)


def sealed_body(lender: Lender, reference: str) -> dict[str, Any]:
    """The body of `apply` as it arrived at the lender; empty when none came in time."""
    until = time.monotonic() + _SENT_WITHIN
    while time.monotonic() < until:
        for request in lender.control("GET", f"requests?reference_id={reference}&bodies=1"):
            if request["path"].endswith("/apply") and request["body"]:
                return dict(request["body"])
        time.sleep(0.3)
    return {}


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()
