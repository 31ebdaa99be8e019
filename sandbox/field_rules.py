"""What `apply` requires of every body field, in one table (vendor doc 002; lengths from contract §6.1).

A length of None means that no page gives one; `SANITY_LENGTH`, ours, then keeps the memory bounded.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sandbox.errors import FieldError
from sandbox.switches import Switches

SANITY_LENGTH = 255

Offered = Callable[[str], frozenset[str]]
"""The codes a member of i18n offers now, in any language: `offered("occupation_ids")`."""


@dataclass(frozen=True)
class FieldRule:
    """One body field: `kind` picks the check, `options` the i18n member whose codes are accepted."""

    name: str
    kind: str
    required: bool = False
    length: int | None = None
    options: str = ""


APPLY_RULES = (
    FieldRule("amount_requested", "amount", required=True),
    FieldRule("phone_number", "phone", required=True),
    FieldRule("email", "email", required=True, length=100),
    FieldRule("language", "language"),
    FieldRule("salutation", "code", required=True, options="salutations"),
    FieldRule("first_name", "text", required=True, length=35),
    FieldRule("middle_name", "text"),
    FieldRule("last_name", "text", required=True, length=50),
    FieldRule("dob", "birth_date", required=True),
    FieldRule("address_1", "text", required=True, length=250),
    FieldRule("address_2", "text", length=100),
    FieldRule("city", "text", required=True, length=100),
    FieldRule("province", "code", required=True, options="provinces"),
    FieldRule("postal_code", "postal_code", required=True),
    FieldRule("govid_type", "code", options="govid_types"),
    FieldRule("govid_issuedby", "text"),
    FieldRule("govid_number", "text"),
    FieldRule("govid_expiry", "date"),
    FieldRule("input_type", "text"),
    FieldRule("personal_income", "money", required=True),
    FieldRule("household_income", "money", required=True),
    FieldRule("monthly_housing_expenses", "money"),
    FieldRule("housing_type", "code", required=True, options="housing_type"),
    FieldRule("occupation_id", "code", required=True, options="occupation_ids"),
    FieldRule("occupation_title", "text", required=True),
    FieldRule("employer_name", "text"),
    FieldRule("employer_phone", "phone"),
    FieldRule("sin", "sin"),
    FieldRule("security_qid", "code", required=True, options="security_ids"),
    FieldRule("security_answer", "text", required=True, length=50),
    FieldRule("piw", "text", required=True),
    FieldRule("account_type", "text", length=100),
    FieldRule("external_location_id", "text"),
    FieldRule("external_employee_id", "text"),
    FieldRule("request_id", "text", length=150),
)

_POSTAL_CODE = re.compile(r"[A-Za-z]\d[A-Za-z]\d[A-Za-z]\d", re.ASCII)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DIGITS = re.compile(r"\d+", re.ASCII)


def is_absent(value: Any) -> bool:
    """A field counts as not sent when it is missing, null, or an empty string."""
    return value is None or value == ""


def parse_date(value: Any) -> date | None:
    """A YYYY-MM-DD string that is a day of the calendar, or None."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def field_errors(body: Mapping[str, Any], switches: Switches, offered: Offered) -> list[FieldError]:
    """Everything wrong with an application, in the order of the table; an empty list when it can be adjudicated.

    `tos_agreement` is not here: it has an error code of its own.
    """
    errors = []
    for rule in APPLY_RULES:
        value = body.get(rule.name)
        msg = _required(rule, body, switches) if is_absent(value) else _wrong(rule, value, switches, offered)
        if msg:
            errors.append(FieldError("SIN" if rule.name == "sin" else rule.name, msg, value))
    return errors


def _required(rule: FieldRule, body: Mapping[str, Any], switches: Switches) -> str:
    required = rule.required
    if rule.name == "monthly_housing_expenses":
        required = body.get("province") == "QC"
    if switches.address_rule != "later":
        if rule.name == "address_1":
            required = False
        elif rule.name == "address_2":
            required = switches.address_rule == "doc_002_strict" or body.get("address_2") is None
    return "required" if required else ""


def _wrong(rule: FieldRule, value: Any, switches: Switches, offered: Offered) -> str:
    if rule.kind == "sin":
        return "" if _is_sin(value, switches.sin_check_digit) else "wrong format"
    if rule.kind == "code":
        return _code(value, offered(rule.options))
    msg = _CHECKS[rule.kind](value, rule.length)
    if not msg and switches.ascii_only and isinstance(value, str) and not value.isascii():
        return "invalid"
    return msg


def _text(value: Any, length: int | None) -> str:
    if not isinstance(value, str):
        return "type"
    return "length" if len(value) > (length or SANITY_LENGTH) else ""


def _email(value: Any, length: int | None) -> str:
    return _text(value, length) or ("" if _EMAIL.fullmatch(value) else "invalid")


def _phone(value: Any, _: int | None) -> str:
    """Ten digits, as a string or as a number: the pages print both."""
    digits = str(value) if _is_whole(value) else value
    if not isinstance(digits, str):
        return "type"
    if not _DIGITS.fullmatch(digits):
        return "invalid"
    return "" if len(digits) == 10 else "length"


def _money(value: Any, _: int | None) -> str:
    """number (18,2), not negative."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "type"
    if value < 0 or value != value:
        return "invalid"
    too_long = value >= 10**16 or (isinstance(value, float) and round(value, 2) != value)
    return "length" if too_long else ""


def _amount(value: Any, length: int | None) -> str:
    """As money, but more than zero."""
    return _money(value, length) or ("" if value > 0 else "invalid")


def _day(value: Any, _: int | None) -> str:
    """An expired document is accepted: vendor doc 002's own example expired in 2020 and is approved."""
    if not isinstance(value, str):
        return "type"
    return "" if parse_date(value) else "invalid"


def _birth_date(value: Any, length: int | None) -> str:
    msg = _day(value, length)
    if msg:
        return msg
    born = parse_date(value)
    return "" if born and date(1900, 1, 1) <= born <= date.today() else "invalid"


def _postal_code(value: Any, _: int | None) -> str:
    """Six characters without a space; not checked against the province (vendor doc 002 pairs QC with A1A)."""
    if not isinstance(value, str):
        return "type"
    if len(value) > 6:
        return "length"
    return "" if _POSTAL_CODE.fullmatch(value) else "invalid"


def _language(value: Any, _: int | None) -> str:
    return "" if value in ("en-CA", "fr-CA") else "invalid"


_CHECKS: Mapping[str, Callable[[Any, int | None], str]] = {
    "text": _text,
    "email": _email,
    "phone": _phone,
    "money": _money,
    "amount": _amount,
    "date": _day,
    "birth_date": _birth_date,
    "postal_code": _postal_code,
    "language": _language,
}


def _code(value: Any, codes: frozenset[str]) -> str:
    """A code of the list, case-sensitive; numeric codes may come as numbers."""
    if not isinstance(value, str) and not _is_whole(value):
        return "type"
    return "" if str(value) in codes else "invalid"


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_sin(value: Any, check_digit: bool) -> bool:
    """Nine digits; the check digit only on request, for vendor doc 002's own 123123123 fails it and is approved."""
    digits = str(value) if _is_whole(value) else value
    if not isinstance(digits, str) or len(digits) != 9 or not _DIGITS.fullmatch(digits):
        return False
    return not check_digit or _luhn(digits)


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(digits))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0
