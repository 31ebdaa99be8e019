"""Applicants taken through the whole portal by clumsy people at several tills, each answer kept for the search."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import requests

from chaos.customers import Customer
from chaos.forms import form_with
from chaos.till import Page, Tab, Till
from evidence.canary_people import canary, mistyped

_TILLS = 6
_AT_ONE_TILL = 3  # applicants, one after the other, by whoever is signed in
_LONGEST = 300.0  # seconds of one applicant
_A_MOMENT = 0.5  # seconds
_CLUMSIEST = 100  # applicants for whom every step goes wrong first; then one step of each
_STEPS = ("start", "identity", "contact", "income", "security")


@dataclass
class Overheard:
    """What the portal sends apart from the pages of those whom they are for. Safe under threads."""

    headers: list[bytes] = field(default_factory=list)
    error_pages: list[bytes] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, answer: requests.Response, **_more: object) -> None:
        """Address and headers of an answer, cookies included, and the page if it is about an error of ours."""
        lines = [f"{answer.status_code} {answer.url}", *(f"{name}: {text}" for name, text in answer.headers.items())]
        with self._lock:
            self.statuses[answer.status_code] += 1
            self.headers.append("\n".join(lines).encode())
            if answer.status_code in (400, 403, 404, 405, 413, 429) or answer.status_code >= 500:
                self.error_pages.append(answer.content)


class ListeningTill(Till):
    """A till whose every answer is noted, those on the way to a page too."""

    def __init__(self, url: str, people: tuple[str, ...], chance: random.Random, overheard: Overheard) -> None:
        super().__init__(url, people, chance)
        self.url = url
        self._browser.hooks["response"] = [overheard.note]

    @contextmanager
    def headed(self, header: str) -> Iterator[None]:
        """Meanwhile every request has this header."""
        self._browser.headers[header] = "1"
        yield
        del self._browser.headers[header]

    def sign_in_as(self, typed: Mapping[str, str]) -> Page:
        """Type this into the sign-in page, right or wrong."""
        page = self.get("/sign-in/")
        form = form_with(page.html, "login", "password")
        return self.post(form.action or page.path, form.filled_in(typed)) if form else page


@dataclass
class ClumsyTab(Tab):
    """Types values into wrong fields first, once on each of these steps."""

    till: ListeningTill
    clumsy_at: tuple[str, ...] = _STEPS
    fumbled: set[str] = field(default_factory=set)

    def _answer(self) -> bool:
        step = self.page.step
        if step in self.clumsy_at and step not in self.fumbled:
            self.fumbled.add(step)
            if self._send(("seen",), mistyped(self.customer, step)):
                return True
        return super()._answer()


@dataclass
class Walk:
    """So many applicants, how many are through, and the addresses of those who have been sent."""

    url: str
    count: int
    chance: random.Random
    overheard: Overheard = field(default_factory=Overheard)
    done: int = 0
    sent: dict[int, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def go(self) -> None:
        """Return once everybody is through."""
        first = range(0, self.count, _AT_ONE_TILL)
        seeds = [self.chance.getrandbits(32) for _ in first]
        with ThreadPoolExecutor(_TILLS) as threads:
            list(threads.map(self._at_one_till, first, seeds))

    def _at_one_till(self, first: int, seed: int) -> None:
        chance = random.Random(seed)
        till = ListeningTill(self.url, ("associate", "manager"), chance, self.overheard)
        for number in range(first, min(first + _AT_ONE_TILL, self.count)):
            try:
                self._one(till, number, chance)
            except Exception as problem:
                self.failures.append(f"{number}: {type(problem).__name__}")
            finally:
                self.done += 1
        till.close()

    def _one(self, till: ListeningTill, number: int, chance: random.Random) -> None:
        customer = canary(number)
        if number % (7 * _AT_ONE_TILL) == 0:  # nobody is signed in yet
            _sign_in_as_the_customer(till, customer)
        clumsy_at = _STEPS if number < _CLUMSIEST else _STEPS[number % len(_STEPS) :][:1]
        tab = ClumsyTab(till, customer, Page("/sign-in/", "", 200), clumsy_at=clumsy_at)
        self._until_sent(tab, chance)
        self.sent[number] = tab.address

    def _until_sent(self, tab: ClumsyTab, chance: random.Random) -> None:
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            if tab.is_over:
                return
            if tab.page.status >= requests.codes.server_error:
                time.sleep(_A_MOMENT)  # the database is away
            with suppress(requests.RequestException):
                if chance.random() < 0.03:
                    tab.refresh()
                tab.go_on()
        raise TimeoutError(tab.page.path)


def _sign_in_as_the_customer(till: ListeningTill, customer: Customer) -> None:
    """The customer's name in the box of the associate's, the number in the password's, and the other way round."""
    flat = customer.flat
    till.sign_in_as({"login": flat["last_name"], "password": flat["sin"]})
    till.sign_in_as({"login": flat["email"], "password": flat["security_answer"]})
