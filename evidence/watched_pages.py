"""Pages in a real Chromium, watched for whatever the lender's HTML does to them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

ORIGINAL = "http://original.example/"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
_REMEMBER_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", event => window.violations.push(event.violatedDirective));
"""
# The marks of an attack, besides a request: something ran, something in the box is more than text, the page around
# it looks or works otherwise. `lastElementChild` of the terms is ours: the mark of their end.
_LOOK = """selector => {
  const box = document.querySelector(selector);
  if (!box) return null;
  const tags = new Set(("p br hr div span strong em b i u s del ins q small sub sup blockquote pre ul ol li dl dt dd " +
    "table caption thead tbody tfoot tr th td h2 h3 h4 h5 h6").split(" "));
  const names = new Set(["colspan", "rowspan", "scope", "start", "reversed", "type", "value", "lang", "title"]);
  const inside = [...box.querySelectorAll("*")].filter(one => !(one === box.lastElementChild &&
    one.hasAttribute("data-end-of-terms")));
  const styles = ["html", "body", "header", "main", selector, "main form", "main h1"].map(where => {
    const one = document.querySelector(where);
    if (!one) return where;
    const style = getComputedStyle(one);
    return [where, style.color, style.backgroundColor, style.backgroundImage, style.position, style.visibility,
      style.opacity, style.zIndex, style.fontFamily, style.transform, style.filter, style.pointerEvents].join();
  });
  return {
    ran: (window.ran || []).length,
    violations: window.violations.length,
    foreign: inside.filter(one => !tags.has(one.localName) || one.getAttributeNames().some(name => !names.has(name)))
      .map(one => one.outerHTML.slice(0, 200)),
    looks: styles.join("\\n") + document.styleSheets.length,
    works: [document.title, document.baseURI === location.href,
      [...document.forms].every(form => form.getAttribute("action").startsWith("/")),
      typeof document.querySelector, typeof document.cookie].join(),
    in_part: [...document.querySelectorAll("[data-in-part]")]
      .some(one => one.checkVisibility() && one.innerText.trim()),
    text: box.innerText,
  };
}"""


@dataclass(frozen=True)
class Seen:
    """One page with something of the lender's in it. `text` is what stands there, as the browser says it.

    `is_complete` unless the page tells its reader that something is missing.
    """

    text: str
    is_complete: bool
    ran: int
    violations: int
    requests: tuple[str, ...]
    foreign: tuple[str, ...]
    looks: str
    works: str

    @property
    def works_but_for_title(self) -> str:
        """For pages of which each has its own."""
        return ",".join(self.works.rsplit(",", 4)[1:])


def chromium_here() -> str:
    """Debian's. Raises FileNotFoundError without one."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        raise FileNotFoundError("No Chromium was found. scripts/setup --dev installs it, or says how to.")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises FileNotFoundError without one."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_here(), args=list(ARGUMENTS))
        yield browser
        browser.close()


class PortalWindow:
    """A window onto the portal, in which scripts run as in any."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._host = urlsplit(url).netloc
        context = browser.new_context(base_url=url, locale="en-CA")
        context.set_default_timeout(30_000)
        context.add_init_script(_REMEMBER_VIOLATIONS)
        self.page: Page = context.new_page()
        self._asked: list[str] = []
        self._dialogs = 0
        self.page.on("request", self._note)
        self.page.on("dialog", self._dismiss)

    def look(self, address: str, selector: str, *, patience: int = 0) -> Seen | None:
        """The page at this address, after so many more milliseconds; None when nothing is there to look at."""
        self._asked, self._dialogs = [], 0
        self.page.goto(address, wait_until="load")
        if patience:
            self.page.wait_for_timeout(patience)
        found: dict[str, Any] | None = self.page.evaluate(_LOOK, selector)
        own = urlsplit(address).path
        away = [url for url in self._asked if not self._is_ours(url, own)]
        if found is None:
            return None
        return Seen(
            text=found["text"],
            is_complete=not found["in_part"],
            ran=found["ran"] + self._dialogs,
            violations=found["violations"],
            requests=(*away, *([] if urlsplit(self.page.url).path == own else [self.page.url])),
            foreign=tuple(found["foreign"]),
            looks=found["looks"],
            works=found["works"],
        )

    def _note(self, request: Request) -> None:
        self._asked.append(request.url)

    def _dismiss(self, dialog: Any) -> None:
        self._dialogs += 1
        dialog.dismiss()

    def _is_ours(self, url: str, own: str) -> bool:
        place = urlsplit(url)
        return place.netloc == self._host and (place.path == own or place.path.startswith("/static/"))


@dataclass
class PlainWindow:
    """A window onto documents as the lender sent them, alone and without a policy. Nothing else is there for them."""

    context: BrowserContext
    page: Page = field(init=False)
    html: str = ""
    asked: int = 0

    def __post_init__(self) -> None:
        self.context.route("**/*", self._answer)
        self.page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.dismiss())

    def text(self, html: str) -> str:
        """What it shows, as the browser says it."""
        self._open(html)
        return str(self.page.evaluate("document.body ? document.body.innerText : ''"))

    def acts(self, html: str) -> bool:
        """Whether it runs anything, asks for anything, or styles itself."""
        self._open(html)
        self.page.wait_for_timeout(30)
        ran: Callable[[str], Any] = self.page.evaluate
        return bool(self.asked or ran("(window.ran || []).length || document.styleSheets.length"))

    def _open(self, html: str) -> None:
        self.html, self.asked = html, 0
        self.page.goto(ORIGINAL, wait_until="domcontentloaded")

    def _answer(self, route: Route) -> None:
        if route.request.url == ORIGINAL:
            route.fulfill(body=self.html, content_type="text/html; charset=utf-8")
        else:
            self.asked += 1
            route.fulfill(status=204)  # a page that is sent on stays where it is
