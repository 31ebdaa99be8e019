"""Keyed digests: proof of a value, or a way to find it, without keeping it.

The keys are those of `VAULT_INDEX_KEY`, apart from the keys that encrypt. Purposes and fields are bound into the
digest, so that equal values under different names do not show as equal.

A digest names its key in front (`i2.<hex>`; of a key without an id there is nothing in front). The first key makes
digests, and whoever looks for a value looks for its digests by all of them: so a key can be replaced while the portal
runs. What is kept to be compared later goes into `vault.digest_fields`.
"""

import hashlib
import hmac
from collections.abc import Iterator

from vault.keys import index_keys

_INDEX_HEX_DIGITS = 32


def keyed_digest(data: bytes, *, purpose: str) -> str:
    """HMAC-SHA-256 of the data for one purpose by the first key: its id, and 64 hex digits."""
    return keyed_digests(data, purpose=purpose)[0]


def keyed_digests(data: bytes, *, purpose: str) -> tuple[str, ...]:
    """The digests by every key, the first key's first: the data is what a kept digest is of if that is among them."""
    return tuple(named + digest for named, digest in _hmacs("digest", purpose, data))


def blind_index(field: str, normalised: str) -> str:
    """By the first key: its id, and 128 bits as 32 hex digits; equal for equal normalised values of one field.

    Only for values with many possibilities (phone, e-mail, name with birth date): equality shows by design,
    so a birth date or a province alone could be guessed from how often each digest occurs.
    """
    return blind_indexes(field, normalised)[0]


def blind_indexes(field: str, normalised: str) -> tuple[str, ...]:
    """The indexes by every key, the first key's first: a row with any of them holds the value."""
    return tuple(named + digest[:_INDEX_HEX_DIGITS] for named, digest in _hmacs("index", field, normalised.encode()))


def names_known_key(digest: str) -> bool:
    """Whether the key of this digest is still there, so that it can be compared with anything."""
    return digest.rpartition(".")[0] in index_keys()


def _hmacs(kind: str, name: str, data: bytes) -> Iterator[tuple[str, str]]:
    if not name or "\0" in name:
        raise ValueError("A digest needs a name without a zero byte: what it is a digest of.")
    message = f"{kind}\0{name}\0".encode() + data
    for key_id, key in index_keys().items():
        yield f"{key_id}." if key_id else "", hmac.new(key, message, hashlib.sha256).hexdigest()
