"""The chain of one subject, and what leads from it to what was signed."""

import base64
import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import models

from audit.chain import canonical, inclusion_path, root_of
from audit.events import timeline
from audit.linking import as_hashed
from audit.models import Checkpoint, Event
from audit.signing import public_keys

Files = dict[str, bytes]
_AT_ONCE = 100  # lists of heads, two megabytes each at most


class NothingSigned(Exception):
    """No checkpoint covers this subject, so that nothing can be proved of it."""


def chain_of(subject: models.Model) -> list[Event]:
    """Its events up to the newest checkpoint. Raises NothingSigned."""
    newest = Checkpoint.newest()
    events = list(timeline(subject).filter(id__lte=newest.up_to)) if newest else []
    if not events:
        raise NothingSigned("No checkpoint covers any event of this.")
    return events


def proof_files(events: Sequence[Event]) -> Files:
    """What a verifier needs of the audit room, for the events of one subject in their order."""
    proofs = list(_proofs(events))
    first = min(proof["checkpoint"] for proof in proofs)
    lines = (one.line() for one in Checkpoint.objects.defer("heads").filter(number__gte=first).order_by("number"))
    keys = {key_id: base64.b64encode(public).decode() for key_id, public in public_keys().items()}
    return {
        "events.jsonl": _as_lines(canonical({**as_hashed(event), "hash": event.hash}) for event in events),
        "checkpoints.jsonl": _as_lines(lines),
        "proofs.json": json.dumps(proofs, indent=1).encode(),
        "keys.json": json.dumps(keys, indent=1).encode(),
    }


def _proofs(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """For every checkpoint that tells of this chain, the way from its leaf to the root; nothing here is believed.

    All are read, whatever the numbers of the events say: a chain that was made anew, and signed again by the next
    checkpoint, still stands otherwise in an earlier one. Where a list of heads was changed, or lacks what it should
    have, its proof leads nowhere, and the verifier says so.
    """
    last = events[-1]
    own = canonical([last.subject_type, last.subject_id])[:-1] + b","
    expected = _covering(events)
    for checkpoint in Checkpoint.objects.order_by("number").iterator(_AT_ONCE):
        leaves = checkpoint.heads.encode().split(b"\n")
        index = next((place for place, one in enumerate(leaves) if one.startswith(own)), None)
        proof = {"checkpoint": checkpoint.number}
        if index is not None:
            path = inclusion_path(leaves, index)
            yield {**proof, "event": json.loads(leaves[index])[2], "index": index, "path": path}
        elif checkpoint.number in expected or root_of(leaves) != checkpoint.root:
            yield {**proof, "event": expected.get(checkpoint.number, last).sequence, "index": 0, "path": []}


def _covering(events: Sequence[Event]) -> dict[int, Event]:
    """The checkpoints that have to tell of this chain, and which event each."""
    sections = list(Checkpoint.objects.order_by("up_to").values_list("up_to", "number"))
    return {sections[bisect_left(sections, (event.pk, 0))][1]: event for event in events}


def _as_lines(lines: Iterator[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)
