"""Access tokens: 20 minutes of life, renewed ahead of time, by one caller at a time (vendor docs 000-002).

Lifetimes are counted by our clock from the moment we asked; no time of the server's is read.
"""

import re
import threading
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
    """An access token with what is needed to renew it. `asked_at` is in seconds of our clock."""

    access_token: str
    refresh_token: str
    asked_at: float
    life_seconds: float
    issued_for: str

    def __repr__(self) -> str:
        return "<Token>"

    def remaining(self, now: float) -> float:
        """Seconds of life left; none if our clock has been set back to before the token."""
        return self.asked_at + self.life_seconds - now if now >= self.asked_at else 0

    def is_fresh(self, now: float) -> bool:
        """Whether it need not be renewed yet; a very short life counts as fresh for its first half."""
        margin = RENEW_BEFORE_SECONDS if self.life_seconds > RENEW_BEFORE_SECONDS else self.life_seconds / 2
        return self.remaining(now) > margin

    def to_json(self) -> dict[str, Any]:
        """JSON types, for a store that keeps tokens outside this process. Encrypt it there."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The token that `to_json` wrote."""
        return cls(**kept)


class TokenStore(Protocol):
    """Where tokens are kept between calls. Keys name a client at an environment and hold no secret."""

    def get(self, key: str) -> Token | None:
        """The token kept under this key, or None."""

    def put(self, key: str, token: Token, ttl: float) -> None:
        """Keep a token for at most `ttl` seconds."""

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """Held by the one caller that fetches a token, so that the others wait and then find it."""


class InMemoryTokens:
    """Tokens for the threads of one process."""

    def __init__(self) -> None:
        self._tokens: dict[str, Token] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._guard = threading.Lock()

    def get(self, key: str) -> Token | None:
        """The token kept under this key, or None."""
        return self._tokens.get(key)

    def put(self, key: str, token: Token, ttl: float) -> None:  # noqa: ARG002 - the token knows its own life
        """Keep a token until another takes its place."""
        self._tokens[key] = token

    def lock(self, key: str) -> AbstractContextManager[Any]:
        """One lock per key."""
        with self._guard:
            return self._locks.setdefault(key, threading.Lock())


class Tokens:
    """The current token of one client: kept, renewed ahead of its end, replaced when refused."""

    def __init__(
        self,
        credentials: Credentials,
        store: TokenStore,
        send: Callable[[Request], Answer],
        clock: Callable[[], float],
    ) -> None:
        self._credentials = credentials
        self._store = store
        self._send = send
        self._clock = clock

    def current(self, reference_id: str) -> Token:
        """A token with life left, fetched only if need be."""
        kept = self._kept()
        if kept and kept.is_fresh(self._clock()):
            return kept
        with self._store.lock(self._credentials.key):
            kept = self._kept()
            if kept and kept.is_fresh(self._clock()):
                return kept
            return self._keep(self._renewed(kept, reference_id) or self._new(reference_id))

    def replace(self, refused: Token, reference_id: str) -> Token:
        """A token other than the one the API refused: somebody else's newer one, or a new one."""
        with self._store.lock(self._credentials.key):
            kept = self._kept()
            if kept and kept.access_token != refused.access_token and kept.is_fresh(self._clock()):
                return kept
            return self._keep(self._new(reference_id))

    def _kept(self) -> Token | None:
        token = self._store.get(self._credentials.key)
        return token if token and token.issued_for == self._credentials.fingerprint else None

    def _keep(self, token: Token) -> Token:
        self._store.put(self._credentials.key, token, token.life_seconds)
        return token

    def _renewed(self, kept: Token | None, reference_id: str) -> Token | None:
        """By refresh token, which works only before the end (vendor doc 000); None when that is refused."""
        if not kept or not kept.refresh_token or kept.remaining(self._clock()) <= 0:
            return None
        try:
            return self._ask(self._renewal(kept), reference_id)
        except PosApiError as problem:
            if problem.http_status is None or not 400 <= problem.http_status < 500:
                raise
        return None

    def _new(self, reference_id: str) -> Token:
        return self._ask(self._grant(grant_type="client_credentials"), reference_id)

    def _renewal(self, kept: Token) -> Call:
        return self._grant(grant_type="refresh_token", refresh_token=kept.refresh_token)

    def _grant(self, **fields: str) -> Call:
        return Call(TOKEN, "POST", TOKEN, form={**self._identity(), **fields}, repeatable=True)

    def _ask(self, call: Call, reference_id: str) -> Token:
        asked_at = self._clock()
        request = Request(call, reference_id)
        return understand(request, self._send(request), lambda answer: self._read(answer.json(), asked_at))

    def _identity(self) -> dict[str, str]:
        return {
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
            "scope": "merchant",
        }

    def _read(self, value: Json, asked_at: float) -> Token:
        members = object_of(value)
        life = float(amount(members, "expires_in"))
        if life <= 0:
            raise NotUnderstood("expires_in is not a lifetime")
        return Token(
            access_token=_header_safe(needed(text(members, "access_token"), "access_token")),
            refresh_token=text(members, "refresh_token"),
            asked_at=asked_at,
            life_seconds=life,
            issued_for=self._credentials.fingerprint,
        )


def _header_safe(token: str) -> str:
    if not _HEADER_SAFE.fullmatch(token):
        raise NotUnderstood("access_token cannot travel in a header")
    return token
