"""What reads evidence outside of the database: the verifier of bundles, as somebody runs it, and lines of witnesses."""

import base64
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from audit.bundle import verifier
from audit.chain import BEGINNING, canonical, checkpoint_line, event_hash, inclusion_path, leaf, root_of, signed_part
from audit.verification.witnesses import signed
from evidence.fuzz_inputs import contents, documents, texts
from evidence.fuzz_parsers import Parser

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_PUBLIC = _KEY.public_key().public_bytes_raw()
_KEY_ID = verifier.key_id_of(_PUBLIC)
_TEXT = b"<p>Vous acceptez.</p>"
_WHICH = {"terms": hashlib.sha256(_TEXT).hexdigest(), "language": "fr", "province": "QC"}
_FRAGMENT = b"<p>Conditions</p>"
_DISPLAY = hashlib.sha256(_FRAGMENT).hexdigest()
_ACCEPTED = {"device_holder": "customer", "display": _DISPLAY, "scrolled_to_end": True}
_CORRECTION = {"correction": "5", "field": "city"}
_AT = "2026-11-20T15:00:00.000000+00:00"


def _sign(part: bytes) -> str:
    return base64.b64encode(_KEY.sign(part)).decode()


def _events() -> Iterator[dict[str, Any]]:
    told: tuple[tuple[str, dict[str, Any]], ...] = (
        ("terms_shown", {**_WHICH, "display": _DISPLAY}),
        ("terms_accepted", {**_WHICH, **_ACCEPTED}),
        ("answered", {"attempt": 1, "outcome": "approved"}),
        ("correction_noted", _CORRECTION),
    )
    last = BEGINNING
    for number, (name, detail) in enumerate(told, 1):
        who = {"actor": "person", "actor_id": "7", "merchant_id": "1", "subject_id": "9", "subject_type": "application"}
        event = {**who, "at": _AT, "detail": detail, "name": name, "previous": last, "sequence": number}
        last = event_hash(event)
        yield {**event, "hash": last}


def _bundle() -> dict[str, bytes]:
    events = list(_events())
    leaves = [leaf("application", "9", len(events), events[-1]["hash"]), leaf("person", "7", 1, BEGINNING)]
    checkpoint: dict[str, Any] = {
        "at": _AT,
        "key_id": _KEY_ID,
        "leaves": 2,
        "number": 1,
        "previous": BEGINNING,
        "up_to": 9,
    }
    checkpoint["root"] = root_of(leaves)
    checkpoint["signature"] = _sign(signed_part(checkpoint))
    proof = {"checkpoint": 1, "event": len(events), "index": 0, "path": inclusion_path(leaves, 0)}
    display = {"sha256": _DISPLAY, "file": "terms/fr.fragment", "page": "terms/fr.displayed.html"}
    record = {
        "answers": {"city": "M…"},
        "application": {"erased_at": None},
        "terms": [{"sha256": _WHICH["terms"], "file": "terms/fr.bytes", "displays": [display]}],
        "acceptances": [{**_WHICH, **_ACCEPTED, "displayed_at": _AT, "accepted_at": _AT}],
        "consents": [],
        "attempts": [{"number": 1, "outcome": "approved"}],
        "corrections": [{"id": _CORRECTION["correction"], "field": _CORRECTION["field"], "noted_at": _AT}],
    }
    files = {
        "events.jsonl": b"\n".join(map(canonical, events)),
        "checkpoints.jsonl": checkpoint_line(checkpoint),
        "proofs.json": json.dumps([proof]).encode(),
        "keys.json": json.dumps({_KEY_ID: base64.b64encode(_PUBLIC).decode()}).encode(),
        "record.json": json.dumps(record).encode(),
        "terms/fr.bytes": _TEXT,
        "terms/fr.fragment": _FRAGMENT,
        "terms/fr.displayed.html": b"<main>" + _FRAGMENT + b"</main>",
    }
    return {**files, "manifest.json": _manifest(files)}


def _manifest(files: Mapping[str, bytes]) -> bytes:
    listed = {name: {"bytes": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()} for name in files}
    about = {"kind": verifier.BUNDLE_KIND, "subject_type": "application", "subject_id": "9", "files": listed}
    manifest = {**about, "key_id": _KEY_ID}
    return canonical({**manifest, "signature": _sign(canonical(manifest))})


def _zipped(files: Mapping[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(f"evidence/{name}"), data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


_FILES = _bundle()
_WITNESS = _FILES["checkpoints.jsonl"]
_ZIP = _zipped(_FILES)


def _changed_file(name: str) -> SearchStrategy[tuple[str, bytes]]:
    data = _FILES[name]
    if name.startswith("terms"):
        return st.tuples(st.just(name), contents(data))
    lines = [json.loads(line) for line in data.split(b"\n")]
    several = documents(*lines) if len(lines) == 1 else st.lists(documents(*lines), max_size=4).map(b"\n".join)
    return st.tuples(st.just(name), several)


def _verify(given: tuple[list[tuple[str, bytes]], bytes | None, bool, bool]) -> None:
    """Whatever was changed is found. `forged`: the changed files are listed under a good signature."""
    changes, witness, has_key, forged = given
    files = {**_FILES, **dict(changes)}
    if forged and "manifest.json" not in dict(changes):
        files["manifest.json"] = _manifest({name: files[name] for name in files if name != "manifest.json"})
    bundle = verifier.Bundle(files, [_PUBLIC] if has_key else [], witness)
    report = bundle.verify()
    for language in (0, 1):
        told = verifier.text_of(bundle, language)
        told.encode()
        assert ("OK" if language == 0 else "CONFORME") in told
    if not forged and _said_in(files) != _said_in(_FILES):
        assert report.findings
    if files == _FILES and witness is None:
        assert not report.findings


def _said_in(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest is signed by what it says: spaces and the order of names do not count in it."""
    try:
        return {**files, "manifest.json": json.loads(files["manifest.json"])}
    except (ValueError, RecursionError):
        return dict(files)


def _verify_file(given: tuple[bytes, bytes, str]) -> None:
    """As somebody runs it: a result or a complaint, and an exit code that fits."""
    content, witness, key = given
    with tempfile.TemporaryDirectory() as folder, _quiet() as (out, err):
        bundle, kept = Path(folder, "bundle.zip"), Path(folder, "witness.jsonl")
        bundle.write_bytes(content)
        kept.write_bytes(witness)
        code = verifier.main([str(bundle), "--witness", str(kept), f"--public-key={key}"])
        assert (code, bool(err.getvalue()), bool(out.getvalue())) in {
            *((0, False, True), (1, False, True), (2, True, False))
        }


@contextmanager
def _quiet() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        yield out, err


def _witness_line(line: bytes) -> None:
    told = signed(line)
    assert told is None or checkpoint_line(told) == line


_CHANGES = st.lists(st.sampled_from(sorted(_FILES)).flatmap(_changed_file), max_size=2)
_SHORT = st.sampled_from((base64.b64encode(_PUBLIC).decode(),)) | texts(base64.b64encode(_PUBLIC).decode())

PARSERS = (
    Parser(
        "evidence bundles, taken apart",
        4,
        st.tuples(_CHANGES, st.none() | documents(json.loads(_WITNESS)), st.booleans(), st.booleans()),
        _verify,
    ),
    Parser(
        "evidence bundles, as files",
        4,
        st.tuples(contents(_ZIP), st.just(_WITNESS) | contents(_WITNESS), _SHORT),
        _verify_file,
    ),
    Parser("lines of witnesses", 15, documents(json.loads(_WITNESS)), _witness_line),
)
