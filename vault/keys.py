"""The keys of the portal, and sealing bytes with them.

A token reads `v1.<key id>.<urlsafe base64 of nonce, ciphertext and tag>` (AES-256-GCM, 96-bit random
nonce). The key id stands in front so that the rows still under an old key are found by a plain query.
Whoever seals names a context, which is authenticated but not stored: a token moved to another place does
not open there.
"""

import base64
import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vault.key_lists import KEY_ID, keys_in
from vault.sources import key_source

VERSION = "v1"
_NONCE_BYTES = 12
_TAG_BYTES = 16


class CannotOpen(Exception):
    """A token was changed, moved to another place, or sealed with a key that is not in the ring."""


class KeyRing:
    """Named 32-byte keys; the first one seals, all of them open."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.ids = tuple(keys)
        self.primary_id = self.ids[0]

    @property
    def prefix(self) -> str:
        """What every token begins with that the first key sealed."""
        return f"{VERSION}.{self.primary_id}."

    def __repr__(self) -> str:
        return f"<KeyRing {','.join(self._ciphers)}>"

    def seal(self, plaintext: bytes, *, context: str) -> str:
        """A token that only `open` with the same context turns back into the plaintext."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.primary_id].encrypt(nonce, plaintext, _associated(context))
        return f"{self.prefix}{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def resealed(self, token: str, *, context: str) -> str:
        """The same plaintext in a token of the first key; raises `CannotOpen`."""
        return self.seal(self.open(token, context=context), context=context)

    def open(self, token: str, *, context: str) -> bytes:
        """The plaintext of a token sealed in this context; raises `CannotOpen`."""
        key_id, nonce, sealed = _parts(token)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise CannotOpen(f"Sealed with key {key_id!r}, which is not in VAULT_KEYS.")
        try:
            return cipher.decrypt(nonce, sealed, _associated(context))
        except InvalidTag:
            raise CannotOpen("The token was changed or does not belong here.") from None


def keyring() -> KeyRing:
    """The ring of `VAULT_KEYS`; raises `ImproperlyConfigured`."""
    return _ring(key_source().encryption_keys())


def encryption_keys() -> Mapping[str, bytes]:
    """The keys of the ring by their ids, in its order; raises `ImproperlyConfigured`."""
    return keys_in(key_source().encryption_keys(), "VAULT_KEYS")


def index_keys() -> Mapping[str, bytes]:
    """The keys of blind indexes and digests (`VAULT_INDEX_KEY`), the first one makes them.

    One may have no id: its digests have none in front. Raises `ImproperlyConfigured`.
    """
    return keys_in(key_source().index_keys(), "VAULT_INDEX_KEY", one_without_id=True)


@lru_cache(maxsize=8)
def _ring(listed: str) -> KeyRing:
    return KeyRing(keys_in(listed, "VAULT_KEYS"))


def _associated(context: str) -> bytes:
    if not context:
        raise ValueError("Sealing needs a context: where the token belongs.")
    return context.encode()


def _parts(token: str) -> tuple[str, bytes, bytes]:
    version, _, rest = token.partition(".")
    key_id, _, encoded = rest.partition(".")
    try:
        raw = base64.urlsafe_b64decode(encoded)
    except ValueError:
        raw = b""
    # Base64 ignores stray characters and spare bits: a changed token must not pass as the same one.
    exact = base64.urlsafe_b64encode(raw).decode() == encoded and len(raw) >= _NONCE_BYTES + _TAG_BYTES
    if version != VERSION or not KEY_ID.fullmatch(key_id) or not exact:
        raise CannotOpen("Not a token of this vault.")
    return key_id, raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
