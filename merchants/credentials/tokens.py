"""The POS API's tokens, shared by every process: encrypted in the cache, fetched by one process at a time.

The cache's server counts their lives, so the clocks of the processes do not matter. While it is down every process
keeps tokens of its own: that costs speed, never a call.
"""

import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

from django.conf import settings
from redis import Redis, RedisError
from redis.exceptions import LockError
from redis.lock import Lock

from posapi import InMemoryTokens, KeptToken, NotReachable, Token
from posapi.errors import TOKEN
from vault.keys import CannotOpen, keyring

# A process that died while it fetched a token stops the others for no longer. One that lives renews its hold.
_HOLD_SECONDS = 5.0
_LOOK_AGAIN_SECONDS = 0.05
_CACHE_IS_DOWN = (RedisError, OSError)

_of_this_process = InMemoryTokens()
_making_a_client = threading.Lock()

logger = logging.getLogger(__name__)


class CacheTokenStore:
    """`posapi.TokenStore` on the server of Django's cache.

    Whoever has waited `wait_seconds` for somebody else's fetch gives up: a lender that takes longer to give one token
    is not helped by being asked for fifty.
    """

    def __init__(self, *, wait_seconds: float = 10.0) -> None:
        self._wait_seconds = wait_seconds

    def get(self, key: str) -> KeptToken | None:
        """The token kept under this key and what is left of its life; None when it cannot be opened any more."""
        name = _name(key)
        try:
            asking = _server().pipeline()
            asking.get(name)
            asking.pttl(name)
            sealed, milliseconds = asking.execute()
        except _CACHE_IS_DOWN:
            _warn()
            return _of_this_process.get(key)
        if sealed is None:
            return None
        try:
            token = Token.from_json(json.loads(keyring().open(sealed.decode(), context=name)))
        except (CannotOpen, TypeError, ValueError):
            return None
        return KeptToken(token, milliseconds / 1000)

    def put(self, key: str, token: Token, remaining: float) -> None:
        """Keep a token for the `remaining` seconds of its life."""
        sealed = keyring().seal(json.dumps(token.to_json()).encode(), context=_name(key))
        try:
            _server().set(_name(key), sealed, px=max(1, int(remaining * 1000)))
        except _CACHE_IS_DOWN:
            _warn()
            _of_this_process.put(key, token, remaining)

    def drop(self, key: str, *, issued_for: str) -> None:
        """Forget the token under this key, if it is one of the secret with this fingerprint."""
        kept = self.get(key)
        if kept is None or kept.token.issued_for != issued_for:
            return
        try:
            _server().delete(_name(key))
        except _CACHE_IS_DOWN:
            _warn()

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Held by the one caller that fetches a token, in whatever process. Raises NotReachable after the wait."""
        lock = _server().lock(
            f"{_name(key)}:lock",
            timeout=_HOLD_SECONDS,
            sleep=_LOOK_AGAIN_SECONDS,
            blocking_timeout=self._wait_seconds,
            thread_local=False,
        )
        try:
            is_mine = lock.acquire()
        except _CACHE_IS_DOWN:
            _warn()
            with _of_this_process.lock(key):
                yield
            return
        if not is_mine:
            raise NotReachable(TOKEN, reason="no token within the wait for another caller's")
        with _held(lock):
            yield


@contextmanager
def _held(lock: Lock) -> Iterator[None]:
    """Renew the hold for as long as the fetch takes, then let go of it, if it is still one's own."""
    done = threading.Event()
    renewing = threading.Thread(target=_renew, args=(lock, done), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()
        _release(lock)


def _renew(lock: Lock, done: threading.Event) -> None:
    while not done.wait(_HOLD_SECONDS / 4):
        with suppress(*_CACHE_IS_DOWN):
            lock.reacquire()


def _release(lock: Lock) -> None:
    try:
        lock.release()
    except LockError:
        logger.info("The hold on a token had lapsed before its fetch was over")
    except _CACHE_IS_DOWN:
        _warn()


def _server() -> Redis:
    return _server_at(str(settings.CACHES["default"]["LOCATION"]))


def _server_at(address: str) -> Redis:
    """One for all threads: of several made at once all but one would be collected, with the connections in use."""
    with _making_a_client:
        return _client_of(address)


@cache
def _client_of(address: str) -> Redis:
    return Redis.from_url(address)


def _name(key: str) -> str:
    return f"posapi-token:{key}"


def _warn() -> None:
    logger.warning("The cache is not answering: tokens are not shared")
