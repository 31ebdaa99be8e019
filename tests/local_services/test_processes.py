import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from local_services.processes import ChildDied, NotReady, Stopped, Supervisor, stop_on_signals

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)


def is_running(process: int) -> bool:
    """Whether a process exists and is not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def gone_within(seconds: float, *processes: int) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(is_running, processes)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(is_running, processes))


def test_children_are_stopped_when_the_supervisor_is_left(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        children = [supervisor.start(name, SLEEP) for name in ("one", "two")]
        assert all(child.is_running for child in children)
    assert not any(child.is_running for child in children)


def test_a_child_that_ignores_the_request_is_ended_by_force(tmp_path):
    with Supervisor(tmp_path, grace=0.2) as supervisor:
        child = supervisor.start("deaf", [sys.executable, "-c", STUBBORN])
        supervisor.wait_until(child, lambda: "deaf" in child.log.read_text())
    assert child.process.returncode == -signal.SIGKILL


SAYS_WHEN = """
import signal, sys, time
def end(*_):
    time.sleep({0})
    sys.exit(print(time.monotonic()))
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""


def ended_at(supervisor: Supervisor, **children: tuple[int, float]) -> dict[str, float]:
    """Start children by name with their stage and the seconds they take to end; when each ended."""
    started = {
        name: supervisor.start(name, [sys.executable, "-c", SAYS_WHEN.format(seconds)], stage=stage)
        for name, (stage, seconds) in children.items()
    }
    for child in started.values():
        supervisor.wait_until(child, lambda child=child: "up" in child.log.read_text())
    supervisor.stop()
    return {name: float(child.log.read_text().split()[-1]) for name, child in started.items()}


def test_children_end_stage_by_stage_and_those_of_a_stage_together(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        began = time.monotonic()
        ended = ended_at(supervisor, web=(2, 0.3), first=(1, 0.6), second=(1, 0.6), below=(0, 0.0))
    assert sorted(ended, key=lambda name: ended[name])[0] == "web"
    assert max(ended, key=lambda name: ended[name]) == "below"
    assert abs(ended["first"] - ended["second"]) < 0.4
    assert time.monotonic() - began < 10


def test_grandchildren_that_outlive_their_parent_are_ended(tmp_path):
    code = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']).pid)"
    with Supervisor(tmp_path) as supervisor:
        child = supervisor.start("parent", [sys.executable, "-c", code])
        supervisor.wait_until(child, lambda: child.process.poll() == 0)
        grandchild = int(child.log.read_text())
        assert is_running(grandchild)
    assert gone_within(2, grandchild)


def test_the_death_of_a_child_says_which_and_shows_its_log(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        supervisor.start("steady", SLEEP)
        supervisor.start("weak", [sys.executable, "-c", "print('no more paper'); raise SystemExit(3)"])
        with pytest.raises(ChildDied, match=r"(?s)weak ended with exit code 3.*no more paper"):
            supervisor.watch()


def test_a_child_ended_by_a_signal_is_named_with_it(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        child = supervisor.start("victim", SLEEP)
        child.process.kill()
        with pytest.raises(ChildDied, match="victim was ended by SIGKILL"):
            supervisor.watch()


def test_a_child_that_is_never_ready_is_reported_with_its_log(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        child = supervisor.start("slow", ["sh", "-c", "echo still at it; sleep 60"])
        supervisor.wait_until(child, lambda: "still" in child.log.read_text())
        with pytest.raises(NotReady, match=r"(?s)slow was not ready.*still at it"):
            supervisor.wait_until(child, lambda: False, within=0.1)


def test_a_child_that_is_meant_to_end_must_succeed(tmp_path):
    with Supervisor(tmp_path) as supervisor:
        good = supervisor.start("good", [sys.executable, "-c", ""])
        supervisor.wait_until_finished(good, within=10)
        supervisor.check()
        bad = supervisor.start("bad", [sys.executable, "-c", "raise SystemExit('out of luck')"])
        with pytest.raises(ChildDied, match=r"(?s)bad ended with exit code 1.*out of luck"):
            supervisor.wait_until_finished(bad, within=10)


def test_a_child_that_ends_well_between_two_looks_has_finished(tmp_path):
    looks = []

    def has_ended() -> bool:
        looks.append(child.process.poll())
        child.process.wait(10)
        return looks[-1] == 0

    with Supervisor(tmp_path) as supervisor:
        child = supervisor.start("brief", [sys.executable, "-c", "import time; time.sleep(0.2)"])
        supervisor.wait_until(child, has_ended)
    assert looks == [None, 0]


def test_the_log_of_the_start_before_is_kept_and_logs_are_private(tmp_path):
    for text in ("first", "second"):
        with Supervisor(tmp_path / "log") as supervisor:
            child = supervisor.start("child", [sys.executable, "-c", f"print('{text}')"])
            supervisor.wait_until_finished(child, within=10)
    assert (tmp_path / "log" / "child.log").read_text() == "second\n"
    assert (tmp_path / "log" / "child.previous.log").read_text() == "first\n"
    assert (tmp_path / "log" / "child.log").stat().st_mode & 0o077 == 0


def test_nothing_is_left_when_the_parent_is_killed_outright(tmp_path):
    code = f"""
import time
from pathlib import Path
from local_services.processes import Supervisor
with Supervisor(Path({str(tmp_path)!r})) as supervisor:
    print(*[supervisor.start(name, ["sleep", "60"]).process.pid for name in ("one", "two")], flush=True)
    time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    children = [int(number) for number in parent.stdout.readline().split()]
    assert all(map(is_running, children))
    parent.kill()
    parent.communicate()
    assert len(children) == 2
    assert gone_within(3, *children)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_become_one_exception(number):
    before = signal.getsignal(number)
    with pytest.raises(Stopped, match=signal.Signals(number).name), stop_on_signals():
        signal.raise_signal(number)
    assert signal.getsignal(number) is before


def test_a_second_signal_ends_the_rest_by_force(tmp_path):
    with Supervisor(tmp_path, grace=30) as supervisor:
        child = supervisor.start("deaf", [sys.executable, "-c", STUBBORN])
        supervisor.wait_until(child, lambda: "deaf" in child.log.read_text())
        second_signal = subprocess.Popen(["sh", "-c", f"sleep 0.5; kill -INT {os.getpid()}"])
        began = time.monotonic()
        with pytest.raises(Stopped), stop_on_signals():
            supervisor.stop()
    second_signal.wait()
    assert time.monotonic() - began < 10
    assert child.process.returncode == -signal.SIGKILL
