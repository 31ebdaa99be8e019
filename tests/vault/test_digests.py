import base64

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vault.digests import blind_index, blind_indexes, keyed_digest, keyed_digests, names_known_key

unhurried = hypothesis_settings(deadline=None)  # machines with busy cores
NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


def test_keyed_digest_is_stable_and_keyed(settings: pytest.FixtureRequest) -> None:
    before = keyed_digest(b"exactly what was sent", purpose="snapshot")
    assert before == keyed_digest(b"exactly what was sent", purpose="snapshot")
    assert len(before) == 64
    settings.VAULT_INDEX_KEY = base64.b64encode(bytes(range(32))).decode()
    assert before != keyed_digest(b"exactly what was sent", purpose="snapshot")


def test_blind_index_is_128_bits_of_hex() -> None:
    assert len(blind_index("phone", "+14165550100")) == 32
    assert int(blind_index("phone", "+14165550100"), 16) > 0


@unhurried
@given(NAMES, st.text(st.characters(codec="utf-8")), NAMES, st.text(st.characters(codec="utf-8")))
def test_blind_index_is_equal_only_for_the_same_field_and_value(a: str, x: str, b: str, y: str) -> None:
    assert (blind_index(a, x) == blind_index(b, y)) == ((a, x) == (b, y))


def test_blind_index_keeps_field_and_value_apart() -> None:
    assert blind_index("phone", "1416") != blind_index("phone1", "416")


def test_blind_index_cannot_be_had_from_a_digest() -> None:
    assert not keyed_digest(b"+14165550100", purpose="phone").startswith(blind_index("phone", "+14165550100"))


@pytest.mark.parametrize("name", ["", "phone\0+1416"])
def test_name_that_could_run_into_the_value_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        blind_index(name, "value")
    with pytest.raises(ValueError, match="needs a name"):
        keyed_digest(b"value", purpose=name)


def test_digests_name_their_key_and_are_made_by_all(settings: pytest.FixtureRequest) -> None:
    of_the_key_without_id = keyed_digest(b"value", purpose="x"), blind_index("phone", "1416")
    settings.VAULT_INDEX_KEY = f"i2:{base64.b64encode(bytes(range(32))).decode()},{settings.VAULT_INDEX_KEY}"
    assert keyed_digests(b"value", purpose="x") == (keyed_digest(b"value", purpose="x"), of_the_key_without_id[0])
    assert blind_indexes("phone", "1416") == (blind_index("phone", "1416"), of_the_key_without_id[1])
    assert keyed_digest(b"value", purpose="x").startswith("i2.")
    assert blind_index("phone", "1416").startswith("i2.")
    assert [names_known_key(digest) for digest in ("i2.ab", "ab", "i1.ab")] == [True, True, False]
