"""Every address of the portal asked with everything that no browser sends, over HTTP, by everybody."""

import json
import random
import re
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from chaos.forms import forms_of
from evidence.fuzz_inputs import PIECES
from evidence.fuzz_requests import KINDS, Aim
from evidence.fuzz_wire import Received, Sent, exchange
from evidence.fuzz_world import World, path_of, strange_path_of

_AT_ONCE = 6
_BATCH = 200  # after which sessions and people are given back
_SHOWN = re.compile(
    rb"Traceback|site-packages|/lib/python|django\.(?:core|db|http|utils)\.|psycopg|sqlite3\.|File \"/|DEBUG"
    rb"|Exception\b"
)
_NOT_READY, _UNKNOWN_CODING = 503, 501
_STEPS = ("start", "identity", "contact", "income", "security", "terms", "check", "nothing")
_EXAMPLES = 25


@dataclass
class Asked:
    """What came of it. `wrong` are examples, in words."""

    statuses: Counter[int] = field(default_factory=Counter)
    by_kind: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    shown: int = 0
    unanswered: int = 0
    wrong: list[str] = field(default_factory=list)


class Asker:
    """Asks one portal. renew: called now and then, to give back what requests took away."""

    def __init__(self, url: str, world: World, chance: random.Random, renew: Callable[[], None] = lambda: None) -> None:
        from tests.access.addresses import every_address

        self.addresses = every_address()
        self._host, self._port = urlsplit(url).netloc, int(urlsplit(url).port or 80)
        self._world, self._chance, self._renew = world, chance, renew
        self._names: set[str] = {"next", "file", "text", "digest", "revision"}
        self.asked = Asked()

    def ask(self, size: int) -> Asked:
        """So many requests, after an ordinary look by everybody at every address, or at as many as that."""
        self._look(size)
        pairs = self._pairs()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for begin in range(0, size, _BATCH):
                batch = [self._one(*next(pairs)) for _ in range(min(_BATCH, size - begin))]
                for kind, who, sent, received in pool.map(self._exchanged, batch):
                    self._judge(kind, who, sent, received)
                self._renew()
        return self.asked

    def still_answers(self) -> bool:
        """Whether an ordinary page is an ordinary page."""
        received = exchange(self._port, Aim(self._host, "/sign-in/", (), ()).sent())
        return received.status == 200 and b'name="password"' in received.content

    def _look(self, at_most: int) -> None:
        """Whoever opens pages learns what their boxes are called."""
        paths = [path_of(address, self._world) for address in self.addresses]
        for one in self._world["applications"]:
            paths += [f"/applications/{one}/{step}/" for step in _STEPS]
        asked = [
            ("a first look", who, self._aim(path, who).sent()) for path in paths for who in self._world["sessions"]
        ]
        self._chance.shuffle(asked)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for kind, who, sent, received in pool.map(self._exchanged, asked[:at_most]):
                self._judge(kind, who, sent, received)
                page = received.content.partition(b"\r\n\r\n")[2].decode("utf-8", "replace")
                self._names |= {name for form in forms_of(page) for name in form.names}
        self._names.discard("csrfmiddlewaretoken")

    def _pairs(self) -> Iterator[tuple[Any, str, str]]:
        """Every address with every kind, as another person in each round: after five, by everybody."""
        pairs = [(address, kind) for address in self.addresses for kind in KINDS]
        self._chance.shuffle(pairs)
        people = list(self._world["sessions"])
        for turn in count():
            for place, (address, kind) in enumerate(pairs):
                yield address, kind, people[(place + turn) % len(people)]

    def _one(self, address: Any, kind: str, who: str) -> tuple[str, str, Sent]:
        aim = self._aim(self._path(address), who)
        return kind, who, KINDS[kind](aim, self._chance)

    def _path(self, address: Any) -> str:
        """Mostly of rows that are there; else of none, or of what cannot be a row's key."""
        if not address.arguments or self._chance.random() < 0.7:
            rows = {"application_id": self._any(self._world["applications"]), "step_name": self._any(_STEPS)}
            return path_of(address, self._world, **rows)
        strange = (
            str(uuid.UUID(int=7)),
            "0",
            "-1",
            "9" * 30,
            "9" * 19,
            quote(self._any(PIECES)),
            "a" * 300,
            "%00",
            "_5F",
        )
        return strange_path_of(address, self._any(strange))

    def _aim(self, path: str, who: str) -> Aim:
        sessions = self._world["sessions"][who]
        cookies = (f"session={self._any(sessions)}",) if sessions else ()
        return Aim(self._host, path, cookies, sorted(self._names))

    def _any(self, among: Any) -> Any:
        return among[self._chance.randrange(len(among))]

    def _exchanged(self, one: tuple[str, str, Sent]) -> tuple[str, str, Sent, Received]:
        return *one, exchange(self._port, one[2])

    def _judge(self, kind: str, who: str, sent: Sent, received: Received) -> None:
        asked, line = self.asked, sent.content.split(b"\r\n", 1)[0][:120]
        asked.statuses[received.status] += 1
        asked.by_kind[kind] += 1
        path = line.split(b" ")[1].partition(b"?")[0].decode("latin-1") if line.count(b" ") > 1 else ""
        is_error = received.status >= 500 and not _is_documented(received.status, path, sent)
        shows = _SHOWN.search(received.content)
        is_silent = not received.status and sent.is_whole
        asked.errors += is_error
        asked.shown += bool(shows)
        asked.unanswered += is_silent
        if is_error or shows or is_silent:
            asked.wrong.append(
                f"{received.status}, {kind}, as {who}: {line!r}{f', shows {shows[0]!r}' if shows else ''}"
            )


def _is_documented(status: int, path: str, sent: Sent) -> bool:
    """What /readyz tells machines (docs/operations.md), and what RFC 9112, 6.1, wants said to an unknown coding."""
    return (status == _NOT_READY and path == "/readyz") or (
        status == _UNKNOWN_CODING and b"\r\nTransfer-Encoding: " in sent.content
    )


def errors_in(log: Path, begin: int = 0) -> list[str]:
    """What the web server itself found wrong: lines of level error and above, and everything with a traceback."""
    found = []
    with log.open("rb") as file:
        file.seek(begin)
        for line in file:
            try:
                told = json.loads(line)
            except ValueError:
                told = {"event": line.decode("utf-8", "replace").strip()}
            if told.get("level") in ("error", "critical") or "exception" in told or "Traceback" in str(told["event"]):
                found.append(
                    f"{told.get('event')} {told.get('path', '')} {str(told.get('exception', ''))[-200:]}".strip()
                )
    return found
