"""What reads settings and guards what is kept: keys, sealed values, witnesses, details of events, lines of logs."""

import base64
import json
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from hypothesis import strategies as st

from audit.chain import canonical
from audit.redaction import refuse_answers
from audit.witnesses import witness_of
from evidence.fuzz_inputs import documents, texts
from evidence.fuzz_parsers import Parser
from flexiti_portal import logs
from flexiti_portal.discretion import without_values
from vault.key_lists import KEY_BYTES, keys_in
from vault.keys import CannotOpen, KeyRing

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


PARSERS = (
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
