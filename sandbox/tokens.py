"""Bearer tokens: 40 hex digits, 1,200 seconds, refreshed before expiry only (vendor doc 000, contract §2)."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from sandbox.errors import expired_token, invalid_refresh_token, invalid_token

SCOPES = ("merchant", "customer")
DEFAULT_LIFE = 1200.0

_KIND = "bearer"


@dataclass(frozen=True)
class Token:
    """An access token, the refresh token given with it, and until when (monotonic seconds) both are good."""

    access_token: str
    refresh_token: str
    client_id: str
    scope: str
    life: float
    expires_at: float

    def as_json(self) -> dict[str, object]:
        """The success body of vendor doc 000."""
        return {
            "token_type": _KIND,
            "access_token": self.access_token,
            "expires_in": int(self.life) if self.life == int(self.life) else self.life,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
        }


class TokenBook:
    """Every token that was issued and has not been forgotten. Safe under threads."""

    def __init__(self, life: float = DEFAULT_LIFE, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._clock = clock
        self._first_life = life
        self.life = life
        self._by_access: dict[str, Token] = {}
        self._by_refresh: dict[str, Token] = {}

    def issue(self, client_id: str, scope: str) -> Token:
        """A new token for this client and scope."""
        with self._lock:
            self._forget_long_expired()
            return self._issue(client_id, scope)

    def refresh(self, refresh_token: str, client_id: str, *, rotate: bool, after_expiry: bool) -> Token:
        """A new token for an unexpired one of the same client and scope; with `rotate` the refresh token works once.

        Raises a 400 `invalid_grant` refusal. `after_expiry` is the older text's reading, where an expired token
        can still be refreshed.
        """
        with self._lock:
            old = self._by_refresh.get(refresh_token)
            if old is None or old.client_id != client_id:
                raise invalid_refresh_token()
            if self._clock() >= old.expires_at and not after_expiry:
                raise invalid_refresh_token()
            if rotate:
                del self._by_refresh[refresh_token]
            return self._issue(client_id, old.scope)

    def check(self, access_token: str) -> Token:
        """The token behind a bearer string. Raises a 401 refusal: unknown, or expired."""
        with self._lock:
            token = self._by_access.get(access_token)
            if token is None:
                raise invalid_token()
            if self._clock() >= token.expires_at:
                raise expired_token()
            return token

    def expire_all(self) -> int:
        """Every token issued so far has expired now; returns how many."""
        with self._lock:
            now = self._clock()
            for token in list(self._by_access.values()):
                expired = replace(token, expires_at=min(token.expires_at, now))
                self._by_access[token.access_token] = expired
                if token.refresh_token in self._by_refresh:
                    self._by_refresh[token.refresh_token] = expired
            return len(self._by_access)

    def revoke(self, client_id: str) -> int:
        """Every token of this client is unknown from now on; returns how many access tokens that were."""
        with self._lock:
            for refresh_token in [name for name, token in self._by_refresh.items() if token.client_id == client_id]:
                del self._by_refresh[refresh_token]
            revoked = [name for name, token in self._by_access.items() if token.client_id == client_id]
            for access_token in revoked:
                del self._by_access[access_token]
            return len(revoked)

    def reset(self) -> None:
        """Forget every token; tokens live as long as at the start again."""
        with self._lock:
            self.life = self._first_life
            self._by_access.clear()
            self._by_refresh.clear()

    def _issue(self, client_id: str, scope: str) -> Token:
        token = Token(
            access_token=secrets.token_hex(20),
            refresh_token=secrets.token_hex(20),
            client_id=client_id,
            scope=scope,
            life=self.life,
            expires_at=self._clock() + self.life,
        )
        self._by_access[token.access_token] = token
        self._by_refresh[token.refresh_token] = token
        return token

    def _forget_long_expired(self) -> None:
        """Keep memory bounded: an hour after its end a token is unknown instead of expired."""
        limit = self._clock() - 3600
        for token in [t for t in self._by_access.values() if t.expires_at < limit]:
            del self._by_access[token.access_token]
            self._by_refresh.pop(token.refresh_token, None)
