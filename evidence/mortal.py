"""A whole portal that dies and is put back by docs/operations.md; the lender lives on. Linux."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from chaos.lender import Lender
from chaos.stack import Shape, prepare, serve, start_lender
from local_services import portal, postgres, valkey
from local_services.processes import Supervisor
from local_services.sockets import socket_folder

_MACHINE = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass
class Mortal:
    """The servers, and the portal on them where it runs. `witness` is a file on what counts as another machine."""

    folder: Path
    shape: Shape
    lender: Lender
    database: postgres.Server
    servers: Supervisor
    processes: Supervisor
    socket: Path
    url: str = ""
    _witnesses: int = field(default=0)

    @property
    def witness(self) -> Path:
        return self.folder / "witness" / "checkpoints.jsonl"

    @property
    def environment(self) -> Mapping[str, str]:
        return self.processes.environment

    def serve(self) -> None:
        """Start web, workers and beat."""
        self.url = serve(self.processes, self.shape, self.folder / "pids")

    def die(self) -> None:
        """Everything but the lender at one moment: PostgreSQL with its data, the broker with its messages."""
        self.database.kill()
        for child in [*self.processes.children, *self.servers.children]:
            child.kill()
        self._kill_what_workers_started()
        self.processes.children.clear()
        self.servers.children.clear()
        shutil.rmtree(self.database.cluster)

    def _kill_what_workers_started(self) -> None:
        """A worker dies with its parent, and beat, which a worker starts, does not: their groups are killed."""
        for file in (self.folder / "pids").glob("*.pid"):
            with suppress(ProcessLookupError):
                os.killpg(int(file.read_text()), signal.SIGKILL)
            file.unlink()

    def come_up(self) -> None:
        """New machines: an empty cluster, or the files that were put there, and an empty broker."""
        self.database.start()
        self.socket.unlink(missing_ok=True)
        cache, server = valkey.start(self.servers, self.socket, None)
        self.servers.wait_until(cache, server.answers, within=15)

    def back_up(self, file: Path) -> None:
        """*Back up* of docs/operations.md."""
        self.manage("audit_checkpoint")
        pg("pg_dump", "--format=custom", f"--file={file}", self.database.url)

    def restore(self, file: Path) -> None:
        """*Restore PostgreSQL to an earlier moment* of docs/operations.md, until the schema is that of this code."""
        pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={self.database.url}", file)
        self.manage("migrate", "--verbosity=0")

    def copy_files(self, to: Path) -> None:
        """A consistent copy of PostgreSQL's files, as a snapshot of its disk is."""
        pg("pg_basebackup", "--checkpoint=fast", f"--pgdata={to}", f"--dbname={self.database.url}")

    def begin_new_witness(self) -> None:
        """The file so far is kept under another name."""
        self._witnesses += 1
        self.witness.rename(self.witness.with_name(f"until-restore-{self._witnesses}.jsonl"))
        self.manage("audit_checkpoint")

    def verify(self) -> str:
        """What `audit_verify` says."""
        done = self._manage("audit_verify")
        return done.stdout + done.stderr

    def manage(self, *arguments: str) -> str:
        """One command of an operator; what it printed. Raises RuntimeError where it fails."""
        done = self._manage(*arguments)
        if done.returncode:
            raise RuntimeError(f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def _manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=portal.ROOT, env=dict(self.environment), capture_output=True, text=True)


@contextmanager
def mortal(folder: Path, shape: Shape, **environment: str) -> Iterator[Mortal]:
    """One with its servers running, and a database that is ready."""
    state = folder / "state"
    for needed in (state, folder / "pids", folder / "witness"):
        needed.mkdir(exist_ok=True)
    with (
        socket_folder() as sockets,
        Supervisor(folder / "log", grace=10) as lives_on,
        Supervisor(folder / "log", grace=10) as servers,
    ):
        lender = start_lender(lives_on)
        database = postgres.Server(servers, sockets, folder / "database", settings=shape.postgresql)
        socket = sockets / "valkey.sock"
        given = {
            **{name: os.environ[name] for name in _MACHINE if name in os.environ},
            "DATABASE_URL": database.url,
            "AUDIT_WITNESSES": f"file:{folder / 'witness'}",
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        given = portal.environment(given, state, socket) | {"DJANGO_SETTINGS_MODULE": shape.settings}
        with Supervisor(folder / "log", given, grace=10) as processes:
            made = Mortal(folder, shape, lender, database, servers, processes, socket)
            made.come_up()
            prepare(processes, lender)
            yield made


def pg(program: str, *arguments: str | Path) -> None:
    """One of PostgreSQL's own programs. Raises RuntimeError with what it says where it fails."""
    done = subprocess.run([postgres.find_binaries() / program, *arguments], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stderr}")
