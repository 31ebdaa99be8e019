"""Strict JSON, and members of the type we need."""

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapi.reading import NotUnderstood, amount, identifier, last_four_digits, read_json, text

words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
scalars = st.none() | st.booleans() | st.integers(-(10**15), 10**15) | words
documents = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))


@settings(deadline=None, max_examples=50)
@given(documents)
def test_json_reads_what_was_written(document: Any) -> None:
    assert read_json(json.dumps(document).encode()) == document


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=200))
def test_json_reads_or_complains(content: bytes) -> None:
    with contextlib.suppress(NotUnderstood):
        read_json(content)


def test_json_with_half_a_surrogate_pair_can_be_written_again() -> None:
    read = read_json(b'{"name": "a\\ud800b", "list": [["\\udfff"]], "whole": "\\ud83d\\ude00", "k\\ud800": 1}')
    assert read == {"name": "a\ufffdb", "list": [["\ufffd"]], "whole": "\U0001f600", "k\ufffd": 1}
    json.dumps(read, ensure_ascii=False).encode()


@pytest.mark.parametrize("content", [b'"a\\ud800"', b'["a\\ud800"]', b'[["a\\u0000"]]'])
def test_json_outside_of_objects_can_be_kept_too(content: bytes) -> None:
    assert "a\ufffd" in str(read_json(content))


def test_json_with_a_nul_can_be_kept() -> None:
    assert read_json(b'{"error": "a\\u0000b", "list": ["\\u0000"], "k\\u0000": 1}') == {
        "error": "a\ufffdb",
        "list": ["\ufffd"],
        "k\ufffd": 1,
    }


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "empty body"),
        (b"  \n", "empty body"),
        (b"{", "not JSON"),
        (b"{} trailing", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1, "a": 1}', "a occurs twice"),
        (b'{"x": [{"a": 1, "b": 2, "a": 3}]}', "a occurs twice"),
        (b'{"J Doe": 1, "J Doe": 2}', "a member occurs twice"),
        (b"[" * 100_000, "not JSON"),
        (b"1" * 5000, "not JSON"),
        (b"1e9999999999999999999", "not JSON"),
    ],
)
def test_json_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(NotUnderstood, match=complaint):
        read_json(content)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5000, Decimal(5000)),
        ("659.51", Decimal("659.51")),
        (" 1000.00 ", Decimal("1000.00")),
        (Decimal("0.1"), Decimal("0.1")),
        ("-3", Decimal(-3)),
        (0, Decimal(0)),
    ],
)
def test_amount_read(value: Any, expected: Decimal) -> None:
    assert amount({"credit_limit": value}, "credit_limit") == expected


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "a lot",
        "1,000.00",
        "1_000",
        "NaN",
        "١٢",
        True,
        [],
        {},
        "1e5",
        Decimal("1E+400"),
        Decimal("0E+99999999"),
    ],
)
def test_amount_refused(value: Any) -> None:
    with pytest.raises(NotUnderstood, match="credit_limit"):
        amount({"credit_limit": value}, "credit_limit")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(20035156, "20035156"), ("20035156", "20035156"), ("1234567-12345", "1234567-12345"), (None, "")],
)
def test_identifier_read(value: Any, expected: str) -> None:
    assert identifier({"customer_id": value}, "customer_id") == expected


def test_identifier_as_a_decimal_number() -> None:
    assert identifier(read_json(b'{"account_number": 2.0035156E7}'), "account_number") == "20035156"


@pytest.mark.parametrize("value", [True, 1.5, "../close", "1 2", [], {}, Decimal("1.5"), Decimal("1E+99999999")])
def test_identifier_refused(value: Any) -> None:
    with pytest.raises(NotUnderstood, match="customer_id"):
        identifier({"customer_id": value}, "customer_id")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (6374980100408234, "8234"),
        ("6374980100408234", "8234"),
        ("6374 9801 0040 0001", "0001"),
        ("************8234", "8234"),
        (Decimal("6374980100408234.0"), "8234"),
        ("123", ""),
        (None, ""),
        (True, ""),
        ([], ""),
    ],
)
def test_last_four_digits(value: Any, expected: str) -> None:
    assert last_four_digits(value) == expected


def test_text_from_number_and_null() -> None:
    assert [text({"plan_id": value}, "plan_id") for value in (5, " 5 ", None)] == ["5", "5", ""]
    with pytest.raises(NotUnderstood):
        text({"plan_id": [5]}, "plan_id")
