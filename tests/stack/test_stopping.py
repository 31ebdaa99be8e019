"""Stopping the processes of the portal: what is under way is finished, or abandoned so that nothing is sent twice."""

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from local_services import portal as portals
from local_services.processes import Child
from tests.journeys.over_http import HttpWalker
from tests.stack.whole import RunningPortal, whole_portal

pytestmark = pytest.mark.stack

SECONDS_OF_APPLY = 4


@pytest.fixture
def running(tmp_path) -> Iterator[RunningPortal]:
    with whole_portal(tmp_path / "state", LEASE_SECONDS="6") as running:
        running.sandbox.latency(apply=[SECONDS_OF_APPLY, SECONDS_OF_APPLY])
        yield running


def child(running: RunningPortal, name: str) -> Child:
    return next(child for child in running.supervisor.children if child.name == name)


def let_go(running: RunningPortal, name: str, number: signal.Signals) -> Child:
    """Send a signal to a process that the supervisor no longer watches."""
    found = child(running, name)
    running.supervisor.children.remove(found)
    found.process.send_signal(number)
    return found


def ready(running: RunningPortal) -> HttpWalker:
    """A person at the counter who only has to submit."""
    walker = HttpWalker(running)
    walker.sign_in("associate")
    walker.walk(middle_name="A-RR_L")
    walker.accept()
    return walker


def row(running: RunningPortal, walker: HttpWalker) -> dict[str, Any]:
    code = f"""
import json
from applications.models import Application
application = Application.objects.get(pk="{walker.id}")
attempt = application.latest_attempt
print(json.dumps([application.status, attempt.claim, application.reference_id]))
"""
    return dict(zip(("status", "claim", "reference_id"), json.loads(running.python(code)), strict=True))


def until(is_so: Callable[[], bool], within: float = 30) -> None:
    deadline = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_at_the_lender(running: RunningPortal) -> bool:
    return any(count["received"] for count in running.sandbox.applies().values())


def test_worker_that_is_told_to_stop_finishes_its_call_and_takes_no_other(running):
    first, second = ready(running), ready(running)
    first.submit()
    until(lambda: is_at_the_lender(running))
    worker = let_go(running, "worker", signal.SIGTERM)
    second.submit()
    assert worker.is_running
    assert worker.process.wait(30) == 0
    assert row(running, first)["status"] == "approved"
    assert (row(running, second)["status"], row(running, second)["claim"]) == ("queued", "")
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]
    portals.start_worker(running.supervisor, "worker", "-Q", "deliveries", "-c", 4)
    assert "Approved" in second.outcome(within=40).text


def test_worker_that_is_killed_abandons_its_call_and_nobody_sends_it_again(running):
    running.sandbox.latency(apply=[8, 8])
    walker = ready(running)
    walker.submit()
    until(lambda: is_at_the_lender(running))
    let_go(running, "worker", signal.SIGKILL).kill()
    portals.start_worker(running.supervisor, "worker", "-Q", "deliveries", "-c", 4)
    until(lambda: row(running, walker)["status"] not in ("queued", "sending"), within=40)
    assert row(running, walker)["status"] == "unknown"
    assert "no clear answer" in walker.outcome().text
    assert [count["received"] for count in running.sandbox.applies().values()] == [1]


def test_web_server_that_is_told_to_stop_finishes_its_requests(running):
    walker = HttpWalker(running)
    walker.sign_in("associate")
    walker.walk()
    running.sandbox.latency(terms=2)
    answers: list[requests.Response] = []
    address, session = running.url + walker.url("terms"), walker.client.session
    asking = threading.Thread(target=lambda: answers.append(session.get(address, timeout=20)))
    asking.start()
    until(lambda: any("terms" in request["path"] for request in running.sandbox.requests()))
    web = let_go(running, "web", signal.SIGTERM)
    asking.join()
    assert answers[0].status_code == 200
    assert "Cardholder" in answers[0].text
    assert web.process.wait(20) == 0
    with pytest.raises(requests.ConnectionError):
        requests.get(running.url, timeout=5)
