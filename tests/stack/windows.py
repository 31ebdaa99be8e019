"""Browser windows onto the portal, in a real Chromium, each watched for everything a page must not do."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.stack.watch import Watch
from tests.stack.whole import PASSWORD, RunningPortal

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright's sync API runs an event loop

WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desk": (1280, 900)}
LOCALES = {"en": "en-CA", "fr": "fr-CA"}
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium; without one the test fails, it is never skipped."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not found:
        pytest.fail("No Chromium was found. scripts/setup --dev installs it, or says how to.")
    return {**browser_type_launch_args, "executable_path": found, "args": list(_ARGUMENTS)}


class Windows:
    """Opens watched windows onto one site and, at the end, fails the test if any page misbehaved."""

    def __init__(self, browser: Browser, base_url: str) -> None:
        self._browser, self.base_url = browser, base_url
        self._watches: list[Watch] = []

    def open(
        self, width: str = "desk", *, language: str = "en", javascript: bool = True, scheme: str = "light", **more: Any
    ) -> Page:
        """A window of its own (no shared cookies): `phone`, `tablet` or `desk` wide, `light` or `dark`."""
        across, down = WIDTHS[width]
        context = self._browser.new_context(
            base_url=self.base_url,
            viewport={"width": across, "height": down},
            locale=LOCALES[language],
            java_script_enabled=javascript,
            color_scheme=scheme,
            **more,
        )
        context.set_default_timeout(10_000)
        self._watches.append(Watch(context, self.base_url, accessibility=javascript))
        return context.new_page()

    def check(self, page: Page) -> None:
        """Check the page now; without this it is checked before the next click, press or goto, and at the end."""
        for watch in self._watches:
            if watch.context == page.context:
                watch.check(page)

    def expect_problem(self, text: str) -> None:
        """Accept problems whose line contains `text` in this test: it stages them."""
        for watch in self._watches:
            watch.expected.append(text)

    def problems(self) -> list[str]:
        """Everything that pages did wrong so far; closes the windows."""
        watches, self._watches = self._watches, []
        return [problem for watch in watches for problem in watch.finish()]


@pytest.fixture
def open_windows(browser: Browser) -> Iterator[Callable[[str], Windows]]:
    """Windows onto any site: `open_windows(base_url)`."""
    opened: list[Windows] = []

    def onto(base_url: str) -> Windows:
        opened.append(Windows(browser, base_url))
        return opened[-1]

    yield onto
    problems = [problem for windows in opened for problem in windows.problems()]
    assert not problems, "\n".join(["Pages misbehaved:", *problems])


@pytest.fixture
def windows(open_windows: Callable[[str], Windows], portal: RunningPortal) -> Windows:
    """Windows onto the whole portal: `page = windows.open("phone", language="fr")`."""
    return open_windows(portal.url)


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Sign in through the form, as a person does."""
    page.goto("/sign-in/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)


def bytes_on_the_wire(page: Page, path: str) -> dict[str, int]:
    """Open a page with an empty cache; the bytes received (headers too) for every address it needed."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    addresses: dict[str, str] = {}
    received: dict[str, int] = {}

    def note_start(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def note_end(event: dict[str, Any]) -> None:
        if event["requestId"] in addresses:  # what the page before was still loading is not counted
            received[addresses[event["requestId"]]] = int(event["encodedDataLength"])

    session.on(
        "Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]})
    )
    session.on("Network.loadingFinished", note_end)
    page.goto(path, wait_until="networkidle")
    session.detach()
    return received
