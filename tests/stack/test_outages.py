"""What /healthz, /readyz and /metrics say while a part of the running portal is really away."""

import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from local_services import valkey
from local_services.postgres import Server
from local_services.processes import Supervisor
from local_services.sockets import socket_folder
from tests.journeys.over_http import HttpWalker
from tests.stack.whole import RunningPortal, whole_portal

pytestmark = pytest.mark.stack

TOKEN = {"Authorization": "Bearer of-the-scraper"}


@dataclass
class Disturbed:
    """A portal on PostgreSQL whose servers can be taken away."""

    portal: RunningPortal
    database: Server

    def get(self, path: str) -> requests.Response:
        return requests.get(self.portal.url + path, headers=TOKEN, timeout=30)

    def readyz(self) -> tuple[int, dict[str, Any]]:
        time.sleep(1.1)  # an answer is given for a second to whoever asks
        answer = self.get("/readyz")
        return answer.status_code, answer.json()

    def wait_for(self, status: str, within: float = 30) -> dict[str, Any]:
        """What /readyz says once it has this status."""
        deadline = time.monotonic() + within
        while (found := self.readyz()[1])["status"] != status:
            assert time.monotonic() < deadline, found
            time.sleep(0.2)
        return found

    def metric(self, name: str, **labels: str) -> float:
        families = text_string_to_metric_families(self.get("/metrics").text)
        samples = [sample for family in families for sample in family.samples if sample.name == name]
        return next(sample.value for sample in samples if labels.items() <= sample.labels.items())

    @property
    def valkey(self) -> Any:
        return next(child for child in self.portal.supervisor.children if child.name == "valkey")

    def restart_valkey(self) -> None:
        old, supervisor = self.valkey, self.portal.supervisor
        supervisor.children.remove(old)
        socket = old.process.args[old.process.args.index("--unixsocket") + 1]
        child, server = valkey.start(supervisor, type(supervisor.logs)(socket), None)
        supervisor.wait_until(child, server.answers)


@pytest.fixture(scope="module")
def disturbed_server(tmp_path_factory) -> Iterator[Disturbed]:
    folder = tmp_path_factory.mktemp("disturbed")
    with socket_folder() as sockets, Supervisor(folder / "log", grace=10) as supervisor:
        database = Server(supervisor, sockets, folder / "data", durable=False)
        database.start()
        with whole_portal(folder / "state", DATABASE_URL=database.url, METRICS_TOKEN="of-the-scraper") as portal:
            yield Disturbed(portal, database)


@pytest.fixture
def disturbed(disturbed_server: Disturbed) -> Disturbed:
    disturbed_server.wait_for("ready")
    return disturbed_server


def took(ask: Callable[[], Any]) -> float:
    began = time.monotonic()
    ask()
    return time.monotonic() - began


def test_everything_is_ready_soon_after_the_start(disturbed):
    parts = ("database", "migrations", "sweep", "sending", "cache", "broker")
    assert disturbed.readyz() == (200, {"status": "ready", "parts": dict.fromkeys(parts, "ok")})
    assert disturbed.metric("portal_sweep_age_seconds") < 15


def test_without_valkey_pages_are_served_and_what_is_submitted_waits(disturbed):
    walker = HttpWalker(disturbed.portal)
    walker.sign_in("associate")
    walker.walk()
    walker.accept()
    disturbed.valkey.kill()
    status, found = disturbed.readyz()
    assert (status, found["status"]) == (200, "degraded")
    assert [part for part, said in found["parts"].items() if said != "ok"] == ["cache", "broker"]
    assert [disturbed.metric("portal_part_up", part=part) for part in ("database", "cache", "broker")] == [1, 0, 0]
    assert disturbed.get("/healthz").status_code == 200
    assert HttpWalker(disturbed.portal).sign_in("manager").status == 200
    walker.submit()
    assert disturbed.metric("portal_unfinished", state="queued") == 1
    disturbed.restart_valkey()
    assert "Approved" in walker.outcome(within=40).text
    disturbed.wait_for("ready")


def test_valkey_that_hangs_is_named_within_seconds(disturbed):
    disturbed.valkey.process.send_signal(signal.SIGSTOP)
    try:
        assert took(lambda: disturbed.get("/healthz")) < 1
        assert took(disturbed.readyz) < 10
        assert disturbed.readyz()[1]["parts"]["cache"] == disturbed.readyz()[1]["parts"]["broker"] == "not answering"
    finally:
        disturbed.valkey.process.send_signal(signal.SIGCONT)
    disturbed.wait_for("ready")


def test_without_the_database_no_page_can_be_served_and_it_comes_back_by_itself(disturbed):
    disturbed.database.stop()
    try:
        assert took(lambda: disturbed.get("/healthz")) < 1
        assert disturbed.get("/healthz").status_code == 200
        status, found = disturbed.readyz()
        assert (status, found["status"]) == (503, "unavailable")
        assert found["parts"] == {"database": "not answering", "cache": "ok", "broker": "ok"}
        assert disturbed.metric("portal_part_up", part="database") == 0
    finally:
        disturbed.database.start()
    began = time.monotonic()
    disturbed.wait_for("ready", within=15)
    while disturbed.metric("portal_sweep_age_seconds") > time.monotonic() - began:
        assert time.monotonic() - began < 15, "no sweep since the database is back"
        time.sleep(0.2)


def test_beat_that_died_is_seen_by_the_age_of_the_sweep(tmp_path):
    with whole_portal(tmp_path / "state", METRICS_TOKEN="of-the-scraper", SWEEP_LATE_SECONDS="3") as portal:
        alone = Disturbed(portal, None)
        alone.wait_for("ready")
        next(child for child in portal.supervisor.children if child.name == "beat").kill()
        assert "last ran" in alone.wait_for("degraded")["parts"]["sweep"]
        assert alone.metric("portal_sweep_age_seconds") > 3
