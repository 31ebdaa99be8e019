"""Strict reading of what the API answered: JSON without surprises, and members of the type we need.

Numbers become `Decimal` or `int`, never `float`. Duplicate keys, NaN and Infinity are refused, since they
make an answer mean different things to different readers. The card number is cut to its last four digits
while the text is parsed, so the whole number is in no object, ever (contract §6.4).
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Json = Any
_CARD_MEMBERS = frozenset({"vcc_number", "card_number"})
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_SAFE_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,18})?", re.ASCII)
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


class NotUnderstood(ValueError):
    """An answer we cannot read. The text says what is wrong with its shape and quotes no value of it."""


def read_json(content: bytes) -> Json:
    """Parse an answer's bytes; NotUnderstood says why it cannot be done."""
    parsed, complaint = _parse(content)
    if complaint:
        raise NotUnderstood(complaint)
    return parsed


def _parse(content: bytes) -> tuple[Json, str]:
    try:
        return (
            _writable(
                json.loads(
                    content.decode("utf-8-sig"),
                    object_pairs_hook=_members,
                    parse_float=Decimal,
                    parse_constant=_refuse_constant,
                )
            ),
            "",
        )
    except NotUnderstood as problem:
        return None, str(problem)
    except (ValueError, ArithmeticError, RecursionError):
        return None, "empty body" if not content.strip() else "not JSON"


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members: dict[str, Json] = {}
    for name, value in ((_writable(name), value) for name, value in pairs):
        if name in members:
            raise NotUnderstood(f"{shown_name(name)} occurs twice")
        members[name] = last_four_digits(value) if name in _CARD_MEMBERS else _writable(value)
    return members


def _writable(value: Json) -> Json:
    """Text that a page and a database can hold: NUL and half a surrogate pair, as in `"\\ud800"`, become U+FFFD."""
    if isinstance(value, list):
        return [_writable(item) for item in value]
    if not isinstance(value, str) or not _UNWRITABLE.search(value):
        return value
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def _refuse_constant(name: str) -> Json:
    raise NotUnderstood(f"{name} is not a number")


def shown_name(name: str) -> str:
    """A member's name if it looks like one, fit for a log line."""
    return name if _SAFE_NAME.fullmatch(name) else "a member"


def last_four_digits(value: Json) -> str:
    """The last four digits of a card number given as string or number; "" when it has fewer than four."""
    if isinstance(value, Decimal) and is_amount(value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return ""
    digits = "".join(character for character in str(value) if character in "0123456789")
    return digits[-4:] if len(digits) >= 4 else ""


def object_of(value: Json) -> Mapping[str, Json]:
    """The value as a JSON object."""
    if not isinstance(value, Mapping):
        raise NotUnderstood("not a JSON object")
    return value


def text(members: Mapping[str, Json], name: str) -> str:
    """A member as text; a number as it is written; "" when absent or null."""
    value = members.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        raise NotUnderstood(f"{name} is not text")
    return str(value).strip()


def identifier(members: Mapping[str, Json], name: str) -> str:
    """A member that names an account or customer, given as string or whole number; "" when absent."""
    value = members.get(name)
    if isinstance(value, Decimal) and is_amount(value) and value == value.to_integral_value():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
        raise NotUnderstood(f"{name} is not an identifier")
    written = "" if value is None else str(value).strip()
    if written and not _IDENTIFIER.fullmatch(written):
        raise NotUnderstood(f"{name} is not an identifier")
    return written


def needed(written: str, name: str) -> str:
    """The text itself, or a complaint that it is missing."""
    if not written:
        raise NotUnderstood(f"{name} is missing")
    return written


def optional_amount(members: Mapping[str, Json], name: str) -> Decimal | None:
    """A number given as number or string (`5000`, `"659.51"`); None when absent, null or blank."""
    value = members.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Decimal(value.strip())
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and is_amount(Decimal(value)):
        return Decimal(value)
    raise NotUnderstood(f"{name} is not a number")


def amount(members: Mapping[str, Json], name: str) -> Decimal:
    """A number that must be there, such as a credit limit in dollars."""
    value = optional_amount(members, name)
    if value is None:
        raise NotUnderstood(f"{name} is missing")
    return value


def is_amount(value: Decimal) -> bool:
    """Whether a number has a size somebody could owe: guards against `1e999999`."""
    return value.is_finite() and -18 <= value.adjusted() <= 18
