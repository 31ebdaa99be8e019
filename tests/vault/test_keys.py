import base64
import os

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vault.keys import CannotOpen, KeyRing, keyring


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


KEY_1, KEY_2 = bytes(range(32)), bytes(range(32, 64))
RING = KeyRing({"k1": KEY_1})
unhurried = hypothesis_settings(deadline=None)  # machines with busy cores
CONTEXTS = st.text(st.characters(codec="utf-8"), min_size=1)


@unhurried
@given(st.binary(max_size=500), CONTEXTS)
def test_seal_round_trip(plaintext: bytes, context: str) -> None:
    assert RING.open(RING.seal(plaintext, context=context), context=context) == plaintext


@unhurried
@given(st.binary(max_size=40), st.data())
def test_open_refuses_any_changed_character(plaintext: bytes, data: st.DataObject) -> None:
    token = RING.seal(plaintext, context="here")
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters(max_codepoint=255).filter(lambda character: character != token[at]))
    with pytest.raises(CannotOpen):
        RING.open(token[:at] + other + token[at + 1 :], context="here")


def test_open_refuses_every_changed_bit() -> None:
    token = RING.seal(b"a short secret", context="here")
    head, raw = token.rpartition(".")[0], base64.urlsafe_b64decode(token.rpartition(".")[2])
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(CannotOpen):
            RING.open(f"{head}.{base64.urlsafe_b64encode(changed).decode()}", context="here")


@unhurried
@given(st.binary(max_size=40), st.data())
def test_open_refuses_a_shortened_or_lengthened_token(plaintext: bytes, data: st.DataObject) -> None:
    token = RING.seal(plaintext, context="here")
    with pytest.raises(CannotOpen):
        RING.open(token[: data.draw(st.integers(0, len(token) - 1))], context="here")
    with pytest.raises(CannotOpen):
        RING.open(token + data.draw(st.text(st.characters(max_codepoint=127), min_size=1)), context="here")


@unhurried
@given(CONTEXTS, CONTEXTS)
def test_open_refuses_another_context(sealed_for: str, opened_for: str) -> None:
    token = RING.seal(b"a secret", context=sealed_for)
    if sealed_for != opened_for:
        with pytest.raises(CannotOpen):
            RING.open(token, context=opened_for)


@unhurried
@given(st.text())
def test_open_refuses_whatever_is_no_token(token: str) -> None:
    with pytest.raises(CannotOpen):
        RING.open(token, context="here")


def test_seal_twice_differs() -> None:
    assert RING.seal(b"same", context="here") != RING.seal(b"same", context="here")


def test_seal_needs_a_context() -> None:
    with pytest.raises(ValueError, match="context"):
        RING.seal(b"a secret", context="")


def test_token_names_version_and_key() -> None:
    assert RING.seal(b"a secret", context="here").startswith("v1.k1.")


def test_newest_key_seals_and_older_keys_still_open() -> None:
    old = RING.seal(b"a secret", context="here")
    ring = KeyRing({"k2": KEY_2, "k1": KEY_1})
    assert ring.open(old, context="here") == b"a secret"
    assert ring.seal(b"a secret", context="here").startswith("v1.k2.")


def test_open_with_a_retired_key_names_the_key() -> None:
    token = RING.seal(b"a secret", context="here")
    with pytest.raises(CannotOpen, match="'k1', which is not in VAULT_KEYS"):
        KeyRing({"k2": KEY_2}).open(token, context="here")


def test_open_with_a_different_key_of_the_same_name() -> None:
    with pytest.raises(CannotOpen):
        KeyRing({"k1": KEY_2}).open(RING.seal(b"a secret", context="here"), context="here")


def test_repr_shows_no_key() -> None:
    assert repr(KeyRing({"k2": KEY_2, "k1": KEY_1})) == "<KeyRing k2,k1>"


def test_keyring_reads_settings_with_spaces_and_urlsafe_keys(settings: pytest.FixtureRequest) -> None:
    urlsafe = base64.urlsafe_b64encode(b"\xff" * 31 + b"\x00").decode()
    settings.VAULT_KEYS = f"k2:{urlsafe}, k1:{encoded(KEY_1)} "
    assert keyring().primary_id == "k2"
    assert keyring().open(RING.seal(b"a secret", context="here"), context="here") == b"a secret"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", "does not start with a key id"),
        (encoded(KEY_1), "entry 1 does not start with a key id"),
        (f"K 1:{encoded(KEY_1)}", "entry 1 does not start with a key id"),
        (f"k1:{encoded(KEY_1)},", "entry 2 does not start with a key id"),
        ("k1:", "key 'k1' is 0 bytes long"),
        ("k1:not base64!", "key 'k1' is not base64"),
        (f"k1:{encoded(KEY_1)[:-1]}", "key 'k1' is not base64"),
        (f"k1:{encoded(KEY_1[:16])}", "key 'k1' is 16 bytes long, not 32"),
        (f"k1:{encoded(bytes(32))}", "key 'k1' repeats a single byte"),
        (f"k1:{encoded(KEY_1)},k1:{encoded(KEY_2)}", "key id 'k1' is given twice"),
        (f"k2:{encoded(KEY_1)},k1:{encoded(KEY_1)}", "the same key is given under two ids"),
    ],
)
def test_start_refuses_malformed_keys(settings: pytest.FixtureRequest, value: str, problem: str) -> None:
    settings.VAULT_KEYS = value
    with pytest.raises(ImproperlyConfigured) as refused:
        apps.get_app_config("vault").ready()
    said = str(refused.value)
    assert said.startswith("VAULT_KEYS: ")
    assert problem in said
    assert '"k2:<key>,k1:<key>"' in said
    assert "os.urandom(32)" in said
    assert encoded(KEY_1)[:8] not in said


@pytest.mark.parametrize(
    "value",
    ["", f"{encoded(KEY_1)},{encoded(KEY_2)}", encoded(KEY_1[:31]), encoded(b"a" * 32), f"i1:{encoded(KEY_1)},"],
)
def test_start_refuses_a_malformed_index_key(settings: pytest.FixtureRequest, value: str) -> None:
    settings.VAULT_INDEX_KEY = value
    with pytest.raises(ImproperlyConfigured, match=r"^VAULT_INDEX_KEY: .* base64 of 32 random bytes"):
        apps.get_app_config("vault").ready()


def test_start_accepts_fresh_keys(settings: pytest.FixtureRequest) -> None:
    settings.VAULT_KEYS = f"k1:{encoded(os.urandom(32))}"
    settings.VAULT_INDEX_KEY = encoded(os.urandom(32))
    apps.get_app_config("vault").ready()
