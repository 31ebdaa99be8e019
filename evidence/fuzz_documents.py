"""What reads documents and settings: the lender's HTML, reports of browsers, evidence bundles, keys, witnesses."""

import base64
import hashlib
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from applications.html_text import document_of
from applications.journey.terms_html import decoded, sanitised, sanitised_message, says_something
from applications.monitoring import browser_reports
from applications.visible_words import compared
from audit.bundle import verifier
from audit.chain import BEGINNING, canonical, checkpoint_line, event_hash, inclusion_path, leaf, root_of, signed_part
from audit.redaction import refuse_answers
from audit.verification.witnesses import signed
from audit.witnesses import witness_of
from evidence.fuzz_inputs import PIECES, contents, documents, texts
from evidence.fuzz_parsers import Parser
from flexiti_portal import logs
from flexiti_portal.discretion import without_values
from vault.key_lists import KEY_BYTES, keys_in
from vault.keys import CannotOpen, KeyRing

# HTML

_TERMS = "<h1>Agreement</h1><p>You <b>must</b> pay 31.99&nbsp;% &amp; more.<ol start=4><li>One<li>Two</ol>"
_PARTS = st.sampled_from(
    (
        *re.findall(
            r"<[^>]*>",
            "<p><b></b><h1></h3><h6><h2><a href=https://e.test></a><img alt=Mark src=x onerror=y()><script></script>"
            "<svg></svg><math><style></style><table><tr><td colspan=2></table><select><option><input value=Box>"
            "<textarea></textarea><template></template><noscript></noscript><iframe><plaintext><xmp><title><form>"
            "<base href=//e.test><meta http-equiv=refresh><object><ul><li value=3><p/style=x><ol type=a onload=x>"
            "<mglyph><annotation-xml><foreignObject><frameset><caption><body>",
        ),
        *("<![CDATA[", "]]>", "<!--", "-->", "words ", "&lt;", "& ", "javascript:x"),
    )
) | st.sampled_from(PIECES)
_HTML = st.lists(_PARTS, max_size=14).map("".join) | texts(_TERMS) | texts(_TERMS)
_TAG = re.compile(r"<(/?)([^\s/>]*)([^>]*)>")
_ATTRIBUTES = re.compile(r'(?: (?:start|reversed|type|value|scope|colspan|rowspan)="[^"<]*")*')
_HARMLESS = frozenset(
    "p br hr div span strong em b i u s del ins q small sub sup blockquote pre ul ol li dl dt dd table caption thead "
    "tbody tfoot tr th td h1 h2 h3 h4 h5 h6 col colgroup".split()
)


def _sanitise(html: str) -> None:
    for shown in (str(sanitised(html)), str(sanitised_message(html))):
        for closes, name, attributes in _TAG.findall(shown):
            assert name in _HARMLESS, name
            assert _ATTRIBUTES.fullmatch(attributes), attributes
            assert not (closes and attributes)
        assert "<" not in _TAG.sub("", shown)
        says_something(shown)
    assert sanitised(sanitised(html)) == sanitised(html)


def _compare(html: str) -> None:
    assert len("".join(document_of(html).words)) <= 2 * len(html)
    if document_of(html).words:
        assert compared(html, html).in_order
    compared(html, sanitised(html))


def _decode(given: tuple[bytes, str]) -> None:
    decoded(*given).encode()


# Reports of browsers

_REPORT = {
    "csp-report": {
        "document-uri": "http://127.0.0.1/applications/0123/identity/?x=1",
        "violated-directive": "script-src-elem",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js",
        "source-file": "http://127.0.0.1/static/portal/portal.0123456789ab.js",
        "line-number": 3,
    }
}
_PLACE = re.compile(r"other|/\S*|…\S+|[a-z-]+")


def _browser_report(given: tuple[str, bytes]) -> None:
    content_type, body = given
    try:
        report = browser_reports.read(content_type, body, host="127.0.0.1")
    except browser_reports.NotAReport:
        return
    assert report.directive in browser_reports.DIRECTIVES
    assert all(map(_PLACE.fullmatch, (report.page, report.blocked, report.source)))


# Evidence bundles

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_PUBLIC = _KEY.public_key().public_bytes_raw()
_KEY_ID = verifier.key_id_of(_PUBLIC)
_TEXT = b"<p>Vous acceptez.</p>"
_WHICH = {"terms": hashlib.sha256(_TEXT).hexdigest(), "language": "fr", "province": "QC"}
_AT = "2026-11-20T15:00:00.000000+00:00"


def _sign(part: bytes) -> str:
    return base64.b64encode(_KEY.sign(part)).decode()


def _events() -> Iterator[dict[str, Any]]:
    told = (("terms_shown", _WHICH), ("terms_accepted", {**_WHICH, "device_holder": "customer"}))
    last = BEGINNING
    for number, (name, detail) in enumerate((*told, ("answered", {"attempt": 1, "outcome": "approved"})), 1):
        who = {"actor": "person", "actor_id": "7", "merchant_id": "1", "subject_id": "9", "subject_type": "application"}
        event = {**who, "at": _AT, "detail": detail, "name": name, "previous": last, "sequence": number}
        last = event_hash(event)
        yield {**event, "hash": last}


def _bundle() -> dict[str, bytes]:
    events = list(_events())
    leaves = [leaf("application", "9", 3, events[-1]["hash"]), leaf("person", "7", 1, BEGINNING)]
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
    proof = {"checkpoint": 1, "event": 3, "index": 0, "path": inclusion_path(leaves, 0)}
    acceptance = {**_WHICH, "device_holder": "customer", "displayed_at": _AT, "accepted_at": _AT}
    attempt = {"number": 1, "outcome": "approved"}
    terms = [{"sha256": _WHICH["terms"], "file": "terms/fr.bytes"}]
    record = {"terms": terms, "acceptances": [acceptance], "consents": [], "attempts": [attempt]}
    files = {
        "events.jsonl": b"\n".join(map(canonical, events)),
        "checkpoints.jsonl": checkpoint_line(checkpoint),
        "proofs.json": json.dumps([proof]).encode(),
        "keys.json": json.dumps({_KEY_ID: base64.b64encode(_PUBLIC).decode()}).encode(),
        "record.json": json.dumps(record).encode(),
        "terms/fr.bytes": _TEXT,
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


# Settings

_ONE_KEY = base64.b64encode(bytes(range(KEY_BYTES))).decode()
_OTHER_KEY = base64.urlsafe_b64encode(bytes(range(200, 200 + KEY_BYTES))).decode()
_RING = KeyRing({"k1": bytes(range(KEY_BYTES))})
_TOKEN = _RING.seal(b"answers", context="here")


def _keys(given: tuple[str, bool]) -> None:
    listed, one_without_id = given
    try:
        keys = keys_in(listed, "VAULT_KEYS", one_without_id=one_without_id)
    except ImproperlyConfigured as problem:
        assert _ONE_KEY not in str(problem)
        return
    assert keys
    assert all(len(key) == KEY_BYTES for key in keys.values())


def _open(token: str) -> None:
    try:
        opened = _RING.open(token, context="here")
    except CannotOpen:
        return
    assert (token, opened) == (_TOKEN, b"answers")


def _witness(given: str) -> None:
    try:
        witness = witness_of(given)
    except ImproperlyConfigured:
        return
    assert witness.label
    assert (urlsplit(given).password or "nothing") not in witness.label


def _log_form(form: str) -> None:
    try:
        assert logs.configuration(form, "INFO")["root"]["level"] == "INFO"
    except ImproperlyConfigured:
        assert form not in (logs.JSON, logs.LINES)


def _log_line(text: str) -> None:
    told = without_values(None, "info", {"event": text})["event"]
    assert "claire@example.ca" not in told
    assert "046454286" not in told.split()


def _detail(body: bytes) -> None:
    try:
        detail = json.loads(body)
    except (ValueError, RecursionError):
        return
    if not isinstance(detail, dict):
        return
    try:
        refuse_answers(detail)
    except ValueError:
        return
    assert not detail.keys() & {"sin", "email", "token"}
    canonical(detail)


_CHANGES = st.lists(st.sampled_from(sorted(_FILES)).flatmap(_changed_file), max_size=2)
_SHORT = st.sampled_from((base64.b64encode(_PUBLIC).decode(),)) | texts(base64.b64encode(_PUBLIC).decode())

PARSERS = (
    Parser("HTML made harmless", 40, _HTML, _sanitise),
    Parser("visible words", 30, _HTML, _compare),
    Parser(
        "charsets",
        25,
        st.tuples(contents(b"<meta charset=iso-8859-15>caf\xe9"), texts("text/html; charset=utf-8")),
        _decode,
    ),
    Parser(
        "reports of browsers", 30, st.tuples(st.just("application/csp-report"), documents(_REPORT)), _browser_report
    ),
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
    Parser(
        "details of events", 15, documents({"code": "a", "attempt": 1, "fields": ["dob"], "terms": "0" * 64}), _detail
    ),
    Parser("keys", 35, st.tuples(texts(f"k2:{_ONE_KEY},k1:{_OTHER_KEY}", _ONE_KEY), st.booleans()), _keys),
    Parser("sealed values", 20, texts(_TOKEN), _open),
    Parser(
        "witnesses",
        35,
        texts("file:/var/w.jsonl", "email:e@example.com", "https://u:secret@s.example/{number}.json", "stdout"),
        _witness,
    ),
    Parser("forms of logs", 5, texts("json", "lines"), _log_form),
    Parser("lines of logs", 20, texts("for claire@example.ca to", "of 046454286 at", "GET /x/?q=046454286"), _log_line),
)
