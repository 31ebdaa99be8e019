"""Made-up applicants, no two of them the same person, and the answers each of them gives."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from applications.specimens.people import FIRST_NAMES, LAST_NAMES

Saved = dict[str, dict[str, str]]

_FIRST_BIRTHDAY = date(1960, 1, 1)

# What the sandbox decides, by the applicant's middle name (docs/sandbox.md), and how often.
_APPROVED = ("", "A-RR_L", "A-RR_M", "A-RR_H")
_DECLINED = ("D-FRAUD", "D-DUPLICATE", "D-NO_HIT")
_PENDING = ("P-CREDIT", "P-MISSING_INFO")
_OUTCOMES, _WEIGHTS = (_APPROVED, _DECLINED, _PENDING), (72, 16, 12)


def applicants(count: int, chance: random.Random, *, first: int = 0) -> Iterator[Saved]:
    """The complete answers of `count` different people, by step, from the one with the number `first`."""
    for number in range(first, first + count):
        yield answers_of(number, middle_name=chance.choice(chance.choices(_OUTCOMES, _WEIGHTS)[0]))


def answers_of(number: int, *, middle_name: str = "") -> Saved:
    """The answers of the applicant with this number: another number is another name or another birthday."""
    names = len(FIRST_NAMES) * len(LAST_NAMES)
    first, last = FIRST_NAMES[number % len(FIRST_NAMES)], LAST_NAMES[number // len(FIRST_NAMES) % len(LAST_NAMES)]
    born = _FIRST_BIRTHDAY + timedelta(days=number // names)
    quebec = number % 4 == 0
    return {
        "start": {
            "language": "en-CA",
            "province": "QC" if quebec else "ON",
            "amount_requested": f"{1000 + number % 40 * 100}.00",
        },
        "identity": {
            "salutation": "ms",
            "first_name": first,
            "middle_name": middle_name,
            "last_name": last,
            "dob": born.isoformat(),
            "govid_type": "CAP",
            "govid_issuedby": "CANADA",
            "govid_number": f"AB{number:06}",
            "govid_expiry": (date.today() + timedelta(days=1000)).isoformat(),
        },
        "contact": {
            "phone_number": f"416{2000000 + number}",
            "email": f"applicant{number}@example.test",
            "address_1": f"{number + 1} Example Street",
            "city": "Montréal" if quebec else "Toronto",
            "postal_code": "H2X1Y4" if quebec else "M5V2T6",
        },
        "income": {
            "personal_income": f"{30000 + number % 60 * 1000}.00",
            "household_income": "98000.00",
            "monthly_housing_expenses": "1150.00",
            "housing_type": "Rent",
            "occupation_id": "FE",
            "occupation_title": "Clerk",
            "employer_name": "Example Inc",
            "employer_phone": "4165550199",
        },
        "security": {"security_qid": "8", "security_answer": "Mrs Horse", "piw": "Cloud"},
    }
