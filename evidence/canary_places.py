"""Where an applicant's values must not be: everything that the portal keeps, writes and sends."""

import os
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import redis

from chaos.stack import Stack
from evidence.canary_people import canary, without_open
from local_services.postgres import find_binaries

_CHUNK, _OVERLAP = 4 * 1024 * 1024, 64 * 1024
_OF_THE_LENDER = "sandbox"


class Monitor:
    """Every command that the broker and the cache are given, until it is stopped."""

    def __init__(self, stack: Stack, file: Path) -> None:
        self.file = file
        self._client = redis.Redis(unix_socket_path=str(stack.valkey.socket), socket_timeout=None)
        self._connection = self._client.connection_pool.get_connection()
        self._connection.send_command("MONITOR")
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """What came until now is in the file."""
        self._client.set("monitor", "the last command")
        self._thread.join(timeout=30)
        self._connection.disconnect()

    def _listen(self) -> None:
        with self.file.open("wb") as file:
            while True:
                line = self._connection.read_response()
                text = line if isinstance(line, bytes) else str(line).encode()
                file.write(text + b"\n")
                if b"the last command" in text:
                    return


def dump_of(stack: Stack, folder: Path) -> Path:
    """The database as pg_dump writes it."""
    return _dumped(stack, folder / "dump.sql", "--format=plain")


def backup_of(stack: Stack, folder: Path) -> Path:
    """A compressed backup, unpacked again."""
    packed = _dumped(stack, folder / "backup.pgc", "--format=custom")
    unpacked = folder / "backup.sql"
    _run([find_binaries() / "pg_restore", f"--file={unpacked}", packed], {})
    return unpacked


def _dumped(stack: Stack, file: Path, form: str) -> Path:
    place = urlsplit(stack.database.url)
    host = parse_qs(place.query).get("host", [place.hostname or ""])[0]
    own = {"PGHOST": host, "PGUSER": place.username or "portal", "PGDATABASE": place.path.lstrip("/")}
    if place.port:
        own["PGPORT"] = str(place.port)
    _run([find_binaries() / "pg_dump", form, f"--file={file}"], own)
    return file


def _run(command: list[str | Path], environment: Mapping[str, str]) -> None:
    subprocess.run(command, check=True, env={**os.environ, **environment}, capture_output=True)


def lines_of(file: Path) -> Iterator[bytes]:
    """The bytes of a file in pieces that overlap only where a line is longer than a piece."""
    with file.open("rb") as content:
        rest = b""
        while piece := content.read(_CHUNK):
            whole, mark, rest = (rest + piece).rpartition(b"\n")
            if mark:
                yield whole
            elif len(rest) > _CHUNK:
                yield rest
                rest = rest[-_OVERLAP:]
        yield rest


def logs_of(folder: Path) -> Iterator[bytes]:
    """What every process wrote, but for the lender's stand-in: what that keeps is the lender's."""
    for file in sorted((folder / "log").rglob("*.log")):
        if not file.name.startswith(_OF_THE_LENDER):
            yield from lines_of(file)


def files_in(folder: Path, *, but: tuple[str, ...] = ()) -> Iterator[bytes]:
    """The name and the content of every file, but for those of these names."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink() and file.name not in but:
            yield str(file.relative_to(folder)).encode()
            yield from lines_of(file)


def bundles_in(folder: Path) -> Iterator[bytes]:
    """What is packed into every ZIP file, named by the applicant's number; the city is in it on purpose."""
    for file in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(file) as packed:
            for name in packed.namelist():
                text = packed.read(name).decode(errors="surrogateescape")
                yield name.encode() + b"\n" + without_open(text, canary(int(file.stem)), "city")


def keys_of(socket: Path) -> Iterator[bytes]:
    """Every key of the broker and cache behind this socket, with all that is in it."""
    for number in range(16):
        with redis.Redis(unix_socket_path=str(socket), db=number) as server:
            for key in server.scan_iter():
                yield key + b" " + _content(server, key)


def _content(server: redis.Redis, key: bytes) -> bytes:
    kind = server.type(key)
    found: Any = []  # what the client is said to answer is wider than what it answers
    if kind == b"string":
        found = [server.get(key) or b""]
    if kind == b"hash":
        found = [part for pair in server.hgetall(key).items() for part in pair]
    if kind == b"list":
        found = server.lrange(key, 0, -1)
    if kind == b"set":
        found = list(server.smembers(key))
    if kind == b"zset":
        found = server.zrange(key, 0, -1)
    return b" ".join(found)


def sessions() -> Iterator[bytes]:
    """What is in every session, opened."""
    from django.contrib.sessions.models import Session

    for session in Session.objects.iterator():
        yield repr(session.get_decoded()).encode()
