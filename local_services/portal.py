"""The whole portal on one machine: Valkey, sandbox, database made ready, worker with its beat, web server.

`make run` and the tests of the whole portal start it through here, so what is tested is what runs.
"""

import http.client
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local_services import first_start, valkey
from local_services.processes import Supervisor
from local_services.sockets import LOOPBACK, is_answered, port_of

ROOT = Path(__file__).resolve().parent.parent
API_PATH = "/flexiti/pos-api/v2.5"
_OWN_SERVER = ("CACHE_URL", "CELERY_BROKER_URL")


@dataclass(frozen=True)
class Shape:
    """How many processes, and how many things each does at once."""

    web_workers: int = 1
    web_threads: int = 8
    workers: int = 1
    calls: int = 16


# SQLite has one writer, so more threads would only wait for each other.
ONE_MACHINE = Shape()
TRIAL = Shape(web_workers=2, workers=2, calls=50)

# What is asked to end first: pages, then the calls in flight, then what both need (docs/operations.md).
_SERVICES, _WORKERS, _WEB = 0, 1, 2


@dataclass(frozen=True)
class Portal:
    """Where a started portal answers."""

    url: str
    sandbox_url: str
    posapi_base_url: str


def environment(given: Mapping[str, str], state: Path, valkey_socket: Path) -> dict[str, str]:
    """What every child gets: the given environment, the secrets, and what makes it a demonstration."""
    own = valkey.Valkey(valkey_socket)
    defaults = {
        "DATABASE_URL": f"sqlite:///{state / 'portal.sqlite3'}",
        "CACHE_URL": own.cache_url,
        "CELERY_BROKER_URL": own.broker_url,
        "ALLOWED_HOSTS": f"{LOOPBACK},localhost",
        "REQUIRE_SECOND_FACTOR": "false",
    }
    forced = {
        "STATE_DIR": str(state),
        "HTTPS_ONLY": "false",
        "DEMONSTRATION": "true",
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": "flexiti_portal.settings",
    }
    chosen = {name: value for name, value in given.items() if value and name != "DEBUG"}
    return {**defaults, **chosen, **first_start.secrets_of(state, given), **forced}


def start(
    supervisor: Supervisor,
    *,
    state: Path,
    valkey_socket: Path,
    web: socket.socket,
    sandbox_port: int,
    shape: Shape = ONE_MACHINE,
) -> Portal:
    """Start everything and return once the first page is served.

    web: a listening socket, handed to the web server. The sandbox is left out when POSAPI_BASE_URL names another
    lender. Raises ChildDied or NotReady, naming the child.
    """
    given = supervisor.environment
    sandbox_url = f"http://{LOOPBACK}:{sandbox_port}"
    base_url = given.get("POSAPI_BASE_URL") or sandbox_url + API_PATH
    portal = Portal(f"http://{LOOPBACK}:{port_of(web)}", sandbox_url, base_url)
    _start_services(supervisor, state, valkey_socket, sandbox_port, base_url)
    _start_web(supervisor, web, shape)
    _start_workers(supervisor, shape)
    return portal


def _start_services(supervisor: Supervisor, state: Path, valkey_socket: Path, sandbox_port: int, base_url: str) -> None:
    sandbox = cache = None
    if not supervisor.environment.get("POSAPI_BASE_URL"):
        command = _python("sandbox", "--host", LOOPBACK, "--port", sandbox_port)
        sandbox = supervisor.start("sandbox", command, folder=ROOT, stage=_SERVICES)
    if needs_own_valkey(supervisor.environment, valkey_socket):
        cache, server = valkey.start(supervisor, valkey_socket, state / "valkey")
    prepare = supervisor.start("prepare", _python("scripts.prepare", "--base-url", base_url), folder=ROOT)
    if cache is not None:
        supervisor.wait_until(cache, server.answers, within=15)
    supervisor.wait_until_finished(prepare, within=120)
    if sandbox is not None:
        supervisor.wait_until(sandbox, lambda: is_answered(sandbox_port), within=30)


def needs_own_valkey(given: Mapping[str, str], valkey_socket: Path) -> bool:
    """Whether the cache or the broker is the private server rather than one named in the environment."""
    return any(str(valkey_socket) in given[name] for name in _OWN_SERVER)


def _start_web(supervisor: Supervisor, web: socket.socket, shape: Shape) -> None:
    port, inherited = port_of(web), [web.fileno()]
    sized = {"WEB_WORKERS": str(shape.web_workers), "WEB_THREADS": str(shape.web_threads)}
    chosen = {name: supervisor.environment.get(name) or value for name, value in sized.items()}
    chosen["WEB_BIND"] = f"fd://{web.fileno()}"
    server = _python("gunicorn", "--config", "python:flexiti_portal.web_server")
    child = supervisor.start("web", server, environment=chosen, folder=ROOT, inherited=inherited, stage=_WEB)
    web.close()  # the web server has its own copy; without it nobody would answer on this port
    supervisor.wait_until(child, lambda: _serves_a_page(port), within=60)


def _start_workers(supervisor: Supervisor, shape: Shape) -> None:
    calls = supervisor.environment.get("WORKER_CALLS") or shape.calls
    for number in range(1, shape.workers + 1):
        name = "worker" if number == 1 else f"worker-{number}"
        start_worker(supervisor, name, "-Q", "deliveries", "-c", calls)
    start_worker(supervisor, "beat", "-B", "-Q", "upkeep", "-c", supervisor.environment.get("UPKEEP_THREADS") or 4)


def start_worker(supervisor: Supervisor, name: str, *options: object) -> None:
    """Start one Celery worker, such as `("worker", "-Q", "deliveries", "-c", 16)`, without waiting for it."""
    command = _python("celery", "--quiet", "--app", "flexiti_portal.celery:app", "worker", "-n", f"{name}@%h")
    shape = ["-P", "threads", *map(str, options), "--without-gossip", "--without-mingle"]
    supervisor.start(name, [*command, *shape], folder=ROOT, stage=_WORKERS)


def _python(module: str, *arguments: object) -> list[str]:
    return [sys.executable, "-m", module, *map(str, arguments)]


def _serves_a_page(port: int) -> bool:
    caller = http.client.HTTPConnection(LOOPBACK, port, timeout=10)
    try:
        caller.request("GET", "/sign-in/")
        return caller.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        caller.close()
