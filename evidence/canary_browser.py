"""One application in a real Chromium, and what its profile keeps of it once everybody has signed out."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error, Page, sync_playwright

from chaos.customers import Customer
from evidence.canary_people import mistyped
from evidence.watched_pages import ARGUMENTS, chromium_here

_MOST_BACK = 30
_TABS = "Sessions"
_TRIES = 10
# All that a page can put away in a browser, and what the browser itself writes into its history.
_KEPT = """async () => {
  const kept = {local: {...localStorage}, session: {...sessionStorage}, state: history.state, window: window.name,
    title: document.title, address: location.href, cookie: document.cookie, databases: await indexedDB.databases(),
    workers: (await navigator.serviceWorker.getRegistrations()).map(one => one.scope), caches: []};
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      kept.caches.push([name, request.url, await (await caches.match(request)).text()]);
  return kept;
}"""


@dataclass
class Browsed:
    """`storage`: what stood in the browser's storage, page by page; `after`: pages that the back button brought back.

    `cleared`: what the browser was told to drop at each end of a session. `left`: storages that are not empty then.
    """

    profile: Path
    storage: list[bytes] = field(default_factory=list)
    after: list[bytes] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def files(self, *, of_open_tabs: bool) -> Iterator[bytes]:
        """The profile's files: history, storages, caches, forms; or those in which Chromium keeps its open tabs."""
        for file in sorted(self.profile.rglob("*")):
            if file.is_file() and not file.is_symlink() and (file.parent.name == _TABS) == of_open_tabs:
                yield file.read_bytes()


def through_a_browser(url: str, customer: Customer, profile: Path) -> Browsed:
    """An associate with this customer from the first page to the decision, then their manager; both sign out."""
    from tests.journeys.in_browser import accept_terms, begin, fill_step, go_on
    from tests.stack.windows import sign_in

    browsed = Browsed(profile)
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=chromium_here(), args=list(ARGUMENTS), base_url=url, locale="en-CA"
        )
        context.set_default_timeout(30_000)
        page = context.pages[0]
        begin(page)
        application = urlsplit(page.url).path.rsplit("/", 2)[0]
        for step, typed in customer.typed.items():
            _fumble(page, customer, step)
            _note(browsed, page)
            fill_step(page, step, **typed)
        accept_terms(page)
        _note(browsed, page)
        go_on(page)
        page.wait_for_load_state("networkidle")
        _note(browsed, page)
        _sign_out(browsed, page)
        sign_in(page, "manager")
        for path in (f"/review{application}/", "/review/"):
            page.goto(path)
            _note(browsed, page)
        _sign_out(browsed, page)
        context.close()
    return browsed


def _fumble(page: Page, customer: Customer, step: str) -> None:
    """Type values where they do not belong, and send."""
    for name, text in mistyped(customer, step).items():
        box = page.locator(f"main input[name={name}]:not([type=hidden]):not([type=radio])")
        if text and box.count() == 1 and box.is_visible():
            box.fill(text)
    with page.expect_navigation():
        page.locator("main form button.button--primary").last.click()


def _note(browsed: Browsed, page: Page) -> None:
    kept = page.evaluate(_KEPT)
    browsed.storage.append(json.dumps([kept, page.context.cookies()]).encode())


def _sign_out(browsed: Browsed, page: Page) -> None:
    """At the top of the page; then back as far as it goes, and forward again."""
    button = page.locator("form[action='/sign-out/'] button")
    if not button.first.is_visible():
        page.locator("header summary").first.click()
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/sign-out/") as told:
        button.first.click()
    browsed.cleared.append(told.value.all_headers().get("clear-site-data", ""))
    page.wait_for_load_state("load")
    left = page.evaluate(_KEPT)
    browsed.left += [name for name in ("local", "session", "databases", "workers", "caches") if left[name]]
    _go(browsed, page, page.go_back)
    _go(browsed, page, page.go_forward)


def _go(browsed: Browsed, page: Page, move: Callable[..., object]) -> None:
    for _ in range(_MOST_BACK):
        before = page.url
        try:
            if move(wait_until="load", timeout=5_000) is None and page.url == before:
                return
        except Error:  # the browser says that the form would have to be sent again
            pass
        title, content = _standing(page)
        browsed.after.append(content.encode())
        browsed.storage.append(json.dumps([title, page.url]).encode())


def _standing(page: Page) -> tuple[str, str]:
    """Title and content, once the page stands still."""
    for _ in range(_TRIES):
        with suppress(Error):
            page.wait_for_load_state("load")
            return page.title(), page.content()
    raise TimeoutError(page.url)
