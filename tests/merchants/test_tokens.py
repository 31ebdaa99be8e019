"""Tokens shared through a real Valkey: encrypted, and fetched once however many ask."""

import threading
import time
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from merchants.models import Credential
from merchants.sessions import client_for
from merchants.tokens import CacheTokenStore
from posapi import Token, new_reference_id

pytestmark = pytest.mark.valkey
TOKEN = Token("access-aaaa", "refresh-bbbb", asked_at=1000.0, life_seconds=1200.0, issued_for="print")


def raw_values() -> bytes:
    """Everything the server holds, names and values."""
    server = cache._cache.get_client(None)
    return b"\n".join(key + b"=" + (server.get(key) or b"") for key in server.keys("*"))


def test_token_comes_back_as_it_was_kept() -> None:
    CacheTokenStore().put("key", TOKEN, 60)
    assert CacheTokenStore().get("key") == TOKEN


def test_token_in_the_cache_is_not_plaintext(credential: Credential) -> None:
    with client_for(credential) as client:
        client.flow(new_reference_id()).i18n("en")
    kept = CacheTokenStore().get(credential.as_posapi().key)
    assert kept is not None
    held = raw_values()
    assert b"posapi-token:" in held
    for secret in (kept.access_token, kept.refresh_token, kept.issued_for, credential.client_secret):
        assert secret.encode() not in held


def test_token_moved_to_another_key_does_not_open() -> None:
    CacheTokenStore().put("key", TOKEN, 60)
    cache.set("posapi-token:other", cache.get("posapi-token:key"))
    assert CacheTokenStore().get("other") is None


def test_token_ends_with_its_life() -> None:
    CacheTokenStore().put("key", TOKEN, 0.4)
    time.sleep(1.1)
    assert CacheTokenStore().get("key") is None


def test_many_callers_fetch_one_token(credential: Credential, sandbox: Any) -> None:
    sandbox.latency(token=0.3)

    def call() -> None:
        with client_for(credential) as client:
            client.flow(new_reference_id()).i18n("en")

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    paths = [request["path"] for request in sandbox.requests()]
    assert sum(path.endswith("/oauth/token") for path in paths) == 1
    assert sum(path.endswith("/i18n") for path in paths) == 8


def test_lock_is_held_by_one_and_waited_for() -> None:
    seen = []

    def second() -> None:
        with CacheTokenStore().lock("key"):
            seen.append("second")

    with CacheTokenStore().lock("key"):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.2)
        seen.append("first")
    thread.join()
    assert seen == ["first", "second"]


def test_lock_of_a_dead_process_is_not_waited_for_for_ever() -> None:
    cache.add("posapi-token:key:lock", "dead", timeout=30)
    started = time.monotonic()
    with CacheTokenStore(wait_seconds=0.2).lock("key"):
        assert time.monotonic() - started < 2
    assert cache.get("posapi-token:key:lock") == "dead"


def test_calls_go_on_while_the_cache_is_down(credential: Credential, caplog: pytest.LogCaptureFixture) -> None:
    away = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}}
    with override_settings(CACHES=away), client_for(credential) as client:
        assert client.flow(new_reference_id()).i18n("en").provinces
    assert "cache is not answering" in caplog.text
