"""Keyed digests: proof of a value, or a way to find it, without keeping it.

The key is `VAULT_INDEX_KEY`, apart from the keys that encrypt. Purposes and fields are bound into the
digest, so that equal values under different names do not show as equal.
"""

import hashlib
import hmac

from vault.keys import index_key

_INDEX_HEX_DIGITS = 32


def keyed_digest(data: bytes, *, purpose: str) -> str:
    """HMAC-SHA-256 of the data for one purpose, 64 hex digits."""
    return _hmac("digest", purpose, data)


def blind_index(field: str, normalised: str) -> str:
    """128 bits as 32 hex digits, equal for equal normalised values of one field and telling nothing else.

    Only for values with many possibilities (phone, e-mail, name with birth date): equality shows by design,
    so a birth date or a province alone could be guessed from how often each digest occurs.
    """
    return _hmac("index", field, normalised.encode())[:_INDEX_HEX_DIGITS]


def _hmac(kind: str, name: str, data: bytes) -> str:
    if not name or "\0" in name:
        raise ValueError("A digest needs a name without a zero byte: what it is a digest of.")
    return hmac.new(index_key(), f"{kind}\0{name}\0".encode() + data, hashlib.sha256).hexdigest()
