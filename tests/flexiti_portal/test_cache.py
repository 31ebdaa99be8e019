"""The shared cache while its server is away."""

import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flexiti_portal import cache as caching
from local_services import valkey as valkeys
from local_services.processes import Supervisor
from local_services.sockets import socket_folder


class Away:
    """A cache whose server can be taken away and given back."""

    def __init__(self, supervisor: Supervisor, socket: Any) -> None:
        self.supervisor, self.socket = supervisor, socket
        self.cache = caching.SharedCache(valkeys.Valkey(socket).cache_url, {})
        self.bring_back()

    def take_away(self) -> None:
        self.child.stop(5)
        self.supervisor.children.remove(self.child)

    def bring_back(self) -> None:
        self.child, server = valkeys.start(self.supervisor, self.socket, None)
        self.supervisor.wait_until(self.child, server.answers)


@pytest.fixture
def away(monkeypatch) -> Iterator[Away]:
    monkeypatch.setattr(caching, "_ASK_AGAIN_AFTER", 0.0)
    with socket_folder() as folder, Supervisor(folder / "log", grace=5) as supervisor:
        yield Away(supervisor, folder / "valkey.sock")


def test_without_its_server_it_remembers_for_this_process(away, caplog):
    away.take_away()
    cache = away.cache
    cache.set("word", [1, 2], 30)
    assert cache.get("word") == [1, 2]
    assert not cache.add("word", "other", 30)
    assert cache.add("more", 1, 30)
    assert cache.incr("more") == 2
    assert cache.get_many(["word", "more", "none"]) == {"word": [1, 2], "more": 2}
    cache.delete("word")
    assert cache.get("word", "gone") == "gone"
    assert "The cache is not answering" in caplog.text


def test_with_its_server_back_it_asks_it_again(away):
    away.cache.set("word", "shared", 30)
    away.take_away()
    assert away.cache.get("word") is None
    assert not away.cache.answers()
    away.bring_back()
    assert away.cache.answers()
    away.cache.set("word", "again", 30)
    other_process = caching.SharedCache(valkeys.Valkey(away.socket).cache_url, {})
    assert other_process.get("word") == "again"


def test_server_that_is_away_is_not_asked_for_every_operation(away, monkeypatch, caplog):
    monkeypatch.setattr(caching, "_ASK_AGAIN_AFTER", 60.0)
    monkeypatch.setattr(caching._ServerOrMemory, "_away_until", 0.0)
    away.take_away()
    for _ in range(10):
        away.cache.get("word")
    assert caplog.text.count("The cache is not answering") == 1
    monkeypatch.setattr(caching._ServerOrMemory, "_away_until", 0.0)


class Harmful:
    """A pickle of it runs `touch` where it is read."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def test_nothing_that_the_server_holds_is_run(away, tmp_path):
    file = tmp_path / "touched"
    away.cache._cache.get_client(None, write=True).set(away.cache.make_key("word"), pickle.dumps(Harmful(file)))
    with pytest.raises(ValueError, match="utf"):
        away.cache.get("word")
    assert not file.exists()


@pytest.mark.parametrize("value", [0, -3, 1.5, "12", "é", True, None, [], [1.25, 2], {"a": [1]}])
def test_value_comes_back_as_it_was(away, value):
    away.cache.set("word", value, 30)
    assert away.cache.get("word", "gone") == value
    assert type(away.cache.get("word")) is type(value)
