"""The whole portal for tests: web server, worker with beat, Valkey and sandbox, started by the code of `make run`."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from local_services import portal as portals
from local_services.processes import Supervisor
from local_services.sockets import free_port, listening, socket_folder
from tests.stack.lender import Sandbox

PASSWORD = "counter-demo"
_FOR_TESTS = {
    "RATE_LIMIT_SIGN_IN": "1000/m/ip",  # every test signs in from the same address
    "RATE_LIMIT_SIGN_IN_FAILED": "1000/m/ip,1000/m/key",
    "CIRCUIT_FAILURES": "1000",  # one test's faults must not keep the next one's submissions back
}


@dataclass(frozen=True)
class RunningPortal:
    """A portal that serves pages at `url`; `sandbox` is the lender behind it."""

    url: str
    sandbox: Sandbox
    environment: Mapping[str, str]
    supervisor: Supervisor

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run `manage.py` in the portal's environment; what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=portals.ROOT, env=self.environment, input=stdin, capture_output=True, text=True
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def python(self, code: str) -> str:
        """Run a few lines in the portal's Django shell; what they printed."""
        return self.manage("shell", "--verbosity", "0", "--command", code)

    def log(self, name: str) -> str:
        """Everything that one child (`web`, `worker`, `sandbox`, ...) has written."""
        return (self.supervisor.logs / f"{name}.log").read_text()


def plain_environment() -> dict[str, str]:
    """This machine's environment without anything that configures a portal."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR", "CI") if name in os.environ}


@contextmanager
def whole_portal(state: Path, **environment: str) -> Iterator[RunningPortal]:
    """A portal with its state in `state`, on ports of its own."""
    with socket_folder() as sockets:
        socket = sockets / "valkey.sock"
        state.mkdir(exist_ok=True)
        given = portals.environment({**plain_environment(), **_FOR_TESTS, **environment}, state, socket)
        with Supervisor(state / "log", given, grace=10) as supervisor, listening(0) as web:
            started = portals.start(supervisor, state=state, valkey_socket=socket, web=web, sandbox_port=free_port())
            sandbox = Sandbox(started.sandbox_url)
            yield RunningPortal(started.url, sandbox, given, supervisor)


def _ready(running: RunningPortal) -> RunningPortal:
    running.supervisor.check()
    running.sandbox.reset(keep_tokens=True)
    running.sandbox.latency(apply=[0, 0])
    return running


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPortal]:
    """One portal on SQLite for all tests of a worker. Tests ask for `portal`."""
    with whole_portal(tmp_path_factory.mktemp("portal")) as running:
        yield running


@pytest.fixture
def portal(portal_server: RunningPortal) -> RunningPortal:
    """The whole portal on SQLite, with a sandbox that has forgotten everything and answers at once."""
    return _ready(portal_server)


@pytest.fixture(scope="session")
def portal_server_on_postgres(tmp_path_factory: pytest.TempPathFactory, postgres: str) -> Iterator[RunningPortal]:
    """One portal on PostgreSQL for all tests of a worker. Tests ask for `portal_on_postgres`."""
    with whole_portal(tmp_path_factory.mktemp("portal"), DATABASE_URL=postgres) as running:
        yield running


@pytest.fixture
def portal_on_postgres(portal_server_on_postgres: RunningPortal) -> RunningPortal:
    """The whole portal on PostgreSQL, with a sandbox that has forgotten everything and answers at once."""
    return _ready(portal_server_on_postgres)
