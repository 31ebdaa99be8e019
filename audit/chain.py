"""What binds evidence together, in plain Python: whoever checks an export needs this file and nothing installed.

Every event holds the hash of the event before it in its subject's chain, so that no event in the middle can be changed
alone. A checkpoint holds the root of a Merkle tree (RFC 6962) over the heads of the chains that changed, so that none
can be changed as a whole. These definitions stand for ever: what was written under them must still be provable.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

# What stands where nothing came before.
BEGINNING = "0" * 64
# Everything of an event but its number in the table and the hash itself.
HASHED = (
    "actor",
    "actor_id",
    "at",
    "detail",
    "merchant_id",
    "name",
    "previous",
    "sequence",
    "subject_id",
    "subject_type",
)
# What a checkpoint signs. `kind` keeps the key's signatures under anything else from passing as a checkpoint.
CHECKPOINT_KIND = "audit-checkpoint-1"
SIGNED = ("at", "key_id", "leaves", "number", "previous", "root", "up_to")
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: Any) -> bytes:
    """The one way to write a value: JSON with sorted keys, without spaces, in UTF-8."""
    return _ENCODER.encode(value).encode()


def written(moment: datetime) -> str:
    """A moment as it is hashed: ISO 8601 in UTC, always with microseconds. Raises ValueError without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is no moment.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def event_hash(event: Mapping[str, Any]) -> str:
    """SHA-256, in hex, over all of `HASHED`; `at` is text as `written` gives it."""
    return hashlib.sha256(canonical({name: event[name] for name in HASHED})).hexdigest()


def leaf(subject_type: str, subject_id: str, sequence: int, last_hash: str) -> bytes:
    """The head of one chain, as it goes into the tree."""
    return canonical([subject_type, subject_id, sequence, last_hash])


class Tree:
    """The root of a Merkle tree over leaves that come one after the other, in memory for a few dozen hashes."""

    def __init__(self) -> None:
        self.count = 0
        self._full: list[tuple[int, bytes]] = []

    def add(self, one: bytes) -> None:
        node = (1, hashlib.sha256(b"\0" + one).digest())
        while self._full and self._full[-1][0] == node[0]:
            size, left = self._full.pop()
            node = (2 * size, _joined(left, node[1]))
        self._full.append(node)
        self.count += 1

    def root(self) -> str:
        """In hex; of no leaves, the hash of nothing."""
        if not self._full:
            return hashlib.sha256().hexdigest()
        *others, (_, right) = self._full
        for _, left in reversed(others):
            right = _joined(left, right)
        return right.hex()


def root_of(leaves: Iterable[bytes]) -> str:
    """The root over leaves in their order."""
    tree = Tree()
    for one in leaves:
        tree.add(one)
    return tree.root()


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[str]:
    """What leads from one leaf to the root, in hex, from below: the audit path of RFC 6962, 2.1.1."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"There is no leaf {index} of {len(leaves)}.")
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)  # the largest power of two below their number
    if index < half:
        return [*inclusion_path(leaves[:half], index), root_of(leaves[half:])]
    return [*inclusion_path(leaves[half:], index - half), root_of(leaves[:half])]


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def signed_part(checkpoint: Mapping[str, Any]) -> bytes:
    """What the signature is made over; `at` is text as `written` gives it."""
    return canonical({"kind": CHECKPOINT_KIND} | {name: checkpoint[name] for name in SIGNED})


def checkpoint_line(checkpoint: Mapping[str, Any]) -> bytes:
    """A whole signed checkpoint, as witnesses keep it: one line without its end."""
    return canonical(
        {"kind": CHECKPOINT_KIND, "signature": checkpoint["signature"]} | {name: checkpoint[name] for name in SIGNED}
    )


def line_hash(line: bytes) -> str:
    """What the next checkpoint holds of this one."""
    return hashlib.sha256(line).hexdigest()
