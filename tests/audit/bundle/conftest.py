"""A small bundle about a group of users: three events of its own, among those of others, in three checkpoints."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from audit.bundle.proofs import chain_of, proof_files
from audit.bundle.verifier import Bundle, Report
from audit.bundle.writing import complete
from audit.checkpoints import catch_up
from audit.events import record
from audit.models import Checkpoint
from audit.names import EventName
from audit.signing import public_keys
from tests.audit.test_checkpoints import append

TERMS = b"<h1>Conditions</h1><p>Vous acceptez.</p>"
DIGEST = hashlib.sha256(TERMS).hexdigest()
SCREEN = b"<h2>Conditions</h2><p>Vous acceptez.</p>"
DISPLAY = hashlib.sha256(SCREEN).hexdigest()
WHICH = {"terms": DIGEST, "language": "fr", "province": "QC"}
HELD = {"device_holder": "customer", "display": DISPLAY, "scrolled_to_end": True}
DISPLAYED = {"sha256": DISPLAY, "file": "terms/fr.fragment", "page": "terms/fr.displayed.html"}


@dataclass
class Made:
    """The files of a bundle as they were exported, and what a witness has."""

    files: dict[str, bytes]
    witness: bytes = b""
    keys: list[bytes] = field(default_factory=list)

    def verified(self, files: dict[str, bytes] | None = None, **options: Any) -> Report:
        given = {"given_keys": self.keys, "witness": self.witness} | options
        return Bundle(files or self.files, **given).verify()

    def found(self, files: dict[str, bytes] | None = None, **options: Any) -> list[str]:
        """What is found, in English: where, and what."""
        return [f"{where[0]}: {what[0]}" for where, what in self.verified(files, **options).findings]


def happened(group: Group, name: EventName, detail: dict[str, Any]) -> str:
    """Record one event with others around it, and make a checkpoint; when it was."""
    append("a", "b", "c")
    event = record(name, subject=group, merchant_id="", by=None, detail=detail)
    append("d")
    catch_up()
    return event.at.isoformat(timespec="microseconds")


@pytest.fixture
def made(db: None) -> Made:
    group = Group.objects.create(name="subject")
    append("before")
    catch_up()
    shown = happened(group, EventName.TERMS_SHOWN, {**WHICH, "display": DISPLAY, "complete": True, "words": 3})
    accepted = happened(group, EventName.TERMS_ACCEPTED, {**WHICH, **HELD})
    happened(group, EventName.ANSWERED, {"attempt": 1, "outcome": "approved"})
    append("after")
    catch_up()
    facts = {
        "application": {"erased_at": None},
        "terms": [{"sha256": DIGEST, "file": "terms/fr.bytes", "displays": [DISPLAYED]}],
        "acceptances": [{**WHICH, **HELD, "displayed_at": shown, "accepted_at": accepted}],
        "consents": [],
        "answers": {},
        "attempts": [{"number": 1, "outcome": "approved"}],
        "corrections": [],
    }
    events = chain_of(group)
    files = {**proof_files(events), "record.json": json.dumps(facts).encode(), "terms/fr.bytes": TERMS}
    files |= {"terms/fr.fragment": SCREEN, "terms/fr.displayed.html": b"<main>" + SCREEN + b"</main>"}
    whole = complete({**files, "index.html": b"<p>In words.</p>"}, events[-1], at=timezone.now())
    lines = [one.line() + b"\n" for one in Checkpoint.objects.order_by("number")]
    return Made(whole, b"".join(lines), list(public_keys().values()))
