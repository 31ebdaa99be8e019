"""What is worth a second look.

A warning never stands in the way: a complete application must be able to reach the lender (canada.md §8).
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.journey.employment import asks_employer_name, asks_employer_phone

# First letter of a postal code → where it is delivered (canada.md §8).
_DELIVERED_IN = {
    "A": {"NL"},
    "B": {"NS"},
    "C": {"PE"},
    "E": {"NB"},
    "G": {"QC"},
    "H": {"QC"},
    "J": {"QC"},
    "K": {"ON"},
    "L": {"ON"},
    "M": {"ON"},
    "N": {"ON"},
    "P": {"ON"},
    "R": {"MB"},
    "S": {"SK"},
    "T": {"AB"},
    "V": {"BC"},
    "X": {"NT", "NU"},
    "Y": {"YT"},
}

ELSEWHERE = _("This postal code is usually in another province. Check it with the customer.")
LESS_THAN_OWN = _("The household income is below the customer’s own income, which it should include. Check both.")
NO_EMPLOYER_NAME = _("The employer’s name is missing. Ask the customer for it. You can go on without it.")
NO_EMPLOYER_PHONE = _("The employer’s phone number is missing. Ask the customer for it. You can go on without it.")
TEMPORARY_SIN = _("A number that begins with 9 is temporary. Check that it has not expired.")
UNUSUAL_SIN = _("Numbers that begin with 0 or 8 are not usually given to people. Check it with the customer.")


def warnings_about(answers: Mapping[str, Any]) -> dict[str, Promise]:
    """Warnings by field, about answers in wire form; what is not answered yet is not judged."""
    found = {
        "postal_code": _about_postal_code(answers),
        "household_income": _about_household_income(answers),
        "employer_name": _about_employer_name(answers),
        "employer_phone": _about_employer_phone(answers),
        "sin": _about_sin(answers.get("sin", "")),
    }
    return {field: warning for field, warning in found.items() if warning is not None}


def _about_postal_code(answers: Mapping[str, Any]) -> Promise | None:
    code, province = answers.get("postal_code"), answers.get("province")
    if not code or not province or province in _DELIVERED_IN.get(code[0], set()):
        return None
    return ELSEWHERE


def _about_household_income(answers: Mapping[str, Any]) -> Promise | None:
    own, household = answers.get("personal_income"), answers.get("household_income")
    if own is None or household is None or Decimal(household) >= Decimal(own):
        return None
    return LESS_THAN_OWN


def _about_employer_name(answers: Mapping[str, Any]) -> Promise | None:
    missing = asks_employer_name(answers.get("occupation_id", "")) and not answers.get("employer_name")
    return NO_EMPLOYER_NAME if missing else None


def _about_employer_phone(answers: Mapping[str, Any]) -> Promise | None:
    missing = asks_employer_phone(answers.get("occupation_id", "")) and not answers.get("employer_phone")
    return NO_EMPLOYER_PHONE if missing else None


def _about_sin(number: str) -> Promise | None:
    if number.startswith("9"):
        return TEMPORARY_SIN
    return UNUSUAL_SIN if number.startswith(("0", "8")) else None
