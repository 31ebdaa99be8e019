"""Access tokens: 20 minutes of life, renewed ahead of time, by one caller at a time (vendor docs 000-002).

What is left of a token's life is told by the store that keeps it, so that all who share the store agree, however far
apart their own clocks are. No time of the server's is read, and no time of day of ours.
"""

import re
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self

from posapi.calls import Answer, Call, Request
from posapi.credentials import Credentials
from posapi.errors import TOKEN, PosApiError
from posapi.interpretation import understand
from posapi.reading import Json, NotUnderstood, amount, needed, object_of, text

# The vendor advises 60 s (contract §2). The rest is the longest the token call itself may take.
RENEW_BEFORE_SECONDS = 60 + 15
_HEADER_SAFE = re.compile(r"[!-~]{1,4000}")


@dataclass(frozen=True, repr=False)
class Token:
    """An access token with what is needed to renew it. `life_seconds` is its life when it was given."""

    access_token: str
    refresh_token: str
    life_seconds: float
    issued_for: str

    def __repr__(self) -> str:
        return "<Token>"

    def to_json(self) -> dict[str, Any]:
        """JSON types, for a store that keeps tokens outside this process. Encrypt it there."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The token that `to_json` wrote."""
        return cls(**kept)


@dataclass(frozen=True)
class KeptToken:
    """A token as its store gives it, with the seconds of life it has left."""

    token: Token
    remaining: float

    @property
    def is_fresh(self) -> bool:
        """Whether it need not be renewed yet; a very short life counts as fresh for its first half."""
        life = self.token.life_seconds
        return self.remaining > (RENEW_BEFORE_SECONDS if life > RENEW_BEFORE_SECONDS else life / 2)


class TokenStore(Protocol):
    """Where tokens are kept between calls. Keys name a client at an environment and hold no secret."""

    def get(self, key: str) -> KeptToken | None:
        """The token kept under this key and what is left of its life, or None."""

    def put(self, key: str, token: Token, remaining: float) -> None:
        """Keep a token for the `remaining` seconds of its life."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """Held by the one caller that fetches a token, so that the others wait and then find it.

        Raises NotReachable when that one takes longer than a caller can wait.
        """


class InMemoryTokens:
    """Tokens for the threads of one process. `clock`: seconds, never set back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tokens: dict[str, tuple[Token, float]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: str) -> KeptToken | None:
        """The token kept under this key and what is left of its life, or None."""
        if key not in self._tokens:
            return None
        token, ends_at = self._tokens[key]
        return KeptToken(token, ends_at - self._clock())

    def put(self, key: str, token: Token, remaining: float) -> None:
        """Keep a token until another takes its place."""
        self._tokens[key] = token, self._clock() + remaining

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """One lock per key."""
        with self._guard:
            return self._locks.setdefault(key, threading.Lock())


class Tokens:
    """The current token of one client: kept, renewed ahead of its end, replaced when refused."""

    def __init__(self, credentials: Credentials, store: TokenStore, send: Callable[[Request], Answer]) -> None:
        self._credentials = credentials
        self._store = store
        self._send = send

    def current(self, reference_id: str) -> Token:
        """A token with life left, fetched only if need be."""
        kept = self._kept()
        if kept and kept.is_fresh:
            return kept.token
        with self._store.lock(self._credentials.key):
            kept = self._kept()
            if kept and kept.is_fresh:
                return kept.token
            return self._renewed(kept, reference_id) or self._new(reference_id)

    def replace(self, refused: Token, reference_id: str) -> Token:
        """A token other than the one the API refused: somebody else's newer one, or a new one."""
        with self._store.lock(self._credentials.key):
            kept = self._kept()
            if kept and kept.token.access_token != refused.access_token and kept.is_fresh:
                return kept.token
            return self._new(reference_id)

    def _kept(self) -> KeptToken | None:
        kept = self._store.get(self._credentials.key)
        return kept if kept and kept.token.issued_for == self._credentials.fingerprint else None

    def _renewed(self, kept: KeptToken | None, reference_id: str) -> Token | None:
        """By refresh token, which works only before the end (vendor doc 000); None when that is refused."""
        if not kept or not kept.token.refresh_token or kept.remaining <= 0:
            return None
        try:
            return self._fetched(self._renewal(kept.token), reference_id)
        except PosApiError as problem:
            if problem.http_status is None or not 400 <= problem.http_status < 500:
                raise
        return None

    def _new(self, reference_id: str) -> Token:
        return self._fetched(self._grant(grant_type="client_credentials"), reference_id)

    def _renewal(self, kept: Token) -> Call:
        return self._grant(grant_type="refresh_token", refresh_token=kept.refresh_token)

    def _grant(self, **fields: str) -> Call:
        return Call(TOKEN, "POST", TOKEN, form={**self._identity(), **fields}, repeatable=True)

    def _fetched(self, call: Call, reference_id: str) -> Token:
        """Ask for a token and keep it. Its life may have begun as early as the moment we asked."""
        request = Request(call, reference_id)
        asked_at = time.monotonic()
        token = understand(request, self._send(request), lambda answer: self._read(answer.json()))
        taken = time.monotonic() - asked_at
        self._store.put(self._credentials.key, token, token.life_seconds - taken)
        return token

    def _identity(self) -> dict[str, str]:
        return {
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "scope": "merchant",
        }

    def _read(self, value: Json) -> Token:
        members = object_of(value)
        life = float(amount(members, "expires_in"))
        if life <= 0:
            raise NotUnderstood("expires_in is not a lifetime")
        return Token(
            access_token=_header_safe(needed(text(members, "access_token"), "access_token")),
            refresh_token=text(members, "refresh_token"),
            life_seconds=life,
            issued_for=self._credentials.fingerprint,
        )


def _header_safe(token: str) -> str:
    if not _HEADER_SAFE.fullmatch(token):
        raise NotUnderstood("access_token cannot travel in a header")
    return token
