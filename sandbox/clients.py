"""The merchants this stand-in knows, with the keys of their portal accounts."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from threading import Lock

from sandbox.errors import business


@dataclass(frozen=True)
class ApiClient:
    """One merchant's portal account. The first pair of keys and the sign-in are those of vendor docs 000 and 002."""

    client_id: str
    client_secret: str = field(repr=False)
    merchant_name: str
    merchant_id: str
    merchant_username: str = ""
    merchant_password: str = field(default="", repr=False)

    def check_staff(self, username: object, password: object) -> None:
        """Check the optional sales representative of merchants/login. Raises a 409 `authentication_failure` refusal."""
        if username is None and password is None:
            return
        if not self.merchant_username or (username, password) != (self.merchant_username, self.merchant_password):
            raise business("authentication_failure")


KNOWN = (
    ApiClient(
        "flexitidemo",
        "77xde15a-9d33-4c15-930a-3se4b3as33e9",
        "European Restorations",
        "382",
        "merchantonline",
        "dice-manila-purism",
    ),
    ApiClient("maisonboreale", "5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab", "Maison Boréale", "415"),
)


def parse_client(text: str) -> ApiClient:
    """Read `id:secret:Name:merchant_id` from the command line. Raises ValueError."""
    parts = text.split(":")
    if len(parts) != 4 or not all(parts):
        raise ValueError("a client is written id:secret:Name:merchant_id")
    return ApiClient(*parts)


class Clients:
    """All clients of one instance, by `client_id`; a later one replaces an earlier one. Safe under threads.

    A merchant may have several at a time, as after a new key was made in the portal and before the old one is revoked.
    """

    def __init__(self, extra: Iterable[ApiClient] = ()) -> None:
        self._lock = Lock()
        self._first = {client.client_id: client for client in (*KNOWN, *extra)}
        self._by_id = dict(self._first)

    def get(self, client_id: str) -> ApiClient | None:
        """The client, or None."""
        with self._lock:
            return self._by_id.get(client_id)

    def add(self, client_id: str, client_secret: str, *, of: str) -> ApiClient:
        """Another key for the merchant of the client `of`, or a new secret for one it has. Raises KeyError."""
        with self._lock:
            client = replace(self._by_id[of], client_id=client_id, client_secret=client_secret)
            self._by_id[client_id] = client
            return client

    def revoke(self, client_id: str) -> None:
        """This key is not known any more. Raises KeyError."""
        with self._lock:
            del self._by_id[client_id]

    def all(self) -> list[ApiClient]:
        """Every key there is now."""
        with self._lock:
            return list(self._by_id.values())

    def reset(self) -> None:
        """Back to those of the start."""
        with self._lock:
            self._by_id = dict(self._first)
