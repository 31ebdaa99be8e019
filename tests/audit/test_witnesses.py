"""Witnesses get each checkpoint; one that fails holds nobody up and gets later what it missed."""

import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from audit import ahead
from audit.ahead import missing_here, witness_ahead
from audit.checkpoints import catch_up
from audit.models import Checkpoint, Standing
from audit.tasks import checkpoint
from audit.witnesses import ObjectStore, Unwilling, witness_of
from evidence.chains import raw, unguarded
from tests.audit.test_checkpoints import append


class Store(ThreadingHTTPServer):
    """Objects by path, which are created once and never replaced, for who knows the word."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.objects: dict[str, bytes] = {}

    @property
    def template(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/evidence/{{number}}.json?sig=hush"


class _Asked(BaseHTTPRequestHandler):
    server: Store

    def do_PUT(self) -> None:
        told = self.rfile.read(int(self.headers["Content-Length"]))
        may_not = self.headers["Authorization"] != "Bearer word"
        is_there = self.path in self.server.objects and self.headers["If-None-Match"] == "*"
        if not (may_not or is_there):
            self.server.objects[self.path] = told
        self.answer(403 if may_not else 412 if is_there else 201)

    def do_GET(self) -> None:
        kept = self.server.objects.get(self.path)
        self.answer(404 if kept is None else 200, kept or b"")

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing on the terminal."""


@pytest.fixture
def store(settings: Any) -> Iterator[Store]:
    settings.AUDIT_WITNESS_HEADERS = {"Authorization": "Bearer word"}
    with Store() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def lines() -> list[bytes]:
    return [one.line() for one in Checkpoint.objects.order_by("number")]


def test_every_witness_gets_every_checkpoint(db: None, settings: Any, tmp_path: Path, capfd: Any, store: Store) -> None:
    file = tmp_path / "kept.jsonl"
    settings.AUDIT_WITNESSES = ["stdout", f"file:{file}", f"file:{tmp_path}", "email:e@example.com", store.template]
    for _ in range(2):
        append("a")
        checkpoint()
    kept = lines()
    assert len(kept) == 2
    assert file.read_bytes().splitlines() == kept == (tmp_path / "checkpoints.jsonl").read_bytes().splitlines()
    assert capfd.readouterr().out.encode().splitlines() == kept
    assert [message.body.encode().rstrip() for message in mail.outbox] == kept
    assert list(store.objects.items()) == [
        (f"/evidence/{number:010}.json?sig=hush", line) for number, line in enumerate(kept, 1)
    ]


def test_failing_witness_is_noted_and_gets_later_what_it_missed(
    db: None, settings: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    away, here = tmp_path / "mount" / "kept.jsonl", tmp_path / "kept.jsonl"
    settings.AUDIT_WITNESSES = [f"file:{away}", f"file:{here}"]
    for _ in range(2):
        append("a")
        with caplog.at_level(logging.ERROR):
            checkpoint()
    assert "did not take a checkpoint" in caplog.text
    failing = Standing.objects.get(witness=f"file:{away}")
    assert (failing.number, failing.problem) == (0, "No such file or directory")
    assert failing.failing_since
    assert here.read_bytes().splitlines() == lines()
    with pytest.raises(SystemExit):
        call_command("audit_checkpoint")
    away.parent.mkdir()
    call_command("audit_checkpoint")
    assert away.read_bytes().splitlines() == lines()
    assert not Standing.objects.exclude(failing_since=None).exists()


def test_new_witness_begins_with_the_newest(db: None, settings: Any, tmp_path: Path) -> None:
    for _ in range(3):
        append("a")
        catch_up()
    settings.AUDIT_WITNESSES = [f"file:{tmp_path}"]
    checkpoint()
    assert (tmp_path / "checkpoints.jsonl").read_bytes().splitlines() == lines()[-1:]


def test_object_store_keeps_what_it_has(store: Store, settings: Any) -> None:
    witness = ObjectStore(store.template)
    witness.take(1, b"one")
    witness.take(1, b"one")
    with pytest.raises(Unwilling, match="something else under number 1"):
        witness.take(1, b"another")
    witness.take(2, b"two")
    assert list(witness.lines(1)) == [b"one", b"two"]
    assert list(witness.lines(2)) == list(witness.lines(40)) == [b"two"]
    settings.AUDIT_WITNESS_HEADERS = {}
    with pytest.raises(Unwilling, match="answered 403") as refused:
        witness.take(3, b"three")
    assert "hush" not in str(refused.value) + witness.label


def test_object_store_that_is_away_is_named_without_its_secrets() -> None:
    with pytest.raises(Unwilling, match=r"^http://127.0.0.1/\{number\}: ConnectionError$"):
        ObjectStore("http://127.0.0.1:9/{number}?sig=hush").take(1, b"one")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "file:",
        "mail:x",
        "email:nobody",
        "stdout:1",
        "https://store.example/x",
        "http://store.example/{number}",
        "https:///{number}",
        "https://[store/{number}",
        "https:\0//store.example/{number}",
    ],
)
def test_what_is_no_witness_is_refused(given: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="AUDIT_WITNESSES"):
        witness_of(given)


def test_file_takes_a_checkpoint_once_and_no_other_in_its_place(db: None, settings: Any, tmp_path: Path) -> None:
    file = tmp_path / "kept.jsonl"
    witness = witness_of(f"file:{file}")
    for name in "abc":
        append(name)
        catch_up()
    one, two, three = Checkpoint.objects.order_by("number")
    for checkpoint_ in (one, two, one, two):
        witness.take(checkpoint_.number, checkpoint_.line())
    assert file.read_bytes().splitlines() == [one.line(), two.line()]
    three.previous = one.previous
    for number, line in ((2, three.line()), (3, three.line())):
        with pytest.raises(Unwilling, match="was the database set back"):
            witness.take(number, line)
    assert file.read_bytes().splitlines() == [one.line(), two.line()]


def test_object_store_is_asked_for_its_newest_once_a_minute(db: None, settings: Any, store: Store) -> None:
    settings.AUDIT_WITNESSES = [store.template]
    ahead._looked.clear()
    for name in "ab":
        append(name)
        checkpoint()
    first = {"/evidence/0000000001.json?sig=hush": store.objects["/evidence/0000000001.json?sig=hush"]}
    assert witness_ahead([]) == ""
    unguarded()
    raw(Checkpoint).filter(number=2).delete()
    assert witness_ahead([]) == ""
    ahead._looked.clear()
    assert witness_ahead([]) == ObjectStore(store.template).label
    ahead._looked.clear()
    assert witness_ahead(missing_here()) == ""
    ahead._looked.clear()
    store.objects = first
    assert witness_ahead([]) == ""
