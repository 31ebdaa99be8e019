"""The keys of the portal, and sealing bytes with them.

A token reads `v1.<key id>.<urlsafe base64 of nonce, ciphertext and tag>` (AES-256-GCM, 96-bit random
nonce). The key id stands in front so that the rows still under an old key are found by a plain query.
Whoever seals names a context, which is authenticated but not stored: a token moved to another place does
not open there.
"""

import base64
import binascii
import os
import re
from collections.abc import Mapping
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

VERSION = "v1"
KEY_BYTES = 32
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[a-z0-9_-]{1,16}")
_MAKE_ONE = 'python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())"'


class CannotOpen(Exception):
    """A token was changed, moved to another place, or sealed with a key that is not in the ring."""


class KeyRing:
    """Named 32-byte keys; the first one seals, all of them open."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.primary_id = next(iter(keys))

    def __repr__(self) -> str:
        return f"<KeyRing {','.join(self._ciphers)}>"

    def seal(self, plaintext: bytes, *, context: str) -> str:
        """A token that only `open` with the same context turns back into the plaintext."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._ciphers[self.primary_id].encrypt(nonce, plaintext, _associated(context))
        return f"{VERSION}.{self.primary_id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

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
    return _ring(settings.VAULT_KEYS)


def index_key() -> bytes:
    """The key of blind indexes and digests (`VAULT_INDEX_KEY`); raises `ImproperlyConfigured`."""
    return _decoded_key(settings.VAULT_INDEX_KEY, variable="VAULT_INDEX_KEY", which="it")


@lru_cache(maxsize=8)
def _ring(listed: str) -> KeyRing:
    keys: dict[str, bytes] = {}
    for position, entry in enumerate(listed.split(","), start=1):
        key_id, colon, encoded = entry.strip().partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id):
            raise _misconfigured("VAULT_KEYS", f"entry {position} does not start with a key id and a colon")
        if key_id in keys:
            raise _misconfigured("VAULT_KEYS", f"key id {key_id!r} is given twice")
        keys[key_id] = _decoded_key(encoded, variable="VAULT_KEYS", which=f"key {key_id!r}")
    if len(set(keys.values())) < len(keys):
        raise _misconfigured("VAULT_KEYS", "the same key is given under two ids")
    return KeyRing(keys)


def _decoded_key(encoded: str, *, variable: str, which: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), altchars=b"-_" if set(encoded) & set("-_") else None, validate=True)
    except (binascii.Error, ValueError):
        raise _misconfigured(variable, f"{which} is not base64") from None
    if len(key) != KEY_BYTES:
        raise _misconfigured(variable, f"{which} is {len(key)} bytes long, not {KEY_BYTES}")
    if len(set(key)) == 1:
        raise _misconfigured(variable, f"{which} repeats a single byte")
    return key


def _misconfigured(variable: str, problem: str) -> ImproperlyConfigured:
    form = '"k2:<key>,k1:<key>", the newest first, each key' if variable == "VAULT_KEYS" else "one key,"
    return ImproperlyConfigured(
        f"{variable}: {problem}. Give {form} the base64 of {KEY_BYTES} random bytes, made with: {_MAKE_ONE}"
    )


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
    if version != VERSION or not _KEY_ID.fullmatch(key_id) or not exact:
        raise CannotOpen("Not a token of this vault.")
    return key_id, raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
