"""`make serve` as a person meets it: the script itself, from outside."""

import signal
import time
from pathlib import Path

import pytest
import requests

from scripts.serve import without_password
from tests.local_services.test_processes import gone_within
from tests.stack.test_run import Run, run

pytestmark = pytest.mark.stack

SCRIPT = "scripts.serve"
PARTS = ("postgres", "sandbox", "valkey", "gunicorn", "worker@", "worker-2@", "beat@")


def children(started: Run) -> dict[str, int]:
    """Process ids by a word of their command line."""
    listed = Path(f"/proc/{started.process.pid}/task/{started.process.pid}/children").read_text().split()
    lines = {int(process): Path(f"/proc/{process}/cmdline").read_text() for process in listed}
    return {part: process for process, line in lines.items() for part in PARTS if part in line}


def test_it_runs_in_the_shape_of_production_and_stops_as_a_whole(tmp_path):
    with run(tmp_path / "state", script=SCRIPT, METRICS_TOKEN="of-the-scraper") as started:
        url = started.url()
        parts = children(started)
        assert set(parts) == set(PARTS)
        deadline = time.monotonic() + 40
        while (found := requests.get(f"{url}/readyz", timeout=10).json())["status"] != "ready":
            assert time.monotonic() < deadline, found
            time.sleep(0.3)
        scraped = requests.get(f"{url}/metrics", headers={"Authorization": "Bearer of-the-scraper"}, timeout=10)
        assert 'portal_part_up{part="database"} 1.0' in scraped.text
        assert "postgres://portal@" in started.printed()
        assert started.stop(signal.SIGINT) == 0
        assert "Stopped by SIGINT" in started.printed()
        assert gone_within(0, *parts.values())


def test_a_second_start_keeps_the_data_of_the_first(tmp_path):
    state = tmp_path / "state"
    for _ in range(2):
        with run(state, script=SCRIPT) as started:
            started.url()
            started.stop()
    assert "No migrations to apply" in (state / "log" / "prepare.log").read_text()


def test_lender_that_is_named_takes_the_place_of_the_sandbox(tmp_path):
    elsewhere = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
    with run(tmp_path / "state", script=SCRIPT, POSAPI_BASE_URL=elsewhere) as started:
        started.url()
        assert "sandbox" not in children(started)
        assert elsewhere in started.printed()


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://portal:s3cret@db.example/portal", "postgres://portal:…@db.example/portal"),
        ("redis://:s3cret@cache.example:6379/1", "redis://:…@cache.example:6379/1"),
        ("redis+socket:///run/valkey.sock", "redis+socket:///run/valkey.sock"),
    ],
)
def test_passwords_are_not_printed(url, shown):
    assert without_password(url) == shown
