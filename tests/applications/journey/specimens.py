"""Lists of the lender's and answers that every step accepts."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from hypothesis import settings

from applications.journey.forms import StepContext
from posapi import FormValues

TESTS = Path(__file__).parents[2]
# What the vendor documents print (vendor doc 001 and 002), word for word.
EXAMPLES = TESTS / "contract" / "examples"

TODAY = date(2026, 11, 20)
NBSP, NARROW, THIN, MINUS = "\u00a0", "\u202f", "\u2009", "\u2212"


# The machine is shared: how long an example takes proves nothing.
unhurried = settings(deadline=None)


def i18n() -> dict[str, Any]:
    """The vendor's answer, anew for each test that changes it."""
    answer: dict[str, Any] = json.loads((EXAMPLES / "i18n.json").read_text())
    return answer


def vendor_application() -> dict[str, Any]:
    """The body of /apply in vendor doc 002, as text in boxes."""
    body = json.loads((EXAMPLES / "apply_request.json").read_text())
    return {name: str(value) for name, value in body.items()}


OPTIONS = FormValues.from_json(i18n(), "en")


def context(**changes: Any) -> StepContext:
    """A store in Ontario in November 2026, in production."""
    return StepContext(**{"today": TODAY, "options": OPTIONS, "province": "ON", **changes})


def read_or_refused(read: Callable[[str], Any], text: str) -> Any:
    """What is read from a text, or None where it is refused in words; any other failure fails the test."""
    try:
        return read(text)
    except ValidationError as refusal:
        words = refusal.messages
    if not all(words):
        raise AssertionError("refused without a word")
    return None


START = {"language": "en-CA", "province": "ON", "amount_requested": "2,500.00"}
IDENTITY = {
    "salutation": "ms",
    "first_name": "Étienne",
    "middle_name": "",
    "last_name": "O'Brien",
    "dob": "1990-01-31",
    "govid_type": "CADL",
    "govid_issuedby": "ON",
    "govid_number": "O1234-56789-00131",
    "govid_expiry": "2030-01-31",
}
CONTACT = {
    "phone_number": "(416) 555-0123",
    "email": "etienne@example.ca",
    "address_1": "123 Any Street",
    "address_2": "",
    "city": "Toronto",
    "postal_code": "m5v 2t6",
}
INCOME = {
    "personal_income": "52 000",
    "household_income": "81,000.00",
    "housing_type": "Rent",
    "monthly_housing_expenses": "1 200,00 $",
    "occupation_id": "FE",
    "occupation_title": "Baker",
    "employer_name": "Tasty Bakery",
    "employer_phone": "416-555-0199",
    "sin": "046 454 286",
}
SECURITY = {"security_qid": "8", "security_answer": "Horse", "piw": "Cloud"}
