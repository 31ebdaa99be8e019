"""The verifier says OK only of a bundle as it was exported, names what was changed, and needs nothing but Python."""

import ast
import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audit import chain
from audit.bundle import verifier
from audit.bundle.verifier import Bundle
from audit.bundle.writing import complete, verifier_source, write
from audit.models import Event
from tests.audit.bundle.conftest import DIGEST, Made
from tests.audit.test_chain import EVENT, LEAVES

Files = dict[str, bytes]
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def changed(files: Files, name: str, old: bytes, new: bytes) -> Files:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def listed_anew(files: Files) -> Files:
    """By somebody who adapts the list of files too, without the key."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: {"bytes": len(content), "sha256": verifier.sha256(content)}
        for name, content in files.items()
        if name != "manifest.json"
    }
    return {**files, "manifest.json": chain.canonical(manifest)}


# As it was exported


def test_bundle_as_it_was_exported_is_ok(made: Made) -> None:
    assert made.found() == []
    report = made.verified()
    assert report.cautions == []
    assert any("3 events" in english for english, _ in report.said)
    assert any("it vouches for events 1 to 3" in english for english, _ in report.said)


def test_events_are_told_in_both_languages(made: Made) -> None:
    english, french = (list(told) for told in zip(*made.verified().shown, strict=True))
    assert f"terms shown: French, QC, SHA-256 {DIGEST}" in english[0]
    assert f"conditions affichées\u00a0: français, QC, SHA-256 {DIGEST}" in french[0]
    assert "all of its 3 words were on the page" in english[0]
    assert "ses 3 mots étaient tous sur la page" in french[0]
    assert "the customer held the device; the end was on the screen" in english[1]
    assert "le client tenait l’appareil; la fin a été affichée à l’écran" in french[1]
    assert "answer to attempt 1: approved" in english[2]
    assert "signed by" in english[2]


def test_every_text_is_there_in_both_languages() -> None:
    more = (verifier.OUTCOMES, verifier.HOLDERS, verifier.KINDS, verifier.WHOLE, verifier.SCROLLED, verifier.WHY)
    for english, french in [*verifier.WORDS.values(), *(said for texts in more for said in texts.values())]:
        assert placeholders(english) == placeholders(french)
        assert english
        assert french != english


def placeholders(text: str) -> list[str]:
    return sorted(part.partition("}")[0] for part in text.split("{")[1:])


# Independent of the portal, and in agreement with it


def test_canonical_form_and_hashes_agree_with_the_portal() -> None:
    event = {**EVENT, "actor": 'Zoë “Ω” \u2028 \U0001f341 \\ "', "detail": {"b": [], "a": {"é": None}, "n": -1}}
    checkpoint: dict[str, Any] = {name: f"é {name}" for name in chain.SIGNED} | {"signature": "x", "number": 7}
    assert verifier.canonical(event) == chain.canonical(event)
    assert verifier.event_hash(event) == chain.event_hash(event)
    head = {**event, "hash": "ff"}
    assert verifier.leaf_of(head) == chain.leaf(event["subject_type"], event["subject_id"], event["sequence"], "ff")
    assert verifier.signed_part(checkpoint) == chain.signed_part(checkpoint)
    assert verifier.checkpoint_line(checkpoint) == chain.checkpoint_line(checkpoint)
    assert (verifier.BEGINNING, sorted(verifier.HASHED)) == (chain.BEGINNING, sorted(chain.HASHED))


def test_every_way_to_a_root_is_followed_and_no_other() -> None:
    leaves = [bytes.fromhex(value) for value in LEAVES] + [bytes([number]) for number in range(5)]
    for count in range(1, len(leaves) + 1):
        root = chain.root_of(leaves[:count])
        for index in range(count):
            path = chain.inclusion_path(leaves[:count], index)
            assert verifier.root_by_path(leaves[index], index, count, path) == root
            assert verifier.root_by_path(leaves[index] + b"x", index, count, path) != root
            assert verifier.root_by_path(leaves[index], index, count, [*path, root]) == ""
            assert count == 1 or verifier.root_by_path(leaves[index], index, count, path[:-1]) != root
    assert verifier.root_by_path(b"", 1, 1, []) == verifier.root_by_path(b"", -1, 1, []) == ""


def test_verifier_is_one_file_for_python_3_9_with_nothing_but_its_library() -> None:
    tree = ast.parse(verifier_source(), feature_version=(3, 9))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else name.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported <= sys.stdlib_module_names


def run(folder: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """On a Python without any package."""
    command = [sys.executable, "-I", "-S", str(folder / "verify.py"), *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)


def unpacked(files: Files, folder: Path) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def test_verifier_runs_on_a_bare_python_from_anywhere(made: Made, tmp_path: Path) -> None:
    folder = unpacked(made.files, tmp_path / "bundle")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    told = run(folder, cwd=elsewhere)
    assert (told.returncode, told.stderr) == (0, "")
    assert "OK in itself" in told.stdout
    assert "CONFORME en soi" in told.stdout
    assert "WHO signed was not checked" in told.stdout
    assert "No witness was compared" in told.stdout
    (elsewhere / "witness.jsonl").write_bytes(made.witness)
    key = base64.b64encode(made.keys[0]).decode()
    told = run(folder, "--public-key", key, "--witness", str(elsewhere / "witness.jsonl"), "--language", "fr")
    assert told.returncode == 0
    assert "CONFORME\u00a0: rien n’a été changé" in told.stdout
    assert "QUI a signé" not in told.stdout
    assert "Aucun témoin" not in told.stdout
    assert "OK" not in told.stdout


def test_verifier_names_what_was_changed_and_fails(made: Made, tmp_path: Path) -> None:
    folder = unpacked(made.files, tmp_path)
    (folder / "index.html").write_bytes(b"<p>Otherwise.</p>")
    told = run(folder)
    assert told.returncode == 1
    assert "index.html: it is not as it was exported" in told.stdout
    assert "index.html\u00a0: le fichier n’est pas tel qu’il a été exporté" in told.stdout
    assert "NOT OK: 1 finding." in told.stdout
    assert "OK in itself" not in told.stdout


def test_verifier_reads_the_zip_file_too(made: Made, tmp_path: Path) -> None:
    path = tmp_path / "bundle.zip"
    write(path, made.files, folder="evidence-1", at=timezone.now())
    folder = unpacked({"verify.py": verifier_source()}, tmp_path / "other")
    assert run(folder, str(path)).returncode == 0
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        write(path, made.files, folder="evidence-1", at=timezone.now())


@pytest.mark.parametrize("arguments", [["nowhere.zip"], ["--public-key", "short"], ["--witness", "nowhere.jsonl"]])
def test_what_cannot_be_read_at_all_is_neither_ok_nor_changed(tmp_path: Path, arguments: list[str]) -> None:
    told = run(unpacked({"verify.py": verifier_source()}, tmp_path), *arguments, cwd=tmp_path)
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_damaged_zip_file_is_a_complaint_and_no_traceback(made: Made, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "bundle.zip"
    write(path, made.files, folder="evidence-1", at=timezone.now())
    whole = path.read_bytes()
    for place in range(30, len(whole), len(whole) // 200):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        assert verifier.main([str(path)]) in (0, 1, 2)
        told = capsys.readouterr()
        assert bool(told.out) != bool(told.err)


# Changed


@pytest.mark.parametrize(
    "name", ["index.html", "verify.py", "record.json", "terms/fr.bytes", "keys.json", "proofs.json", "events.jsonl"]
)
def test_file_that_was_changed_is_named(made: Made, name: str) -> None:
    files = {**made.files, name: made.files[name] + b"\n "}
    assert f"{name}: it is not as it was exported" in made.found(files)


@pytest.mark.parametrize("name", ["index.html", "events.jsonl", "checkpoints.jsonl", "keys.json", "proofs.json"])
def test_file_that_is_missing_is_named(made: Made, name: str) -> None:
    assert f"{name}: the file is missing" in made.found({key: made.files[key] for key in made.files if key != name})


def test_file_that_was_added_is_named(made: Made) -> None:
    assert made.found({**made.files, "terms/other.html": b""}) == ["terms/other.html: it is no part of the bundle"]
    assert made.found({**made.files, "terms/.DS_Store": b""}) == []


def test_list_of_files_that_was_adapted_is_found_by_its_signature(made: Made) -> None:
    files = listed_anew({**made.files, "index.html": b"<p>Otherwise.</p>"})
    assert made.found(files) == ["manifest.json: its signature does not fit"]


def without_line(number: int) -> Callable[[bytes], bytes]:
    def cut(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        del lines[number]
        return b"".join(lines)

    return cut


def exchanged(content: bytes) -> bytes:
    first, second, *rest = content.splitlines(keepends=True)
    return b"".join([second, first, *rest])


def rehashed(content: bytes) -> bytes:
    """The last event told otherwise, with a hash that fits."""
    *lines, last = content.splitlines()
    event = json.loads(last)
    event["detail"]["outcome"] = "declined"
    event["hash"] = chain.event_hash(event)
    return b"\n".join([*lines, chain.canonical(event)])


ADDED = b'"corrections": [{"id": "1", "field": "email", "noted_at": "2026-01-01T00:00:00+00:00"}'
ERASED = b'"erased_at": "2026-01-01T00:00:00+00:00"'


@pytest.mark.parametrize(
    ("name", "change", "finding"),
    [
        ("events.jsonl", lambda it: it.replace(b'"fr"', b'"en"', 1), "event 1: its hash does not fit what it says"),
        ("events.jsonl", without_line(1), "event 2: event 3 is in its place"),
        ("events.jsonl", without_line(-1), "proofs.json, checkpoint 4: it is about something that is not here"),
        ("events.jsonl", exchanged, "event 1: event 2 is in its place"),
        ("events.jsonl", rehashed, "proofs.json, checkpoint 4: event 3 does not lead to what was signed"),
        ("events.jsonl", lambda it: it.replace(b"{", b"{ ", 1), "event 1: it is not in its canonical form"),
        ("events.jsonl", lambda _: b"[]\n", "events.jsonl: it cannot be read as what it should be"),
        ("checkpoints.jsonl", without_line(1), "checkpoint 4: it does not follow from the checkpoint before"),
        ("checkpoints.jsonl", without_line(-1), ""),
        ("checkpoints.jsonl", lambda it: it.replace(b'"leaves":5', b'"leaves":6', 1), "its signature does not fit"),
        ("proofs.json", lambda _: b"[]", "event 3: no checkpoint covers it"),
        ("proofs.json", lambda it: it.replace(b'"index": ', b'"index": 1', 1), "does not lead to what was signed"),
        ("keys.json", lambda it: it.replace(b'": "', b'": "AAAA', 1), "keys.json: it cannot be read"),
        ("record.json", lambda it: it.replace(b"customer", b"associate"), "no event tells of acceptance 1"),
        ("record.json", lambda it: it.replace(b'"displayed_at": "2', b'"displayed_at": "1'), "was shown at that time"),
        ("record.json", lambda it: it.replace(b"approved", b"declined"), "no event tells of this answer to attempt 1"),
        ("record.json", lambda it: it.replace(b'end": true', b'end": null'), "no event tells of acceptance 1"),
        ("record.json", lambda it: it.replace(b'"corrections": [', ADDED), "no event tells of correction 1"),
        ("record.json", lambda it: it.replace(b'"erased_at": null', ERASED), "no event tells that it was erased"),
        ("terms/fr.bytes", lambda it: it.replace(b"acceptez", b"refusez"), f"it is not the text {DIGEST}"),
        ("terms/fr.fragment", lambda it: it.replace(b"acceptez", b"refusez"), "not what the events say was on the"),
    ],
)
def test_tampering_is_named_also_where_the_list_was_adapted(
    made: Made, name: str, change: Callable[[bytes], bytes], finding: str
) -> None:
    files = {**made.files, name: change(made.files[name])}
    assert files[name] != made.files[name]
    found = made.found(listed_anew(files))
    assert "manifest.json: its signature does not fit" in found
    assert any(finding in one for one in found), found


def test_history_signed_with_another_key_is_found_with_the_right_one(made: Made, settings: Any) -> None:
    right, settings.AUDIT_SIGNING_KEY = made.keys, KEY
    last = Event.objects.filter(detail__has_key="outcome").get()
    files = {name: made.files[name] for name in made.files if name not in ("manifest.json", "verify.py")}
    keys = json.loads(files["keys.json"])
    own = verifier.key_id_of(key_of(KEY))
    files["keys.json"] = json.dumps({**keys, own: base64.b64encode(key_of(KEY)).decode()}).encode()
    forged = complete(files, last, at=timezone.now())
    assert made.found(forged, given_keys=[]) == []
    assert made.found(forged, given_keys=right) == [f"manifest.json: it is signed with key {own}, which was not given"]


def key_of(secret: str) -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret)).public_key().public_bytes_raw()


# Witnesses


def test_witness_with_another_checkpoint_disagrees(made: Made) -> None:
    other = made.witness.replace(b'"leaves":5', b'"leaves":4')
    assert "checkpoints.jsonl, checkpoint 3: the witness has another one" in made.found(witness=other)


def test_witness_whose_disk_was_full_once_agrees_with_what_it_was_given_again(made: Made) -> None:
    first, *others = made.witness.splitlines(keepends=True)
    assert made.found(witness=first[:200] + b"\n" + first + b"".join(others)) == []


def test_witness_with_nothing_in_common_is_no_agreement(made: Made) -> None:
    first = made.witness.splitlines()[0]
    assert made.found(witness=first) == ["--witness: it has none of these checkpoints: nothing was compared"]
    assert made.found(witness=b"no json") == ["--witness: it cannot be read as what it should be"]


def test_witness_who_only_has_the_next_checkpoint_vouches_for_those_before(made: Made) -> None:
    *_, last = made.files["checkpoints.jsonl"].splitlines()
    following = {**json.loads(last), "number": 6, "previous": chain.line_hash(last)}
    told = chain.checkpoint_line(following)
    assert made.found(witness=told) == []
    assert made.found(witness=told.replace(chain.line_hash(last).encode(), b"0" * 64)) == [
        "checkpoints.jsonl, checkpoint 5: the witness goes on from another one"
    ]


def test_witness_of_the_first_part_vouches_for_no_more(made: Made) -> None:
    report = made.verified(witness=b"\r\n".join(made.witness.splitlines()[:3]))
    assert report.findings == []
    assert any("it vouches for events 1 to 2" in english for english, _ in report.said)


def test_terms_that_are_no_longer_kept_are_a_caution(made: Made) -> None:
    facts = json.loads(made.files["record.json"])
    facts["terms"] = []
    report = made.verified({**made.files, "record.json": json.dumps(facts).encode()})
    assert report.cautions[0][0] == f"The bytes of the terms {DIGEST} are not in this bundle."
    assert os.linesep not in report.cautions[0][1]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("record.json", b'"terms/fr.bytes"', b"true"),
        ("proofs.json", b'"checkpoint":', b'"checkpoint":1e999,"other":'),
        ("proofs.json", b"[", b"[" * 100_000),
    ],
)
def test_bundle_that_holds_something_else_than_it_should_is_told(made: Made, name: str, old: bytes, new: bytes) -> None:
    bundle = Bundle(changed(made.files, name, old, new), made.keys, None)
    bundle.verify()
    assert f"{name}: it is not as it was exported" in verifier.text_of(bundle, 0)


def test_page_that_shows_the_terms_otherwise_is_a_caution(made: Made) -> None:
    report = made.verified({**made.files, "terms/fr.displayed.html": b"<main></main>"})
    assert report.cautions[0][0] == (
        "terms/fr.displayed.html shows it otherwise than it was; what was on the screen is in terms/fr.fragment."
    )


def test_numbers_are_said_as_each_language_does() -> None:
    assert [verifier.counted(number, "text") for number in (0, 1, 2)] == ["0 texts", "1 text", "2 texts"]
    assert [verifier.counted(number, "texte", 1) for number in (0, 1, 2)] == ["0 texte", "1 texte", "2 textes"]


def test_forged_bundle_cannot_write_over_the_result(made: Made) -> None:
    bundle = Bundle({**made.files, "x\x1b[2J\nOK": b""}, made.keys, None)
    bundle.verify()
    told = verifier.text_of(bundle, 0)
    assert "x\ufffd[2J\ufffdOK: it is no part of the bundle" in told
    assert "\x1b" not in told
