"""Tokens shared through a real Valkey: encrypted, and fetched once however many processes ask."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from redis import Redis

from merchants.credentials import tokens
from merchants.credentials.sessions import client_for
from merchants.credentials.tokens import CacheTokenStore
from merchants.models import Credential
from posapi import NotReachable, Token, new_reference_id
from tests.merchants.conftest import FIRST

pytestmark = pytest.mark.valkey
TOKEN = Token("access-aaaa", "refresh-bbbb", life_seconds=1200.0, issued_for="print")
LOCK = "posapi-token:key:lock"
NOWHERE = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}}
SECONDS_OFF = (0, 300, -300, 300, -300)


@pytest.fixture
def server() -> Redis:
    """The server behind Django's cache."""
    return Redis.from_url(settings.CACHES["default"]["LOCATION"])


@dataclass
class Workers:
    """Five processes of ten threads each; the clocks of two pairs are ten minutes apart."""

    processes: list[subprocess.Popen[str]]

    def all_call(self) -> int:
        """How many of the calls, made at the same moment, succeeded."""
        for process in self.processes:
            assert process.stdin
            process.stdin.write("call\n")
            process.stdin.flush()
        return sum(int(process.stdout.readline()) for process in self.processes if process.stdout)


@pytest.fixture(scope="module")
def worker_processes(sandbox_server: Any) -> Iterator[Workers]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "flexiti_portal.settings", "LOG_LEVEL": "ERROR"}
    environment["CACHE_URL"] = settings.CACHES["default"]["LOCATION"]
    keys = [sandbox_server.base_url, FIRST.client_id, FIRST.client_secret]
    command = [sys.executable, "-m", "tests.merchants.credentials.token_worker", *keys]
    workers = Workers(
        [
            subprocess.Popen(
                [*command, str(seconds)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for seconds in SECONDS_OFF
        ]
    )
    try:
        for process in workers.processes:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        yield workers
    finally:
        for process in workers.processes:
            process.communicate()


@pytest.fixture
def workers(worker_processes: Workers, sandbox: Any) -> Workers:
    """Fifty callers at a lender whose tokens take a moment, so that the others come while one is being fetched."""
    sandbox.latency(token=0.5)
    return worker_processes


@pytest.fixture
def key(credential: Credential) -> str:
    return credential.as_posapi().key


def use(credential: Credential) -> None:
    with client_for(credential) as client:
        client.flow(new_reference_id()).i18n("en")


def token_requests(sandbox: Any) -> list[int]:
    """The status of every token request so far."""
    return [asked["status"] for asked in sandbox.requests() if asked["path"].endswith("/oauth/token")]


def raw_values(server: Redis) -> bytes:
    """Everything the server holds, names and values."""
    return b"\n".join(key + b"=" + (server.get(key) or b"") for key in server.keys("*"))


def test_token_comes_back_with_what_is_left_of_its_life() -> None:
    CacheTokenStore().put("key", TOKEN, 60)
    kept = CacheTokenStore().get("key")
    assert kept is not None
    assert kept.token == TOKEN
    assert 59 < kept.remaining <= 60


def test_token_in_the_cache_is_not_plaintext(credential: Credential, key: str, server: Redis) -> None:
    use(credential)
    kept = CacheTokenStore().get(key)
    assert kept is not None
    held = raw_values(server)
    assert b"posapi-token:" in held
    for secret in (kept.token.access_token, kept.token.refresh_token, kept.token.issued_for, credential.client_secret):
        assert secret.encode() not in held


def test_token_moved_to_another_key_does_not_open(server: Redis) -> None:
    CacheTokenStore().put("key", TOKEN, 60)
    server.rename("posapi-token:key", "posapi-token:other")
    assert CacheTokenStore().get("other") is None


def test_token_ends_with_its_life() -> None:
    CacheTokenStore().put("key", TOKEN, 0.1)
    time.sleep(0.2)
    assert CacheTokenStore().get("key") is None


def test_50_workers_without_a_token_fetch_one(workers: Workers, sandbox: Any) -> None:
    assert workers.all_call() == 50
    assert token_requests(sandbox) == [200]


def test_threads_that_ask_first_at_the_same_moment_share_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Redis] = []

    def slowly(address: str) -> Redis:
        time.sleep(0.05)
        made.append(Redis(unix_socket_path=address))
        return made[-1]

    monkeypatch.setattr(tokens.Redis, "from_url", slowly)
    with ThreadPoolExecutor(8) as threads:
        given = set(map(id, threads.map(tokens._server_at, ["/nowhere.sock"] * 8)))
    assert (len(given), len(made)) == (1, 1)


def test_50_workers_renew_a_token_once(workers: Workers, sandbox: Any, server: Redis, key: str) -> None:
    workers.all_call()
    server.expire(f"posapi-token:{key}", 40)  # the moment at which it has to be renewed
    assert workers.all_call() == 50
    assert token_requests(sandbox) == [200, 200]


def test_50_workers_start_again_once_when_the_renewal_is_refused(
    workers: Workers, sandbox: Any, server: Redis, key: str
) -> None:
    workers.all_call()
    sandbox.control("POST", "tokens/expire")
    server.expire(f"posapi-token:{key}", 40)
    assert workers.all_call() == 50
    assert token_requests(sandbox) == [200, 400, 200]


def test_50_workers_replace_a_token_that_ended_early_once(workers: Workers, sandbox: Any) -> None:
    workers.all_call()
    sandbox.control("POST", "tokens/expire")
    assert workers.all_call() == 50
    assert token_requests(sandbox) == [200, 200]


def test_workers_with_clocks_apart_do_not_renew_in_turns(workers: Workers, sandbox: Any) -> None:
    sandbox.latency(token=0)
    for _ in range(5):
        assert workers.all_call() == 50
    assert token_requests(sandbox) == [200]


def test_fetch_slower_than_the_lock_is_still_the_only_one(
    credential: Credential, sandbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "_HOLD_SECONDS", 0.2)
    sandbox.latency(token=1.0)
    together(lambda: use(credential))
    assert token_requests(sandbox) == [200]


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


def test_lock_of_a_dead_process_is_taken_over_by_one(credential: Credential, sandbox: Any, server: Redis) -> None:
    server.set(f"posapi-token:{credential.as_posapi().key}:lock", "dead", px=600)
    together(lambda: use(credential))
    assert token_requests(sandbox) == [200]


def test_lock_that_lapsed_is_left_to_its_next_holder(server: Redis) -> None:
    with CacheTokenStore().lock("key"):
        server.set(LOCK, "next", px=60_000)
    assert server.get(LOCK) == b"next"


def test_lock_is_free_after_a_fetch_that_failed() -> None:
    with pytest.raises(ValueError, match="failed"), CacheTokenStore().lock("key"):
        raise ValueError("failed")
    assert cache.get(LOCK) is None
    with CacheTokenStore(wait_seconds=0.1).lock("key"):
        pass


def test_caller_that_waited_long_enough_gives_up_without_asking(
    credential: Credential, sandbox: Any, server: Redis
) -> None:
    server.set(LOCK, "slow", px=60_000)
    started = time.monotonic()
    with pytest.raises(NotReachable) as caught, CacheTokenStore(wait_seconds=0.2).lock("key"):
        pass
    assert time.monotonic() - started < 2
    assert caught.value.certainly_not_processed


def test_process_keeps_a_token_of_its_own_while_the_cache_is_down(
    credential: Credential, sandbox: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with override_settings(CACHES=NOWHERE):
        together(lambda: use(credential))
        use(credential)
    assert token_requests(sandbox) == [200]
    assert "cache is not answering" in caplog.text


def together(work: Callable[[], None], callers: int = 8) -> None:
    """Do the same in several threads at once."""

    def work_and_leave() -> None:
        try:
            work()
        finally:
            connection.close()  # to the pool, which has fewer than there are threads in the end

    with ThreadPoolExecutor(callers) as threads:
        for done in [threads.submit(work_and_leave) for _ in range(callers)]:
            done.result()
