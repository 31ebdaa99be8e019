"""The age of majority in the province where the customer lives (canada.md §6)."""

from datetime import date

_EIGHTEEN = frozenset({"AB", "MB", "ON", "PE", "QC", "SK"})


def age_of_majority(province: str) -> int:
    """18 or 19, in years. 19 where the province is not known."""
    return 18 if province in _EIGHTEEN else 19


def is_of_age(born: date, *, province: str, today: date) -> bool:
    """Whether a person has reached the age of majority; the birthday counts."""
    return _birthday(born, age_of_majority(province)) <= today


def _birthday(born: date, age: int) -> date:
    """The day a person turns `age`; for 29 February in a common year 1 March, the later of two readings."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return date(born.year + age, 3, 1)
