"""An associate at a real web server without a browser: signs in, submits, and looks before clicking again."""

import http.client
import time
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from chaos.stack import PASSWORD

if TYPE_CHECKING:
    from chaos.drafts import Draft  # needs Django, which not everybody who walks in has


class NotAcknowledged(Exception):
    """The page kept failing for longer than a person stays."""


class NotSignedIn(Exception):
    """The sign-in page did not let the associate in."""


class Associate:
    """One signed-in session on one kept-alive connection. Not for several threads at once.

    silence: seconds without a byte of an answer after which it is given up.
    """

    def __init__(
        self, url: str, username: str, *, pause: float = 1.0, patience: float = 180.0, silence: float = 30.0
    ) -> None:
        self._at = urlsplit(url).netloc
        self._username = username
        self._pause, self._patience = pause, patience
        self._cookies: dict[str, str] = {}
        self._connection = http.client.HTTPConnection(self._at, timeout=silence)
        self.errors = 0

    def sign_in(self) -> None:
        """Real pages, real password. Raises NotSignedIn."""
        self.get("/sign-in/")
        status, where = self.post("/sign-in/", {"login": self._username, "password": PASSWORD})
        if (status, where) != (http.HTTPStatus.FOUND, "/"):
            raise NotSignedIn(f"{status} {where}")

    def close(self) -> None:
        self._connection.close()

    def submit(self, draft: "Draft") -> None:
        """Return once the portal has acknowledged this submission. Raises NotAcknowledged.

        When the click brings an error, a person looks at the application's page first: is it sent? Only if not, the
        button is pressed again.
        """
        until = time.monotonic() + self._patience
        sent = self._tried(lambda: self._clicked(draft))
        while not sent:
            if time.monotonic() > until:
                raise NotAcknowledged(str(draft.id))
            time.sleep(self._pause)
            self._connection.close()  # the web server keeps an idle one for two seconds only
            seen = self._tried(lambda: self._seen_as_sent(draft))
            sent = seen or (seen is False and self._tried(lambda: self._clicked(draft)))

    def _clicked(self, draft: "Draft") -> bool | None:
        status, where = self.post(f"{draft.path}submit/", {"revision": "0"})
        return self._understood(status) and where == draft.path

    def _seen_as_sent(self, draft: "Draft") -> bool | None:
        """True on a page after the submission, False on one before it, None on an error."""
        status, _ = self.get(draft.path)
        return self._understood(status) and status == http.HTTPStatus.OK

    def _understood(self, status: int) -> bool | None:
        if status in (http.HTTPStatus.OK, http.HTTPStatus.FOUND):
            return True
        self.errors += 1
        return None

    def _tried(self, step: Callable[[], bool | None]) -> bool | None:
        try:
            return step()
        except (OSError, http.client.HTTPException):
            self.errors += 1
            self._connection.close()
            return None

    def get(self, path: str) -> tuple[int, str]:
        """Status, and where the page sends the browser.

        Asked for once more, as browsers do, when the web server had closed the connection because it was idle.
        """
        was_open = self._connection.sock is not None
        try:
            return self._request("GET", path, None)
        except ConnectionError:
            self._connection.close()
            if not was_open:
                raise
        return self._request("GET", path, None)

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """The same for a form, with the token that its page would have had."""
        return self._request("POST", path, urlencode({"csrfmiddlewaretoken": self._cookies.get("csrf", ""), **fields}))

    def posted(self, path: str, fields: dict[str, str]) -> http.client.HTTPResponse:
        """The answer to a form, to be read by the caller before anything else is asked."""
        return self._opened("POST", path, urlencode({"csrfmiddlewaretoken": self._cookies.get("csrf", ""), **fields}))

    def _request(self, method: str, path: str, body: str | None) -> tuple[int, str]:
        answer = self._opened(method, path, body)
        answer.read()
        for set_cookie in answer.msg.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(set_cookie).items()}
        return answer.status, urlsplit(answer.headers.get("Location", "")).path

    def _opened(self, method: str, path: str, body: str | None) -> http.client.HTTPResponse:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        return self._connection.getresponse()
