"""`make run` as a person meets it: the script itself, from outside."""

import http.client
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from local_services.portal import ROOT
from local_services.sockets import LOOPBACK, free_port, is_answered, listening, port_of
from tests.local_services.test_processes import gone_within
from tests.stack.whole import plain_environment

pytestmark = pytest.mark.stack


class Run:
    """One run of the script, with what it has printed so far."""

    def __init__(self, state: Path, *, script: str = "scripts.run", **environment: str) -> None:
        self.output = state.with_suffix(".out")
        given = {**plain_environment(), "STATE_DIR": str(state), "SANDBOX_PORT": str(free_port()), **environment}
        with self.output.open("w") as output:
            command = [sys.executable, "-m", script]
            self.process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=subprocess.STDOUT)

    def printed(self) -> str:
        return self.output.read_text()

    def url(self) -> str:
        """The address, once it has been printed."""
        deadline = time.monotonic() + 90
        while not (found := re.search(r"is ready .*?(http://\S+)", self.printed())):
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.05)
        return found[1]

    def children(self) -> dict[str, int]:
        """Process ids of the children, by a word of their command line."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        lines = {int(process): Path(f"/proc/{process}/cmdline").read_text() for process in listed}
        words = ("sandbox", "valkey", "worker@", "beat@", "gunicorn")
        return {word: process for process, line in lines.items() for word in words if word in line}

    def stop(self, number: int = signal.SIGINT) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(40)


@contextmanager
def run(state: Path, *, script: str = "scripts.run", **environment: str) -> Iterator[Run]:
    started = Run(state, script=script, **environment)
    try:
        yield started
    finally:
        with suppress(subprocess.TimeoutExpired):
            started.stop(signal.SIGTERM)
        started.process.kill()


def status_of(url: str, path: str = "/sign-in/") -> int:
    with closing(http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)) as caller:
        caller.request("GET", path)
        return caller.getresponse().status


def mark(state: Path, text: str) -> None:
    """Leave a word in the portal's database."""
    with closing(sqlite3.connect(state / "portal.sqlite3")) as database, database:
        database.execute("create table mark (text)")
        database.execute("insert into mark values (?)", [text])


def read_mark(state: Path) -> str:
    with closing(sqlite3.connect(state / "portal.sqlite3")) as database:
        return str(database.execute("select text from mark").fetchone()[0])


def test_it_prints_what_one_needs_and_serves_until_ctrl_c(tmp_path):
    port = str(free_port())
    with run(tmp_path / "state", PORT=port) as started:
        url = started.url()
        assert url == f"http://{LOOPBACK}:{port}"
        assert status_of(url) == 200
        for word in ("associate", "manager", "admin", "stranger", "counter-demo", "middle name", "Ctrl-C", "log"):
            assert word in started.printed()
        children = started.children()
        assert set(children) == {"sandbox", "valkey", "worker@", "beat@", "gunicorn"}
        assert started.stop(signal.SIGINT) == 0
        assert "Stopped by SIGINT" in started.printed()
        assert gone_within(0, *children.values())
        assert not is_answered(int(port))


def test_a_second_start_keeps_data_and_keys_and_ends_when_a_child_dies(tmp_path):
    state = tmp_path / "state"
    with run(state) as first:
        first.url()
        secrets = (state / "secrets.env").read_bytes()
        first.stop()
    mark(state, "kept from the first start")
    with run(state) as second:
        assert status_of(second.url()) == 200
        assert "No migrations to apply" in (state / "log" / "prepare.log").read_text()
        assert (state / "secrets.env").read_bytes() == secrets
        assert read_mark(state) == "kept from the first start"
        children = second.children()
        os.kill(children["worker@"], signal.SIGKILL)
        assert second.process.wait(30) == 1
        assert "worker was ended by SIGKILL" in second.printed()
        assert gone_within(0, *children.values())


def test_nothing_is_left_when_it_is_killed_outright_and_it_starts_again(tmp_path):
    state, port = tmp_path / "state", str(free_port())
    with run(state, PORT=port) as killed:
        killed.url()
        children = killed.children()
        killed.process.kill()
        killed.process.wait()
        with run(state, PORT=port) as again:
            assert status_of(again.url()) == 200
        assert gone_within(0, *children.values())


def test_a_taken_port_is_refused_if_it_was_asked_for(tmp_path):
    with closing(listening(0)) as taken:
        port = str(port_of(taken))
        with run(tmp_path / "state", PORT=port) as refused:
            assert refused.process.wait(20) == 1
            assert f"Port {port}" in refused.printed()
            assert "Traceback" not in refused.printed()


def test_posapi_base_url_moves_the_demonstration_credential(tmp_path):
    elsewhere = f"http://{LOOPBACK}:{free_port()}/flexiti/pos-api/v2.5"
    with run(tmp_path / "state", POSAPI_BASE_URL=elsewhere) as started:
        started.url()
        assert elsewhere in started.printed()
        assert elsewhere in (tmp_path / "state" / "log" / "prepare.log").read_text()


def test_a_posapi_base_url_that_may_not_be_used_is_refused_in_words(tmp_path):
    insecure = "http://elsewhere.example/flexiti/pos-api/v2.5"
    with run(tmp_path / "state", POSAPI_BASE_URL=insecure) as refused:
        assert refused.process.wait(60) == 1
        assert f"POSAPI_BASE_URL={insecure}: The base URL must begin with https://" in refused.printed()
        assert "Traceback" not in refused.printed()
