"""Watches every page of a browser context and keeps what was wrong with it.

Wrong is: an accessibility rule broken, a CSP violation, anything on the console's error channel, an uncaught error,
a request to another host, a part that could not be loaded, and a page answered with 5xx.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Request, Response, WebError

from tests.stack.accessibility import violations_on

_MAY_LEAVE_THE_PAGE = {
    Page: ("goto", "reload", "go_back", "go_forward", "click", "press"),
    Locator: ("click", "dblclick", "press"),
}
_WATCHES: "WeakKeyDictionary[BrowserContext, Watch]" = WeakKeyDictionary()
_CHECKED: set[int] = set()
_REPORT_CSP = """
document.addEventListener("securitypolicyviolation",
    event => console.error("CSP violation: " + event.violatedDirective + " " + event.blockedURI));
"""


class Watch:
    """One context under watch. `expected`: texts of problems that the test stages itself."""

    def __init__(self, context: BrowserContext, base_url: str, *, accessibility: bool) -> None:
        self.context, self.host = context, urlsplit(base_url).netloc
        self.accessibility = accessibility
        self.expected: list[str] = []
        self._found: list[str] = []
        context.add_init_script(_REPORT_CSP)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)
        _WATCHES[context] = self

    def finish(self) -> list[str]:
        """Check the pages that are still open, close the context, and return what was wrong."""
        for page in self.context.pages:
            self.check(page)
        self.context.close()
        return [line for line in self._found if not any(text in line for text in self.expected)]

    def check(self, page: Page) -> None:
        """Hold the page as it is now against the accessibility rules."""
        if not self.accessibility or urlsplit(page.url).netloc != self.host or page.url == "about:blank":
            return
        try:
            lines = violations_on(page, _CHECKED)
        except Error as error:  # the page went away under the check; the one that follows is checked in its turn
            if "Execution context was destroyed" not in str(error) and "closed" not in str(error):
                raise
            return
        self._found += [f"{page.url}: {line}" for line in lines]

    def _on_console(self, message: ConsoleMessage) -> None:
        # The browser repeats on the console what _on_response judges better.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._found.append(f"console: {message.text} ({message.location.get('url')})")

    def _on_error(self, error: WebError) -> None:
        self._found.append(f"uncaught: {error.error}")

    def _on_request(self, request: Request) -> None:
        place = urlsplit(request.url)
        if place.scheme in ("http", "https", "ws", "wss") and place.netloc != self.host:
            self._found.append(f"request to another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        is_page = response.request.is_navigation_request() or response.request.resource_type in ("xhr", "fetch")
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self._found.append(f"answered {response.status}: {response.url}")


def _checking_first(action: Callable[..., Any]) -> Callable[..., Any]:
    """A page is checked before each action that may leave it: by then it shows all it was going to show."""

    @wraps(action)
    def checked(self: Page | Locator, *arguments: Any, **options: Any) -> Any:
        page = self if isinstance(self, Page) else self.page
        if watch := _WATCHES.get(page.context):
            watch.check(page)
        return action(self, *arguments, **options)

    return checked


for _kind, _names in _MAY_LEAVE_THE_PAGE.items():
    for _name in _names:
        setattr(_kind, _name, _checking_first(getattr(_kind, _name)))
