"""Who keeps checkpoints where whoever changes the database cannot reach: `AUDIT_WITNESSES`.

file:/folder-or-file.jsonl   a line for each checkpoint, best on a disk of another machine
stdout                       the line on standard output of the process, for whoever collects that
email:evidence@example.com   a message for each, through EMAIL_URL
https://…/{number}.json      PUT to an object store, with AUDIT_WITNESS_HEADERS; nothing there is ever replaced
"""

import json
import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

from audit.chain import line_hash

_SECONDS = (3.05, 10)  # to connect, and of silence
_LOOK_BACK = 50  # checkpoints that an object store may be behind and still be asked for its newest
_LONGEST_LINES = 4096  # bytes that hold two checkpoints at least
_HERE = ("127.0.0.1", "localhost")


class Unwilling(OSError):
    """A witness did not take a checkpoint, or cannot show what it has. The text holds no secret."""


class Witness(ABC):
    """Somebody who is given each signed checkpoint. `label` is without secrets; `is_readable`: it can be asked."""

    label: str
    is_readable = False
    seconds_between_looks = 0.0  # what asking for its newest costs

    @abstractmethod
    def take(self, number: int, line: bytes) -> None:
        """Keep this checkpoint; raises OSError."""

    def lines(self, newest: int) -> Iterator[bytes]:  # noqa: ARG002
        """What it has; `newest` is the number of the database's last checkpoint. Raises OSError."""
        raise Unwilling(f"{self.label} cannot be read from here")

    def newest(self, known: int) -> bytes:  # noqa: ARG002
        """Its newest checkpoint, or any that is newer than `known`; nothing if it has none. Raises OSError."""
        return b""


class File(Witness):
    is_readable = True

    def __init__(self, path: str) -> None:
        self.label = f"file:{path}"
        self._path = Path(path)

    @property
    def path(self) -> Path:
        """A folder gets a file of its own."""
        return self._path / "checkpoints.jsonl" if self._path.is_dir() else self._path

    def take(self, number: int, line: bytes) -> None:
        if self._has(number, line):
            return
        with self.path.open("ab") as file:
            # A writing that broke off must not take this line with it.
            file.write((b"\n" if self._is_torn() else b"") + line + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _is_torn(self) -> bool:
        """Where it may be read at all."""
        if not self.path.is_file() or not os.access(self.path, os.R_OK):
            return False
        with self.path.open("rb") as file:
            if not file.seek(0, os.SEEK_END):
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"

    def lines(self, newest: int) -> Iterator[bytes]:  # noqa: ARG002
        with self.path.open("rb") as file:
            yield from (line.rstrip(b"\n") for line in file if line.strip())

    def newest(self, known: int) -> bytes:  # noqa: ARG002
        with self.path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _LONGEST_LINES, 0))
            whole, _, _ = file.read().rpartition(b"\n")  # what follows is being written
        return whole.rpartition(b"\n")[2]

    def _has(self, number: int, line: bytes) -> bool:
        """Whether it has this one already. Raises Unwilling when it has another, or another one before it."""
        try:
            before = self.newest(number - 1)
            last = int(json.loads(before)["number"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return False  # it begins, or somebody wrote something else there, which a verification says
        if last >= number and line in self.lines(number):
            return True
        if last >= number or (last == number - 1 and json.loads(line)["previous"] != line_hash(before)):
            raise Unwilling(f"{self.label} has other checkpoints: was the database set back?")
        return False


class StandardOutput(Witness):
    label = "stdout"

    def take(self, number: int, line: bytes) -> None:  # noqa: ARG002
        os.write(1, line + b"\n")  # not sys.stdout, which a worker takes for its log


class Mail(Witness):
    def __init__(self, address: str) -> None:
        self.label = f"email:{address}"
        self._address = address

    def take(self, number: int, line: bytes) -> None:
        EmailMessage(f"Audit checkpoint {number}", line.decode() + "\n", to=[self._address]).send()


@dataclass
class ObjectStore(Witness):
    """One object for each checkpoint, in a place that keeps what it has: object lock, or a key that may only create."""

    template: str
    is_readable = True
    seconds_between_looks = 60.0

    @property
    def label(self) -> str:  # type: ignore[override]
        parts = urlsplit(self.template)
        return f"{parts.scheme}://{parts.hostname}{parts.path}"

    def take(self, number: int, line: bytes) -> None:
        answer = self._ask("PUT", number, data=line, headers={"If-None-Match": "*"})
        if answer.status_code in (requests.codes.conflict, requests.codes.precondition_failed):
            if self._kept(number) != line:
                raise Unwilling(f"{self.label} has something else under number {number}")
        elif not answer.ok:
            raise Unwilling(f"{self.label} answered {answer.status_code}")

    def lines(self, newest: int) -> Iterator[bytes]:
        """The newest one that both have, which vouches for all before it, and those that only the store has."""
        both = next(
            (kept for number in range(newest, max(newest - _LOOK_BACK, 0), -1) if (kept := self._kept(number))), b""
        )
        if both:
            yield both
        number = newest + 1
        while ahead := self._kept(number):
            yield ahead
            number += 1

    def newest(self, known: int) -> bytes:
        return self._kept(known + 1)

    def _kept(self, number: int) -> bytes:
        answer = self._ask("GET", number)
        if answer.status_code == requests.codes.not_found:
            return b""
        if not answer.ok:
            raise Unwilling(f"{self.label} answered {answer.status_code}")
        return answer.content

    def _ask(
        self, method: str, number: int, *, data: bytes = b"", headers: dict[str, str] | None = None
    ) -> requests.Response:
        url = self.template.replace("{number}", f"{number:010}")
        try:
            return requests.request(
                method,
                url,
                data=data or None,
                headers={**settings.AUDIT_WITNESS_HEADERS, **(headers or {})},
                timeout=_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException as problem:
            # Its text has the address, and that may have a signature in it.
            raise Unwilling(f"{self.label}: {type(problem).__name__}") from None


def witnesses() -> list[Witness]:
    """Those of the settings; raises `ImproperlyConfigured`."""
    return [witness_of(given) for given in settings.AUDIT_WITNESSES]


def witness_of(given: str) -> Witness:
    """One of them; raises `ImproperlyConfigured`."""
    kind, _, rest = given.strip().partition(":")
    if kind == "stdout" and not rest:
        return StandardOutput()
    if kind == "file" and rest:
        return File(rest)
    if kind == "email" and "@" in rest:
        return Mail(rest)
    host = _host(given.strip()) if kind in ("https", "http") and "{number}" in rest else ""
    if host and (kind == "https" or host in _HERE):
        return ObjectStore(given.strip())
    raise ImproperlyConfigured(
        f"AUDIT_WITNESSES: {kind!r} is no witness. Give file:/path, stdout, email:address or https://…/{{number}}.json."
    )


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
