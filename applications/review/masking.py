"""What a manager reads of an applicant until a value is revealed: enough to recognise a file, not to reach a person.

The number of dots says nothing about the length of what they stand for.
"""

import re
from collections.abc import Callable, Mapping

from applications.answers import SENSITIVE_FIELDS, Answers

DOTS = "•••"

# Answers that say nothing of who somebody is, and are shown as they are.
OPEN_FIELDS = frozenset(
    "language province city amount_requested salutation housing_type occupation_id govid_type govid_issuedby "
    "security_qid".split()
)


def masked_name(answers: Answers) -> str:
    """The initials of the applicant, `A. O’B.`; empty while no name is saved."""
    identity = answers.saved.get("identity", {})
    initials = (_initial(str(identity.get(part) or "")) for part in ("first_name", "last_name"))
    return " ".join(one for one in initials if one)


def masked(field: str, value: str) -> str:
    """The value of a field of the API as it may be shown. A field that is not known here shows nothing of itself.

    Empty stays empty: that nothing was answered is no secret.
    """
    if not value or field in OPEN_FIELDS:
        return value
    if field in SENSITIVE_FIELDS:
        return DOTS
    return _MASKS.get(field, _hidden)(value)


def _hidden(_value: str) -> str:
    return DOTS


def _initial(name: str) -> str:
    """The first letter; a particle before an apostrophe keeps it company."""
    found = re.match(r"\W*(?:(\w)['’ʼ])?(\w)", name)
    return "’".join(letter.upper() for letter in found.groups() if letter) + "." if found else ""


def _last_digits(value: str) -> str:
    digits = re.sub(r"\D", "", value)
    return f"{DOTS} {digits[-2:]}" if len(digits) > 4 else DOTS


def _email(value: str) -> str:
    """The first letter, and where the address ends: `a•••@•••.ca`."""
    person, at, domain = value.strip().rpartition("@")
    _, dot, end = domain.rpartition(".")
    return f"{person[0]}{DOTS}@{DOTS}.{end}" if person and at and dot and end else DOTS


def _year(value: str) -> str:
    found = re.match(r"\d{4}", value)
    return f"{found[0]}-••-••" if found else DOTS


def _area(value: str) -> str:
    """The first half of a postal code names thousands of homes, the second a street."""
    return f"{value[:3].upper()} {DOTS}" if len(value) >= 6 else DOTS


_MASKS: Mapping[str, Callable[[str], str]] = {
    "first_name": _initial,
    "middle_name": _initial,
    "last_name": _initial,
    "phone_number": _last_digits,
    "employer_phone": _last_digits,
    "account_number": _last_digits,
    "email": _email,
    "dob": _year,
    "postal_code": _area,
}
