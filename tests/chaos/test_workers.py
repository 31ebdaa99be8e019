"""Workers that are back at once."""

import os
import signal
import sys
import time

import pytest

from local_services.processes import Supervisor


@pytest.fixture
def workers(tmp_path):
    """Two workers of the portal, without a broker: they keep trying to reach one."""
    environment = {**os.environ, "C_FORCE_ROOT": "1", "DJANGO_SETTINGS_MODULE": "flexiti_portal.settings"}
    command = [sys.executable, "-m", "chaos.workers", "--pids", str(tmp_path), "delivering-1", "upkeep"]
    with Supervisor(tmp_path / "log", environment) as supervisor:
        child = supervisor.start("workers", command)
        supervisor.wait_until(child, (tmp_path / "upkeep.pid").exists)
        yield child


def _is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_killed_worker_is_back(workers, tmp_path):
    file = tmp_path / "delivering-1.pid"
    killed = int(file.read_text())
    os.killpg(killed, signal.SIGKILL)
    deadline = time.monotonic() + 5
    while int(file.read_text()) == killed:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    os.kill(int(file.read_text()), 0)


def test_nothing_is_left_when_they_are_stopped(workers, tmp_path):
    groups = [int(file.read_text()) for file in tmp_path.glob("*.pid")]
    assert len(groups) == 2
    workers.stop(5)
    deadline = time.monotonic() + 5
    while any(map(_is_alive, groups)):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_worker_that_ends_by_itself_ends_them_all(workers, tmp_path):
    os.kill(int((tmp_path / "delivering-1.pid").read_text()), signal.SIGABRT)
    assert workers.process.wait(5) == 1
    assert "delivering-1 ended by itself" in workers.log.read_text()
