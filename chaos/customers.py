"""Customers of whom every answer differs, so that each field tells whose it is."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chaos.people import answers_of

# One of each pair for the one customer, the other for the other, in any combination.
_CHOICES: Mapping[str, tuple[str, str]] = {
    "salutation": ("ms", "mr"),
    "middle_name": ("A-RR_L", "A-RR_M"),
    "govid_type": ("CADL", "CAP"),
    "housing_type": ("Rent", "Owned"),
    "occupation_id": ("FE", "PE"),
    "security_qid": ("8", "4"),
}
_EARLIEST_BIRTHDAY = date(1965, 1, 1)
# By language.
_PLACES = (
    (
        {"language": "en-CA", "province": "ON", "city": "Toronto", "postal_code": "M5V2T6"},
        {"language": "en-CA", "province": "BC", "city": "Victoria", "postal_code": "V8W1P6"},
    ),
    (
        {"language": "fr-CA", "province": "QC", "city": "Montréal", "postal_code": "H2X1Y4"},
        {"language": "fr-CA", "province": "NB", "city": "Moncton", "postal_code": "E1C1B2"},
    ),
)


@dataclass(frozen=True)
class Customer:
    """What one customer says, by step and API field name."""

    typed: Mapping[str, Mapping[str, str]]

    @property
    def flat(self) -> dict[str, str]:
        return {name: text for values in self.typed.values() for name, text in values.items()}

    @property
    def marks(self) -> tuple[str, ...]:
        """Texts that only this customer's pages may show."""
        flat = self.flat
        return flat["email"], flat["address_1"], flat["employer_name"], flat["occupation_title"], flat["last_name"]


def two_customers(number: int, chance: random.Random) -> tuple[Customer, Customer]:
    """The pair with this number. No two customers of any pairs share a name or a birthday with their name."""
    sides = [0, 1]
    chance.shuffle(sides)
    first, second = chance.sample([chance.choice(places) for places in _PLACES], 2)
    return _customer(2 * number, sides[0], first), _customer(2 * number + 1, sides[1], second)


def _customer(number: int, side: int, place: Mapping[str, str]) -> Customer:
    typed = {step: dict(values) for step, values in answers_of(number).items()}
    own = {
        **{name: choices[side] for name, choices in _CHOICES.items()},
        **place,
        "dob": (_EARLIEST_BIRTHDAY + timedelta(days=number)).isoformat(),
        "govid_issuedby": (place["province"], "CANADA")[side],
        "govid_number": f"{_word(number)[:3].upper()}{number:06}",
        "govid_expiry": (date.today() + timedelta(days=400 + number)).isoformat(),
        "last_name": f"{typed['identity']['last_name']} {_word(number)}",
        "address_1": f"{number + 1} {_word(number)} Street",
        "address_2": f"Unit {number % 90 + 10}",
        "amount_requested": f"{1000 + number % 4000}.00",
        "personal_income": f"{41000 + number % 9000}.00",
        "household_income": f"{91000 + number % 9000}.00",
        "monthly_housing_expenses": f"{800 + number % 900}.00",
        "occupation_title": f"Clerk {_word(number)}",
        "employer_name": f"{_word(number)} Inc",
        "employer_phone": f"905{2000000 + number}",
        "sin": _sin(number),
        "security_answer": f"Horse {_word(number)}",
        "piw": f"Cloud {_word(number)}",
    }
    typed["income"]["sin"] = typed["contact"]["address_2"] = ""
    return Customer(
        {step: {name: own.get(name, text) for name, text in values.items()} for step, values in typed.items()}
    )


def _word(number: int) -> str:
    """A word of letters for every number."""
    letters = ""
    for _ in range(5):
        number, place = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[place] + "aeiou"[place % 5]
    return letters.capitalize()


def _sin(number: int) -> str:
    """A social insurance number with a right check digit."""
    digits = f"1{number:07}"
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(digits)]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"
