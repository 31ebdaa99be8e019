"""The short form of `python -m evidence.fuzzing`: every parser, every kind of request, and that both can be missed."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import strategies as st

from chaos.measure import Run
from evidence.fuzz_inputs import documents, texts
from evidence.fuzz_parsers import Parser, fuzz
from evidence.fuzz_requests import KINDS, Aim
from evidence.fuzz_urls import Asker, errors_in
from evidence.fuzz_wire import Received, Sent
from evidence.fuzzing import of_addresses, of_parsers
from tests.stack.whole import RunningPortal

_MADE = "import json; from evidence.fuzz_world import made; print(json.dumps(made(4, '{base_url}')))"


@pytest.mark.postgres  # what it keeps least of
def test_every_parser_gives_a_value_or_its_own_error(db: None, tmp_path: Path) -> None:
    given = Run(1500, random.Random(4), tmp_path)
    figures = list(of_parsers(given))
    assert [figure.name for figure in figures if figure.reached is False] == [], given.notes


@pytest.mark.stack
def test_hostile_requests_bring_no_error(portal: RunningPortal, tmp_path: Path) -> None:
    base_url = f"{portal.sandbox.url}/flexiti/pos-api/v2.5"
    world = json.loads(portal.python(_MADE.format(base_url=base_url)))
    given = Run(15 * len(KINDS), random.Random(4), tmp_path)
    figures = list(of_addresses(given, portal.url, world, portal.supervisor.logs / "web.log"))
    assert [figure.name for figure in figures if figure.reached is False] == [], given.notes


def test_parser_that_fails_is_noticed_with_its_input() -> None:
    def read(text: str) -> None:
        if "\0" in text:
            raise KeyError(text)

    fuzzed = fuzz([Parser("sound", 1, st.text(), str), Parser("broken", 1, texts("2500"), read)], 2000, lambda: 5)
    assert list(fuzzed.problems) == ["broken"]
    assert "KeyError: '\\x00" in fuzzed.problems["broken"]
    assert fuzzed.inputs["sound"] == 1000


def test_documents_have_what_no_encoder_writes() -> None:
    seen: set[bytes] = set()
    fuzz([Parser("documents", 1, documents({"a": [1, {"b": ""}]}), seen.add)], 700, lambda: 5)
    whole = b"\n".join(seen)
    assert all(one in whole for one in (b"1e999", b'\\u0000"', b'{"a":1,"a":2}', b"[[[[[[", b'{"a": [1, {"b": ""}]}'))


@pytest.mark.parametrize(
    ("received", "wrong"),
    [
        (Received(500, b"<h1>Sorry</h1>"), (1, 0, 0)),
        (Received(503, b""), (1, 0, 0)),
        (Received(200, b"Traceback (most recent call last)"), (0, 1, 0)),
        (Received(0, b""), (0, 0, 1)),
        (Received(404, b"<h1>There is nothing here</h1>"), (0, 0, 0)),
    ],
)
def test_answer_that_should_not_be_is_noticed(received: Received, wrong: tuple[int, int, int]) -> None:
    asker = Asker("http://127.0.0.1:80", {}, random.Random(1))
    asker._judge("ordinary", "anybody", Aim("127.0.0.1", "/", (), ()).sent(), received)
    assert (asker.asked.errors, asker.asked.shown, asker.asked.unanswered) == wrong
    assert bool(asker.asked.wrong) == any(wrong)


def test_error_in_the_log_is_noticed(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    lines = [
        {"event": "request_finished", "level": "warning"},
        {"event": "request_failed", "level": "error", "path": "/x/", "exception": "KeyError"},
    ]
    log.write_text("\n".join([*map(json.dumps, lines), "Traceback (most recent call last):", "starting"]))
    assert errors_in(log) == ["request_failed /x/ KeyError", "Traceback (most recent call last):"]


def test_every_kind_of_request_is_made() -> None:
    aim = Aim("127.0.0.1:80", "/x/", ("session=a",), ("last_name",))
    for kind, make in KINDS.items():
        assert isinstance(make(aim, random.Random(kind)), Sent)
    assert KINDS["ordinary"](aim, random.Random(1)).content.startswith(b"GET /x/ HTTP/1.1\r\n")
