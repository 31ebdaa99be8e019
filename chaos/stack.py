"""The portal as a chain of stores runs it, on this machine: PostgreSQL, Valkey, web, workers, beat, and the sandbox."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from chaos.lender import Lender
from chaos.workers import UPKEEP
from local_services import portal, postgres, valkey
from local_services.processes import Supervisor
from local_services.sockets import LOOPBACK, free_port, is_answered, socket_folder

PASSWORD = "counter-demo"  # noqa: S105  (merchants/demonstration.py)
PRODUCT_SETTINGS = "flexiti_portal.settings"
_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True)
class Shape:
    """How much of everything runs. One more worker has beat and the sweep."""

    web_workers: int = 2
    web_threads: int = 8
    delivering: int = 3
    threads: int = 16
    settings: str = PRODUCT_SETTINGS
    postgresql: Mapping[str, str] = field(default_factory=lambda: {"max_connections": "200"})

    @property
    def worker_names(self) -> list[str]:
        return [*(f"delivering-{number + 1}" for number in range(self.delivering)), UPKEEP]


@dataclass(frozen=True)
class Stack:
    """A running portal at `url`, with the handles that a measure needs to disturb it."""

    url: str
    lender: Lender
    database: postgres.Server
    valkey: valkey.Valkey
    supervisor: Supervisor
    pids: Path

    def worker(self, name: str) -> int:
        """The process id of this worker now, which is also its process group."""
        return int((self.pids / f"{name}.pid").read_text())

    def check(self) -> None:
        """Raise ChildDied when something ended that should run."""
        self.supervisor.check()


@contextmanager
def running(folder: Path, shape: Shape, **environment: str) -> Iterator[Stack]:
    """Everything of `shape`, ready, with its state and its logs in `folder`; stopped afterwards.

    A folder of an earlier run brings its database back. environment: settings that differ from production's, which the
    result has to state.
    """
    state, pids = folder / "state", folder / "pids"
    state.mkdir(exist_ok=True)
    pids.mkdir(exist_ok=True)
    with socket_folder() as sockets, Supervisor(folder / "log", grace=10) as below:
        database = postgres.Server(below, sockets, folder / "database", settings=shape.postgresql)
        database.start()
        cache, server = valkey.start(below, sockets / "valkey.sock", None)
        below.wait_until(cache, server.answers, within=15)
        given = {
            **{name: os.environ[name] for name in _MACHINE if name in os.environ},
            "DATABASE_URL": database.url,
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        given = portal.environment(given, state, server.socket) | {"DJANGO_SETTINGS_MODULE": shape.settings}
        with Supervisor(folder / "log", given, grace=10) as supervisor:
            lender = start_lender(supervisor)
            prepare(supervisor, lender)
            url = serve(supervisor, shape, pids)
            yield Stack(url, lender, database, server, supervisor, pids)


def portal_in_this_process(stack: Stack) -> None:
    """Set Django up here for the stack's database and keys: drafts are made and books are kept with the models."""
    django_here(stack.supervisor.environment)


def django_here(environment: Mapping[str, str]) -> None:
    """Set Django up in this process, with the environment of a portal."""
    os.environ.update(environment)
    import django

    django.setup()


@contextmanager
def another_web_server(stack: Stack, settings: str, *, workers: int) -> Iterator[str]:
    """The address of a second web server on the same database, with one request at a time for each of its workers."""
    port = free_port()
    shape = ["--worker-class", "sync", "--workers", workers, "--threads", 1]
    server = _python("gunicorn", "--config", "python:flexiti_portal.web_server", *shape)
    environment = {"WEB_BIND": f"{LOOPBACK}:{port}", "DJANGO_SETTINGS_MODULE": settings}
    with Supervisor(stack.supervisor.logs, {**stack.supervisor.environment, **environment}, grace=10) as supervisor:
        web = supervisor.start("another-web", server, folder=portal.ROOT)
        supervisor.wait_until(web, lambda: is_answered(port), within=60)
        yield f"http://{LOOPBACK}:{port}"


def start_lender(supervisor: Supervisor) -> Lender:
    """The sandbox, answering."""
    port = free_port()
    child = supervisor.start("sandbox", _python("sandbox", "--port", port, "--quiet"), folder=portal.ROOT)
    supervisor.wait_until(child, lambda: is_answered(port), within=30)
    return Lender(f"http://{LOOPBACK}:{port}")


def prepare(supervisor: Supervisor, lender: Lender) -> None:
    """Make the database, the static files and the demonstration ready."""
    prepare = supervisor.start("prepare", _python("scripts.prepare", "--base-url", lender.base_url), folder=portal.ROOT)
    supervisor.wait_until_finished(prepare, within=120)


def serve(supervisor: Supervisor, shape: Shape, pids: Path) -> str:
    """The address of the web server, which answers, as the workers run."""
    port = free_port()
    bind = {"WEB_BIND": f"{LOOPBACK}:{port}", "WEB_THREADS": str(shape.web_threads)}
    server = _python("gunicorn", "--config", "python:flexiti_portal.web_server")
    web = supervisor.start(
        "web", server, environment={**bind, "WEB_WORKERS": str(shape.web_workers)}, folder=portal.ROOT
    )
    workers = _python("chaos.workers", "--pids", pids, "--threads", shape.threads, *shape.worker_names)
    for left in pids.glob("*.pid"):
        left.unlink()
    # Celery refuses to run as root unless told.
    children = supervisor.start("workers", workers, environment={"C_FORCE_ROOT": "1"}, folder=portal.ROOT)
    supervisor.wait_until(web, lambda: is_answered(port), within=60)
    supervisor.wait_until(
        children, lambda: all((pids / f"{name}.pid").exists() for name in shape.worker_names), within=60
    )
    return f"http://{LOOPBACK}:{port}"


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]
