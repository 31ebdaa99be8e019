"""Applicants whose every answer can be told from everything else, and what they type into the wrong fields."""

from collections.abc import Mapping
from datetime import date, timedelta

from chaos.customers import Customer
from chaos.people import answers_of
from evidence.searching import STEM, Values

_FIRST_BIRTHDAY = date(1955, 1, 1)
_LETTERS = "bcdfghjklmnpqrstvwxz"
_KEYS = ("", "A-RR_L", "A-RR_H", "D-FRAUD", "D-NO_HIT", "P-CREDIT", "P-MISSING_INFO")
# In the lender's own message, which stands on the pages of its decline.
# What the lender says in its messages, which stand on pages and in documents on purpose, as they came.
SALUTATION, NOT_KNOWN = f"Dear {STEM.capitalize()}", f"{STEM} is not known"
_NEVER_GIVEN = {"sin", "security_answer", "piw", "govid_number"}
_SHORTEST = 3  # letters of a choice; answers of one's own are longer
_PERSONAL, _HOUSEHOLD = 40_000, 70_000


def canary(number: int) -> Customer:
    """The applicant with this number."""
    typed = {step: dict(values) for step, values in answers_of(number).items()}
    own = {
        "first_name": _word("fi", number),
        "middle_name": _KEYS[number % len(_KEYS)],
        "last_name": _word("la", number),
        "dob": _born(number).isoformat(),
        "govid_number": f"{STEM.upper()}{number:05}",
        "phone_number": f"416947{number % 10_000:04}",
        "email": f"{STEM}em{number}@courriel.example",
        "address_1": f"{number + 1} {_word('ad', number)} Street",
        "address_2": _word("un", number),
        "city": _word("ci", number),
        "personal_income": f"{_PERSONAL + number % 10_000}.37",
        "household_income": f"{_HOUSEHOLD + number % 10_000}.59",
        "occupation_title": _word("oc", number),
        "employer_name": _word("em", number),
        "employer_phone": f"905947{number % 10_000:04}",
        "sin": sin_of(number),
        "security_answer": _word("se", number),
        "piw": _word("pi", number),
    }
    typed["income"]["sin"] = typed["contact"]["address_2"] = ""
    return Customer(
        {step: {name: own.get(name, text) for name, text in values.items()} for step, values in typed.items()}
    )


def mistyped(customer: Customer, step: str) -> Mapping[str, str]:
    """The answers of a step with values where they do not belong, as they are typed in a hurry."""
    flat = customer.flat
    wrong = {
        "start": {"amount_requested": flat["last_name"], "province": flat["sin"]},
        "identity": {"first_name": flat["sin"], "dob": flat["email"], "govid_expiry": flat["last_name"]},
        "contact": {"phone_number": flat["last_name"], "email": flat["sin"], "postal_code": flat["security_answer"]},
        "income": {"personal_income": flat["first_name"], "sin": flat["phone_number"], "housing_type": flat["piw"]},
        "security": {"security_qid": flat["sin"], "security_answer": "", "piw": flat["personal_income"]},
    }[step]
    return {**customer.typed[step], **wrong}


def values_of(count: int, secrets: tuple[bytes, ...]) -> Values:
    """What is looked for of so many applicants."""
    births = {_born(number).strftime("%Y%m%d").encode() for number in range(count)}
    incomes = {
        f"{base + number % 10_000}{cents}".encode()
        for base, cents in ((_PERSONAL, 37), (_HOUSEHOLD, 59))
        for number in range(count)
    }
    sins = {sin_of(number).encode() for number in range(count)}
    return Values(frozenset(sins), frozenset(births), frozenset(incomes), secrets)


def without_own(content: bytes, customer: Customer) -> tuple[bytes, int]:
    """A file that is for this customer without what is theirs to have, and how many of their answers were in it."""
    text, found = without_messages(content.decode()), 0
    flat = customer.flat
    for name in sorted(flat.keys() - _NEVER_GIVEN, key=lambda one: -len(flat[one])):
        ways = [way for way in _written(name, flat[name]) if len(way) > _SHORTEST and way in text]
        found += bool(ways)
        for way in ways:
            text = text.replace(way, "")
    return text.encode(), found


def without_open(page: str, customer: Customer, *names: str) -> bytes:
    """A page without these answers, and without the lender's message: they stand on it on purpose."""
    page = without_messages(page)
    for name in names:
        page = page.replace(customer.flat[name], "")
    return page.encode(errors="surrogateescape")


def without_messages(text: str) -> str:
    """The same without the lender's own words."""
    return text.replace(SALUTATION, "").replace(NOT_KNOWN, "")


def _written(name: str, text: str) -> tuple[str, ...]:
    """As it was typed, and as people read it."""
    if name.endswith("_phone") or name == "phone_number":
        return text, f"{text[:3]} {text[3:6]} {text[6:]}", f"{text[:3]}-{text[3:6]}-{text[6:]}"
    if name.endswith("_income"):
        return text, f"{float(text):,.2f}"
    return (text,)


def sin_of(number: int) -> str:
    """A social insurance number with a right check digit."""
    digits = f"1947{number:04}"
    doubled = [int(digit) * (1 + position % 2) for position, digit in enumerate(digits)]
    return f"{digits}{-sum(value - 9 if value > 9 else value for value in doubled) % 10}"


def _born(number: int) -> date:
    return _FIRST_BIRTHDAY + timedelta(days=number)


def _word(field: str, number: int) -> str:
    """The stem, the field and the number, in letters only."""
    letters = ""
    for _ in range(4):
        number, place = divmod(number, len(_LETTERS))
        letters += _LETTERS[place]
    return f"{STEM.capitalize()}{field}{letters}"
