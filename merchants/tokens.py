"""The POS API's tokens, shared by every process: encrypted in the cache, fetched by one process at a time.

A cache that is down costs speed, never a call: each call then fetches a token of its own.
"""

import json
import logging
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.cache import cache
from redis import RedisError

from posapi import Token
from vault.keys import CannotOpen, keyring

# Longer than fetching a token may take: a process that died holding the lock stops nobody for longer.
_LOCK_SECONDS = 30
_LOOK_AGAIN_SECONDS = 0.05
_CACHE_IS_DOWN = (RedisError, OSError)

logger = logging.getLogger(__name__)


class CacheTokenStore:
    """`posapi.TokenStore` on Django's cache.

    Whoever waits longer than `wait_seconds` for somebody else's fetch goes on and fetches a token of its own, which the
    lender allows.
    """

    def __init__(self, *, wait_seconds: float = 10.0) -> None:
        self._wait_seconds = wait_seconds

    def get(self, key: str) -> Token | None:
        """The token kept under this key; None as well when it cannot be opened any more."""
        try:
            sealed = cache.get(_token_key(key))
        except _CACHE_IS_DOWN:
            _warn()
            return None
        if sealed is None:
            return None
        try:
            return Token.from_json(json.loads(keyring().open(sealed, context=_token_key(key))))
        except (CannotOpen, TypeError, ValueError):
            return None

    def put(self, key: str, token: Token, ttl: float) -> None:
        """Keep a token for at most `ttl` seconds."""
        sealed = keyring().seal(json.dumps(token.to_json()).encode(), context=_token_key(key))
        try:
            cache.set(_token_key(key), sealed, timeout=max(1, int(ttl)))
        except _CACHE_IS_DOWN:
            _warn()

    @contextmanager
    def lock(self, key: str) -> Iterator[None]:
        """Held by the one caller that fetches a token, in whatever process."""
        owner = secrets.token_hex(8)
        self._acquire(f"{_token_key(key)}:lock", owner)
        try:
            yield
        finally:
            _release(f"{_token_key(key)}:lock", owner)

    def _acquire(self, name: str, owner: str) -> None:
        give_up_at = time.monotonic() + self._wait_seconds
        try:
            while not cache.add(name, owner, timeout=_LOCK_SECONDS) and time.monotonic() < give_up_at:
                time.sleep(_LOOK_AGAIN_SECONDS)
        except _CACHE_IS_DOWN:
            _warn()


def _release(name: str, owner: str) -> None:
    """Only one's own lock: it may have run out and be somebody else's by now."""
    try:
        if cache.get(name) == owner:
            cache.delete(name)
    except _CACHE_IS_DOWN:
        _warn()


def _token_key(key: str) -> str:
    return f"posapi-token:{key}"


def _warn() -> None:
    logger.warning("The cache is not answering: tokens are not shared")
