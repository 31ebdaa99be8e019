"""A person at the running portal without a browser: real HTTP, cookies, forms; every page checked like any other."""

import re
import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from uuid import UUID

import requests

from tests.applications.journey.walking import FORM_STEPS, TYPED, Page, Walker, another_birth_date
from tests.pages.checks import check_headers, check_page
from tests.stack.whole import PASSWORD, RunningPortal

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class HttpClient:
    """Shaped like Django's test client, so that the same walker walks the real portal."""

    base: str
    session: requests.Session = field(default_factory=requests.Session)
    last_html: str = ""

    def get(self, path: str, follow: bool = True) -> SimpleNamespace:
        return self._answer(self.session.get(self.base + path, timeout=30))

    def post(self, path: str, data: dict[str, str], follow: bool = True) -> SimpleNamespace:
        token = _TOKEN.search(self.last_html)
        assert token, "The last page has no form to send."
        sent = {"csrfmiddlewaretoken": token[1], **data}
        return self._answer(self.session.post(self.base + path, sent, timeout=30))

    def _answer(self, response: requests.Response) -> SimpleNamespace:
        path = response.url.removeprefix(self.base)
        if response.text.strip():
            self.last_html = response.text
            check_headers(response.headers, url=path)
            check_page(response.text, url=path, language=response.headers["Content-Language"])
        return SimpleNamespace(status_code=response.status_code, request={"PATH_INFO": path}, content=response.content)


class HttpWalker(Walker):
    """Signs in and walks an application through the whole running portal."""

    def __init__(self, portal: RunningPortal) -> None:
        super().__init__(HttpClient(portal.url))

    def sign_in(self, username: str) -> Page:
        self.get("/sign-in/")
        return self.post("/sign-in/", {"login": username, "password": PASSWORD})

    def start(self) -> Page:
        self.get("/")
        page = self.post("/applications/start/")
        self.id = UUID(page.url.split("/")[2])
        return page

    def url(self, step: str, query: str = "") -> str:
        return f"/applications/{self.id}/{step}/{query}"

    def walk(self, **changes: str) -> None:
        """Answer every step of a new application, of a new person unless `dob` is given; changes by field name."""
        changes = {"dob": another_birth_date(), **changes}
        self.start()
        for step in FORM_STEPS:
            self.answer(step, **{name: value for name, value in changes.items() if name in TYPED[step]})

    def submit(self) -> Page:
        page = self.open("check")
        return self.post(self.url("submit"), {"revision": page.hidden("revision")})

    def outcome(self, *, within: float = 20) -> Page:
        """The page of the decision, as the waiting page without JavaScript reaches it: by asking again."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            page = self.get(f"/applications/{self.id}/")
            if 'http-equiv="refresh" content="3;' not in page.html:
                return page
            time.sleep(0.2)
        raise AssertionError(f"Still waiting after {within} s.")

    def until(self, words: str, *, within: float = 30) -> Page:
        """The page of the application, once it says this."""
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            page = self.get(f"/applications/{self.id}/")
            if words in page.text:
                return page
            time.sleep(0.2)
        raise AssertionError(f"Not said within {within} s: {words}")
