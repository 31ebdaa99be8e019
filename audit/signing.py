"""Signing checkpoints, and knowing whose signature one is (Ed25519).

`SigningKey` is all that the rest knows of the private key: a class with the same three members that asks a key
management service takes its place in `signing_key`.
"""

import base64
import binascii
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_KEY_BYTES = 32


class SigningKey:
    """A private key that signs and is not shown. `public` are its 32 public bytes, `key_id` is their short name."""

    def __init__(self, secret: bytes) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(secret)
        self.public = self._private.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public)

    def __repr__(self) -> str:
        return f"<SigningKey {self.key_id}>"

    def sign(self, message: bytes) -> str:
        """The signature in base64."""
        return base64.b64encode(self._private.sign(message)).decode()


def signing_key() -> SigningKey:
    """The key of `AUDIT_SIGNING_KEY`; raises `ImproperlyConfigured`."""
    return _signing_key(settings.AUDIT_SIGNING_KEY)


def is_signed_by(key_id: str, signature: str, message: bytes) -> bool | None:
    """Whether this key signed the message; None when the key is neither ours nor one of `AUDIT_PUBLIC_KEYS`."""
    public = _public_keys(signing_key().public, tuple(settings.AUDIT_PUBLIC_KEYS)).get(key_id)
    if public is None:
        return None
    try:
        public.verify(base64.b64decode(signature, validate=True), message)
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def public_keys() -> dict[str, bytes]:
    """The keys that signatures are checked with, by their ids: our own first, then those of `AUDIT_PUBLIC_KEYS`."""
    known = _public_keys(signing_key().public, tuple(settings.AUDIT_PUBLIC_KEYS))
    return {key_id: public.public_bytes_raw() for key_id, public in known.items()}


def key_id_of(public: bytes) -> str:
    """Half of a public key's SHA-256: enough to tell keys apart, never enough to trust one."""
    return hashlib.sha256(public).hexdigest()[:32]


@lru_cache(maxsize=4)
def _signing_key(encoded: str) -> SigningKey:
    secret = _decoded("AUDIT_SIGNING_KEY", encoded)
    if len(set(secret)) == 1:
        raise ImproperlyConfigured("AUDIT_SIGNING_KEY repeats a single byte. Give base64 of 32 random bytes.")
    return SigningKey(secret)


@lru_cache(maxsize=4)
def _public_keys(own: bytes, former: tuple[str, ...]) -> dict[str, Ed25519PublicKey]:
    known = [own, *(_decoded("AUDIT_PUBLIC_KEYS", encoded) for encoded in former)]
    return {key_id_of(public): Ed25519PublicKey.from_public_bytes(public) for public in known}


def _decoded(variable: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != _KEY_BYTES:
        raise ImproperlyConfigured(f"{variable} is not base64 of {_KEY_BYTES} bytes.")
    return key
