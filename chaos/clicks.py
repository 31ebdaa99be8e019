"""Clicks at the same moment: a browser's tabs and devices at a real web server, and what each click landed on."""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

import requests

from chaos.stack import PASSWORD

_TIMEOUT = 60.0
_TITLE = re.compile(r"<title>\s*(.*?) – ", re.DOTALL)
# A connection of its own for every click, as the web server ends an idle one within two seconds.
_HEADERS = {"Connection": "close", "Accept-Language": "en-CA"}

Form = dict[str, str]


class NotSignedIn(Exception):
    """The sign-in page did not let this person in."""


@dataclass(frozen=True)
class Landing:
    """The page that a click came to after all redirects. `status` is 0 when no answer came at all.

    Times are the clock's: `began` the click, `answered` its own answer, `asked` when the last page was asked for.
    """

    status: int
    path: str
    html: str
    began: float
    answered: float
    asked: float

    @property
    def is_page(self) -> bool:
        """Whether it is a page rather than an error."""
        return self.status == requests.codes.ok

    def is_of(self, path: str) -> bool:
        """Whether it belongs to the application at this path."""
        return self.path.startswith(path)

    @property
    def title(self) -> str:
        """The first part of the title, which names the page."""
        found = _TITLE.search(self.html)
        return " ".join(unescape(found[1]).split()) if found else ""

    def hidden(self, name: str) -> str:
        """The value of the last hidden input of this name."""
        return re.findall(rf'name="{name}" value="([^"]*)"', self.html)[-1]

    def form(self, *names: str) -> Form:
        """What a form of this page sends along by itself."""
        return {name: self.hidden(name) for name in ("csrfmiddlewaretoken", *names)}


class Device:
    """A browser with somebody signed in. Several threads may use it at once, as tabs do."""

    def __init__(self, url: str, username: str) -> None:
        self._url = url
        self._cookies: dict[str, str] = {}
        self._sign_in(username)

    def _sign_in(self, username: str) -> None:
        with requests.Session() as session:
            session.headers.update(_HEADERS)
            page = _landed(session.get(f"{self._url}/sign-in/", timeout=_TIMEOUT), time.time())
            fields = {**page.form(), "login": username, "password": PASSWORD}
            landed = _landed(session.post(f"{self._url}/sign-in/", fields, timeout=_TIMEOUT), time.time())
            self._cookies = session.cookies.get_dict()
        if (landed.status, landed.path) != (requests.codes.ok, "/"):
            raise NotSignedIn(f"{landed.status} {landed.path}")

    def open(self, path: str) -> Landing:
        return self._request("GET", path, None)

    def send(self, path: str, form: Form) -> Landing:
        """One click on the button of a form."""
        return self._request("POST", path, form)

    def is_answered(self, path: str) -> bool:
        """What the waiting page asks for by itself: whether there is something new."""
        return self._request("GET", f"{path}status/", None).status == requests.codes.ok

    def _request(self, method: str, path: str, form: Form | None) -> Landing:
        began = time.time()
        try:
            answer = requests.request(
                method, self._url + path, data=form, headers=_HEADERS, cookies=self._cookies, timeout=_TIMEOUT
            )
        except requests.RequestException as problem:
            return Landing(0, path, type(problem).__name__, began, time.time(), began)
        return _landed(answer, began)


def _landed(answer: requests.Response, began: float) -> Landing:
    first = answer.history[0] if answer.history else answer
    asked = time.time() - answer.elapsed.total_seconds()
    answered = began + first.elapsed.total_seconds()
    return Landing(answer.status_code, urlsplit(answer.url).path, answer.text, began, answered, asked)


def at_once(clicks: Sequence[Callable[[], Landing]]) -> list[Landing]:
    """All of them at the same moment, each on a connection of its own."""
    landings: list[Landing] = []
    start = threading.Barrier(len(clicks))

    def work(click: Callable[[], Landing]) -> None:
        start.wait()
        landings.append(click())

    threads = [threading.Thread(target=work, args=[click], daemon=True) for click in clicks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return landings


def were_at_once(landings: Sequence[Landing]) -> bool:
    """Whether the last click came before the first one was answered."""
    return max(one.began for one in landings) < min(one.answered for one in landings)
