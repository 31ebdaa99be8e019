"""The shared cache, which may be away: then every process remembers for itself, and pages are served all the same.

Sign-in counts its attempts here. While the server is away each process counts its own, which still slows a guesser
down; without this nobody could sign in.
"""

import json
import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis, RedisError

# A server that hangs costs one page its time-out and not every operation of every page.
_ASK_AGAIN_AFTER = 5.0
_IS_AWAY = (RedisError, OSError)

logger = logging.getLogger(__name__)


class SharedCache(RedisCache):
    """Django's Redis cache with a memory of this process's own behind it."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _ServerOrMemory

    def answers(self) -> bool:
        """Whether the server itself takes and gives, now."""
        try:
            client = self._cache.get_client(None, write=True)
            return bool(client.set("answers", 1, ex=10) and client.get("answers") == b"1")
        except _IS_AWAY:
            return False


class Json:
    """Values as JSON, numbers as they are: Django's pickles would run what somebody else put onto the server."""

    def dumps(self, obj: Any) -> int | bytes:
        return obj if type(obj) is int else json.dumps(obj).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


class _ServerOrMemory:
    """The operations of Django's Redis client. What a process remembers meanwhile, the others do not know."""

    _away_until = 0.0

    def __init__(self, servers: list[str], **options: Any) -> None:
        self.server = RedisCacheClient(servers, serializer=f"{__name__}.Json", **options)
        self._memory = LocMemCache("while the shared cache is away", {})

    def get_client(self, key: str | None = None, *, write: bool = False) -> Redis:
        """The server's own client, which does not hide that it is away."""
        client: Redis = self.server.get_client(key, write=write)
        return client

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def perform(*arguments: Any) -> Any:
            if time.monotonic() >= _ServerOrMemory._away_until:
                try:
                    return getattr(self.server, operation)(*arguments)
                except _IS_AWAY as problem:
                    _ServerOrMemory._away_until = time.monotonic() + _ASK_AGAIN_AFTER
                    logger.warning("The cache is not answering, each process remembers for itself: %s", problem)
            return getattr(self._memory, operation)(*arguments)

        return perform
