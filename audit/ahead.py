"""Checkpoints that a witness has and the database does not: then it was put back to before they were signed."""

import time
from collections.abc import Collection, Iterator
from contextlib import suppress

from audit.chain import line_hash
from audit.models import Checkpoint
from audit.verification.witnesses import signed
from audit.witnesses import Witness, witnesses

_looked: dict[str, float] = {}


def witness_ahead(left_behind: Collection[str]) -> str:
    """The label of a witness whose newest checkpoint is missing here; empty if there is none.

    left_behind: hashes of checkpoints that are known to be missing. What cannot be asked, or was asked a moment ago,
    tells nothing. It costs the end of a file, and a question to an object store once a minute.
    """
    return next((witness.label for witness in witnesses() if _is_due(witness) and _is_ahead(witness, left_behind)), "")


def missing_here() -> list[str]:
    """The hashes of all checkpoints that witnesses have and the database does not. Reads all of both."""
    told = {line_hash(line) for witness in witnesses() if witness.is_readable for line in _lines(witness)}
    checkpoints = Checkpoint.objects.defer("heads").order_by("number").iterator(500)
    return sorted(told - {line_hash(checkpoint.line()) for checkpoint in checkpoints})


def _is_due(witness: Witness) -> bool:
    now = time.monotonic()
    if now - _looked.get(witness.label, float("-inf")) < witness.seconds_between_looks:
        return False
    _looked[witness.label] = now
    return True


def _is_ahead(witness: Witness, left_behind: Collection[str]) -> bool:
    try:
        line = witness.newest(Checkpoint.newest_number())
    except OSError:
        return False
    told = signed(line) if line else None
    if told is None or line_hash(line) in left_behind:
        return False
    # Looked for after the witness was asked: whatever it was given is committed.
    known = Checkpoint.objects.defer("heads").filter(number=told["number"]).first()
    return known is None or known.line() != line


def _lines(witness: Witness) -> Iterator[bytes]:
    with suppress(OSError):
        yield from witness.lines(Checkpoint.newest_number())
