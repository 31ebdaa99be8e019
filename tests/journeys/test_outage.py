"""The lender stops answering and comes back: the strip, the question, the line, and what is sent by itself."""

import time

import pytest
from playwright.sync_api import expect

from tests.journeys.over_http import HttpWalker
from tests.stack.whole import whole_portal
from tests.stack.windows import sign_in

pytestmark = [pytest.mark.stack, pytest.mark.browser]

AGREED = {"agree": "on", "device_holder": "customer"}
STRIP = "Flexiti is not answering at the moment"


@pytest.fixture(scope="module")
def portal_with_a_circuit(tmp_path_factory):
    state = tmp_path_factory.mktemp("outage")
    with whole_portal(state, CIRCUIT_FAILURES="3", CIRCUIT_PROBE_SECONDS="1") as running:
        running.sandbox.latency(apply=[0, 0])
        yield running


@pytest.fixture
def walkers(portal_with_a_circuit):
    """Two associates, each with a customer whose application only waits for the click."""
    walkers = [HttpWalker(portal_with_a_circuit) for _ in range(2)]
    for walker in walkers:
        walker.sign_in("associate")
        walker.walk(middle_name="A-RR_L")
        walker.accept()
    return walkers


def until(is_so, *, within=30):
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def is_lasting(is_so, *, seconds=2):
    """A call from before the outage may be answered late, and is then taken for a sign of life."""
    over = time.monotonic() + seconds
    while time.monotonic() < over:
        if not is_so():
            return False
        time.sleep(0.2)
    return True


def test_outage(portal_with_a_circuit, walkers, open_windows):
    sandbox = portal_with_a_circuit.sandbox
    first, second = walkers
    sandbox.fail("*", "bad_gateway_html", times=10_000)

    first.submit()
    failed = first.outcome()
    assert "Flexiti cannot be reached" in failed.text
    until(lambda: is_lasting(lambda: STRIP in first.get("/").text))

    asked = second.submit()
    assert "The application may wait here" in asked.text
    in_line = second.post(asked.form_action("let-it-wait"), AGREED)
    assert "has not been sent yet" in in_line.text
    look_at_every_page(open_windows(portal_with_a_circuit.url), first, second)

    sandbox.control("DELETE", "faults")
    until(lambda: "Approved" in second.get(f"/applications/{second.id}/").text, within=60)
    assert STRIP not in second.get("/").text
    assert list(sandbox.applies().values()) == [{"received": 1, "accepted": 1}]


def look_at_every_page(windows, failed, waiting):
    for width, language, scheme in (("phone", "en", "dark"), ("desk", "fr", "light")):
        page = windows.open(width, language=language, scheme=scheme)
        sign_in(page, "associate")
        for address in (
            "/",
            f"/applications/{failed.id}/",
            failed.url("check"),
            f"/applications/{failed.id}/let-it-wait/?revision=1",
            f"/applications/{waiting.id}/",
        ):
            page.goto(address)
            expect(page.locator("h1")).to_have_count(1)
            expect(page.locator(".connection-strip")).to_have_count(1)
