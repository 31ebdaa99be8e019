"""A shared till: one browser with two tabs, and whoever is signed in at it. All over HTTP, as a browser sends it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from chaos.customers import Customer
from chaos.forms import Form, form_with, forms_of
from chaos.stack import PASSWORD

_TIMEOUT = 60
_FORM_STEPS = ("start", "identity", "contact", "income", "security")
# By what a form is known, whatever step it belongs to.
_SIGNS_IN, _SIGNS_OUT = ("login", "password"), "/sign-out/"
_TERMS, _SUBMITS = ("digest", "device_holder"), ("revision",)


@dataclass(frozen=True)
class Page:
    """What a tab shows: where it came from, and the form that brought it, "" for a plain address."""

    path: str
    html: str
    status: int
    sent: Mapping[str, str] | None = None

    @property
    def step(self) -> str:
        """The last part of the address: a step, "sign-in", an application's id, or ""."""
        return self.path.partition("?")[0].rstrip("/").rpartition("/")[2]


class Till:
    """The browser: cookies and connections that all its tabs share."""

    def __init__(self, url: str, people: tuple[str, ...], chance: random.Random) -> None:
        self._url, self._people, self._chance = url, people, chance
        self._browser = requests.Session()
        self._browser.trust_env = False

    def get(self, path: str) -> Page:
        return self._shown(self._browser.get(self._url + path, timeout=_TIMEOUT))

    def post(self, path: str, sent: Mapping[str, str]) -> Page:
        return self._shown(self._browser.post(self._url + path, sent, timeout=_TIMEOUT), sent)

    def sign_in(self, page: Page) -> Page:
        """Somebody who works here signs in on this page, or on a fresh one when it has grown stale."""
        form = form_with(page.html, *_SIGNS_IN)
        if form is None:
            page = self.get("/sign-in/")
            form = form_with(page.html, *_SIGNS_IN)
        if form is None:
            return page  # signed in already, in the other tab
        typed = {"login": self._chance.choice(self._people), "password": PASSWORD}
        return self.post(form.action or page.path, form.filled_in(typed))

    def close(self) -> None:
        self._browser.close()

    def _shown(self, answer: requests.Response, sent: Mapping[str, str] | None = None) -> Page:
        is_answer_to_post = sent is not None and not answer.history
        path = answer.url.removeprefix(self._url)
        return Page(path, answer.text, answer.status_code, sent if is_answer_to_post else None)


@dataclass
class Tab:
    """One tab with one customer. It goes wherever the pages lead, and back and forth as told."""

    till: Till
    customer: Customer
    page: Page
    address: str = ""
    reference: str = ""
    errors: int = 0
    history: list[Page] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        return bool(self.reference)

    def go_on(self) -> None:
        """Do what the page asks for, for this customer."""
        if self.page.step == "sign-in":
            self._show(self.till.sign_in(self.page))
        elif not self.address:
            self._start()
        elif self.page.status >= 400 and self.page.status not in (409, 422):
            self.refresh()
        elif not self.page.path.startswith(self.address) or not self._answer():
            self._show(self.till.get(f"{self.address}continue/"))

    def back(self, *, is_kept: bool) -> None:
        """The page before: as the browser kept it, or fetched again as pages ask that are not to be stored."""
        if self.history:
            before = self.history.pop()
            self.page = before if is_kept else self.till.get(before.path)

    def refresh(self) -> None:
        """Load it again. A page that a form brought sends the form again."""
        page = self.page
        self._show(self.till.get(page.path) if page.sent is None else self.till.post(page.path, page.sent))

    def open(self, step: str) -> None:
        """By the rail of steps."""
        if self.address:
            self._show(self.till.get(f"{self.address}{step}/"))

    def sign_out(self) -> None:
        """At the top of the page. This tab then shows the sign-in page, the other one still what it showed."""
        form = self._form_to(_SIGNS_OUT)
        if form is not None:
            self._show(self.till.post(_SIGNS_OUT, form.values))

    def _start(self) -> None:
        form = self._form_to("/applications/start/")
        if form is None:
            self._show(self.till.get("/"))
            return
        self._show(self.till.post(form.action, form.values))
        # Refused (a page grown stale), it stays at the address of the button, which ends in "start" as well.
        if self.page.step == "start" and self.page.path != form.action:
            self.address = self.page.path.removesuffix("start/")

    def _answer(self) -> bool:
        """Fill in the form of this page and send it; False when it has none for this customer."""
        if self.page.step in _FORM_STEPS:
            return self._send(("seen",), self.customer.typed[self.page.step])
        if self.page.step == "terms":
            return self._send(_TERMS, {"accept": "on", "device_holder": "customer"})
        if self.page.step == "check" and self._send(_SUBMITS, {}):
            self.reference = _reference_on(self.page.html) if self.page.path.startswith(self.address) else ""
            return True
        if self.page.path == self.address:  # where a click leads whose answer was lost
            self.reference = _reference_on(self.page.html)
        return self.is_over

    def _send(self, names: tuple[str, ...], typed: Mapping[str, str]) -> bool:
        form = form_with(self.page.html, *names)
        if form is None:
            return False
        self._show(self.till.post(form.action or self.page.path, form.filled_in(typed)))
        return True

    def _form_to(self, action: str) -> Form | None:
        return next((form for form in forms_of(self.page.html) if form.action == action), None)

    def _show(self, page: Page) -> None:
        self.history.append(self.page)
        self.page = page
        self.errors += page.status >= 500


def _reference_on(html: str) -> str:
    """The reference that every page after the click shows."""
    found = html.partition("<code>")[2].partition("</code>")[0]
    return found if len(found) == 32 else ""
