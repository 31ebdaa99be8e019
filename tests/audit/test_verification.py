"""`audit_verify` says OK only of what is whole, and names what is not. Tampering as such: tests/evidence_measures."""

import base64
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from audit.models import Checkpoint, Standing
from audit.tasks import checkpoint
from audit.verification import Kind, verify
from audit.witnesses import File
from evidence.chains import change, delete, events_of, raw, unguarded
from tests.audit.test_checkpoints import append


@pytest.fixture
def kept(db: None, settings: Any, tmp_path: Path) -> Path:
    """Two checkpoints, which a file has too, and an event since; no trigger refuses anything any more."""
    settings.AUDIT_WITNESSES = [f"file:{tmp_path}"]
    for subjects in ("ab", "ba"):
        append(*subjects)
        checkpoint()
    append("a")
    unguarded()
    return tmp_path / "checkpoints.jsonl"


def verified(capsys: Any, **options: Any) -> tuple[str, str]:
    """What the command says, as standard output and error; "" as error when it says OK."""
    capsys.readouterr()
    with suppress(SystemExit):
        call_command("audit_verify", **options)
    told = capsys.readouterr()
    assert ("OK" in told.out) is (told.err == "")
    return told.out, told.err


def test_whole_evidence_is_ok_and_agreed_with(kept: Path, capsys: Any) -> None:
    told, _ = verified(capsys)
    assert "5 events in 2 chains, 2 checkpoints, 1 event since" in told
    assert f"Witnesses that agree: file:{kept.parent}" in told


def test_record_that_was_changed_is_named(kept: Path, capsys: Any) -> None:
    event = raw().order_by("id")[0]
    change(event, actor="Somebody Else")
    with pytest.raises(SystemExit, match="1"):
        call_command("audit_verify")
    assert f"edited: auth.group {event.subject_id}, event 1:" in verified(capsys)[1]


def test_very_many_records_that_were_changed_are_named_before_long(kept: Path) -> None:
    """Looking for each one's place among all the others would take hours."""
    with transaction.atomic():
        append(*"c" * 800)
    chain = raw().filter(subject_id=raw().order_by("-id")[0].subject_id)
    chain.update(actor="Somebody Else")
    began = time.process_time()
    findings = verify().findings
    assert {finding.kind for finding in findings} == {Kind.EDITED}
    assert len(findings) == 800
    assert time.process_time() - began < 8


def test_event_after_the_last_checkpoint_is_checked_too(kept: Path, capsys: Any) -> None:
    event = events_of(("auth.group", raw().order_by("-id")[0].subject_id))[-1]
    change(event, actor="Somebody Else")
    assert f"edited: auth.group {event.subject_id}, event 3:" in verified(capsys)[1]


def test_witness_that_cannot_be_read_is_no_agreement(kept: Path, capsys: Any) -> None:
    kept.unlink()
    assert "witness cannot be read: file:" in verified(capsys)[1]


def test_witness_without_what_it_was_given_is_no_agreement(kept: Path, capsys: Any) -> None:
    kept.write_bytes(kept.read_bytes().splitlines(keepends=True)[0])
    assert "it was given checkpoint 2 and shows no later one than 1" in verified(capsys)[1]


def test_witness_whose_line_was_changed_is_no_agreement(kept: Path, capsys: Any) -> None:
    kept.write_bytes(kept.read_bytes().replace(b'"leaves":2', b'"leaves":3'))
    assert "not signed by a key that is known" in verified(capsys)[1]


def test_witness_whose_line_cannot_be_read_is_no_agreement(kept: Path, capsys: Any) -> None:
    kept.write_bytes(b"[" * 100_000 + b"\n" + kept.read_bytes())
    assert "1 lines are not signed by a key that is known" in verified(capsys)[1]


def test_writing_that_broke_off_is_no_alarm(kept: Path, capsys: Any) -> None:
    """A full disk keeps the beginning of a line; the witness is given the whole one next time."""
    kept.write_bytes(kept.read_bytes()[:-100])
    Standing.objects.update(number=1)
    checkpoint()
    assert len(kept.read_bytes().splitlines()) == 4
    assert "Witnesses that agree" in verified(capsys)[0]


def test_witness_that_was_told_another_course_since_knows_the_first_one(kept: Path, capsys: Any) -> None:
    """An older copy is put in place, and somebody gives the witness what the portal signed after it."""
    delete(raw(Checkpoint).filter(number=2))
    delete(raw().filter(id__gt=Checkpoint.objects.get().up_to))
    Standing.objects.update(number=1)
    append("a")
    checkpoint()
    assert len(kept.read_bytes().splitlines()) == 2  # it takes none that does not follow from what it has
    kept.write_bytes(kept.read_bytes() + Checkpoint.objects.get(number=2).line() + b"\n")
    assert f"rolled back: checkpoint 2 at file:{kept.parent}" in verified(capsys)[1]


def test_checkpoint_that_is_signed_while_evidence_is_read_is_no_alarm(kept: Path) -> None:
    class AskedLater(File):
        def lines(self, newest: int) -> Iterator[bytes]:
            checkpoint()
            return super().lines(newest)

    report = verify([AskedLater(str(kept))])
    assert (Checkpoint.objects.count(), report.checkpoints) == (3, 2)
    assert report.findings == []


def test_witness_that_is_given_by_hand_is_asked_too(kept: Path, capsys: Any, settings: Any) -> None:
    settings.AUDIT_WITNESSES = ["stdout"]
    delete(raw(Checkpoint).filter(number=2))
    delete(raw().filter(id__gt=Checkpoint.objects.get().up_to))
    Standing.objects.all().delete()
    told, error = verified(capsys)
    assert "OK, but no witness was asked." in told
    assert "stdout cannot be asked from here" in told
    _, error = verified(capsys, witness=[f"file:{kept}"])
    assert f"checkpoint 2 at file:{kept}" in error


def test_checkpoint_that_is_gone_is_named(kept: Path, capsys: Any) -> None:
    delete(raw(Checkpoint).filter(number=1))
    assert "deleted: checkpoint 1:" in verified(capsys)[1]


def test_signature_of_an_unknown_key_is_not_ok(kept: Path, capsys: Any, settings: Any) -> None:
    settings.AUDIT_SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
    assert "no key that is known signed it" in verified(capsys)[1]
