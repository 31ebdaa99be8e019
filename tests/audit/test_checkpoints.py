"""Checkpoints sign the heads of the chains that changed, one after the other."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from audit import checkpoints
from audit.chain import BEGINNING, checkpoint_line, line_hash, root_of, signed_part
from audit.checkpoints import AlwaysAppending, catch_up
from audit.checks import messages_to_witnesses_can_be_sent
from audit.events import record
from audit.models import Checkpoint, Event, EvidenceIsAppendOnly
from audit.names import EventName
from audit.signing import is_signed_by, signing_key


def append(*subjects: str) -> None:
    for subject in subjects:
        group, _ = Group.objects.get_or_create(name=subject)
        record(EventName.VIEWED, subject=group, merchant_id="", by=None)


def heads(checkpoint: Checkpoint) -> list[tuple[str, int]]:
    """Name of the subject and number of its last event."""
    leaves = [json.loads(line) for line in checkpoint.heads.split("\n")]
    return sorted((Group.objects.get(pk=leaf[1]).name, leaf[2]) for leaf in leaves)


def test_checkpoint_covers_the_chains_that_changed(db: None) -> None:
    append("a", "b", "a")
    (first,) = catch_up()
    append("b", "c")
    (second,) = catch_up()
    assert (heads(first), heads(second)) == ([("a", 2), ("b", 1)], [("b", 2), ("c", 1)])
    assert (first.number, first.leaves, first.previous) == (1, 2, BEGINNING)
    assert (second.number, second.leaves, second.previous) == (2, 2, line_hash(first.line()))
    assert second.up_to == Event.objects.latest("id").pk
    assert catch_up() == []


def test_signature_can_be_checked_with_the_public_key_alone(db: None, capsys: Any) -> None:
    append("a")
    (made,) = catch_up()
    call_command("audit_checkpoint", public_key=True)
    shown = capsys.readouterr().out
    told = json.loads(Checkpoint.objects.get().line())
    Ed25519PublicKey.from_public_bytes(base64.b64decode(shown.split()[0])).verify(
        base64.b64decode(told["signature"]), signed_part(told)
    )
    assert made.key_id in shown
    assert told["root"] == root_of(line.encode() for line in made.heads.split("\n"))
    assert checkpoint_line(told) == made.line()


def test_many_events_become_several_checkpoints(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "EVENTS_AT_MOST", 2)
    append("a", "b", "a", "c", "a")
    assert [heads(made) for made in catch_up()] == [[("a", 1), ("b", 1)], [("a", 2), ("c", 1)], [("a", 3)]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_checkpoint_waits_for_what_is_being_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its event has a lower number than one that is committed before it."""
    monkeypatch.setattr(checkpoints, "_TIMES", 1)

    def elsewhere() -> None:
        with transaction.atomic():
            append("b")
        with pytest.raises(AlwaysAppending):
            catch_up()
        connection.close()

    with transaction.atomic():
        append("a")
        with ThreadPoolExecutor(1) as thread:
            thread.submit(elsewhere).result()
    assert [heads(made) for made in catch_up()] == [[("a", 1), ("b", 1)]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_another_process_leaves_uncovered_is_covered(monkeypatch: pytest.MonkeyPatch) -> None:
    """It makes the same number, of less, between the reading and the insert."""
    with transaction.atomic():
        append("a", "b", "c")
    least = Event.objects.earliest("id").pk

    def elsewhere() -> None:
        checkpoints._next(least)
        connection.close()

    def overtaken() -> Any:
        monkeypatch.setattr(checkpoints, "signing_key", signing_key)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(elsewhere).result()
        return signing_key()

    monkeypatch.setattr(checkpoints, "signing_key", overtaken)
    assert [(made.number, heads(made)) for made in catch_up()] == [(2, [("b", 1), ("c", 1)])]


def test_whoever_is_overtaken_all_the_time_says_so(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    append("a")
    tried = []

    def save(checkpoint: Checkpoint) -> None:
        tried.append(checkpoint.number)
        raise IntegrityError("taken")

    monkeypatch.setattr(Checkpoint, "save", save)
    with pytest.raises(IntegrityError, match="taken"):
        catch_up()
    assert 1 < len(tried) < 100


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit_checkpoint SET root = ''", "DELETE FROM audit_checkpoint", "DELETE FROM audit_checkpoint WHERE 1=1"],
)
def test_checkpoint_is_append_only(db: None, sql: str) -> None:
    append("a")
    (made,) = catch_up()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    for change in (made.save, made.delete, Checkpoint.objects.all().delete):
        with pytest.raises(EvidenceIsAppendOnly):
            change()


def test_signatures_of_a_former_key_still_count(db: None, settings: Any) -> None:
    append("a")
    (made,) = catch_up()
    former = signing_key()
    signed = (made.key_id, made.signature, signed_part(json.loads(made.line())))
    settings.AUDIT_SIGNING_KEY = base64.b64encode(bytes(range(32))).decode()
    assert is_signed_by(*signed) is None
    settings.AUDIT_PUBLIC_KEYS = [base64.b64encode(former.public).decode()]
    assert is_signed_by(*signed) is True
    assert is_signed_by(made.key_id, made.signature, b"something else") is False
    assert is_signed_by(made.key_id, "no base64", signed[2]) is False


@pytest.mark.parametrize("value", ["", "short", "é", base64.b64encode(b"x" * 32).decode()])
def test_signing_key_that_cannot_be_one_is_refused(settings: Any, value: str) -> None:
    settings.AUDIT_SIGNING_KEY = value
    with pytest.raises(ImproperlyConfigured, match=r"^AUDIT_SIGNING_KEY"):
        signing_key()


def test_witness_by_mail_needs_a_mail_server(settings: Any) -> None:
    settings.AUDIT_WITNESSES = ["email:evidence@example.com"]
    assert [problem.id for problem in messages_to_witnesses_can_be_sent()] == ["audit.E001"]
    settings.EMAIL_URL = "smtp://mail.example:25"
    assert messages_to_witnesses_can_be_sent() == []
