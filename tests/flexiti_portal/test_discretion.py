"""What libraries would say of a person is not in the log."""

import sys

import pytest
from django.db import IntegrityError, OperationalError

from flexiti_portal.discretion import what_went_wrong, without_values


def told(error: Exception) -> str:
    try:
        raise error
    except type(error):
        return what_went_wrong(sys.exc_info())


@pytest.mark.parametrize("error", [KeyError("046454286"), ValueError("046454286"), IntegrityError("(sin)=(046454286)")])
def test_message_that_may_hold_a_value_is_withheld(error):
    text = told(error)
    assert "046454286" not in text
    assert type(error).__qualname__ in text
    assert "test_discretion.py" in text


@pytest.mark.parametrize("error", [OperationalError("server closed"), ConnectionRefusedError("server closed")])
def test_message_about_machines_is_told(error):
    assert "server closed" in told(error)


def test_cause_is_told_without_its_message():
    name = "Trem" + "blay"  # the line of code is told
    try:
        try:
            raise KeyError(name)
        except KeyError as cause:
            raise OperationalError("server closed") from cause
    except OperationalError:
        text = what_went_wrong(sys.exc_info())
    assert name not in text
    assert text.index("KeyError") < text.index("which led to") < text.index("server closed")


def test_two_exceptions_that_cause_each_other_are_told_once():
    first, second = OperationalError("first"), OperationalError("second")
    first.__cause__, second.__cause__ = second, first
    assert told(first).count("second") == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /customers/search?first_name=Luc&dob=1990-01-01 failed", "GET /customers/search?… failed"),
        ("to luc.tremblay@example.ca now", "to @ now"),
        ("SIN 046 454 286.", "SIN #."),
        ("SIN 046-454-286", "SIN #"),
        ("call +1 416 967 1111", "call #"),
        ("card 4111111111111111", "card #"),
    ],
)
def test_values_in_any_text_become_marks(text, shown):
    event = without_values(None, "info", {"event": text, "exception": text})
    assert event == {"event": shown, "exception": shown}


@pytest.mark.parametrize(
    "text",
    [
        "apply 0123456789abcdef0123456789abcdef: answered in 1.25 s",
        "/applications/2b1c1e5e-0a3e-4f31-9d7c-123456789012/",
        "Is it ready? Not yet",
        "at 2026-11-21T04:26:25.310720Z",
        "http://127.0.0.1:8000 of process 4194304",
    ],
)
def test_ids_addresses_and_times_stay(text):
    assert without_values(None, "info", {"event": text})["event"] == text
