"""Dates, written the year first; other spellings only where they can be read in one way."""

import re
import unicodedata
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from applications.journey.fields.text import TypedAnswer, without_marks

EARLIEST = date(1900, 1, 1)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier janv",
            "february feb fevrier fevr fev",
            "march mar mars",
            "april apr avril avr",
            "may mai",
            "june jun juin",
            "july jul juillet juil",
            "august aug aout",
            "september sept sep septembre",
            "october oct octobre",
            "november nov novembre",
            "december dec decembre",
        ),
        start=1,
    )
    for name in names.split()
}
_BETWEEN = r" ?[-/. \u2010-\u2015\u2212] ?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}})")
_SOLID = re.compile(r"((?:19|20|21)[0-9]{2})([0-9]{2})([0-9]{2})")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}}){_BETWEEN}([0-9]{{1,2}}){_BETWEEN}([0-9]{{4}})")
_SHORT_YEAR = re.compile(rf"[0-9]{{1,2}}{_BETWEEN}[0-9]{{1,2}}{_BETWEEN}[0-9]{{1,2}}")
_DAY_MONTH = re.compile(r"(?:le )?([0-9]{1,2})(?:st|nd|rd|th|er)?[ -]([a-z]+)\.?,?[ -]([0-9]{4})")
_MONTH_DAY = re.compile(r"([a-z]+)\.?[ -]([0-9]{1,2})(?:st|nd|rd|th)?,?[ -]([0-9]{4})")

UNREADABLE = _("Enter the date as year-month-day, for example 1990-01-31.")
SHORT_YEAR = _("Enter all four digits of the year, first, for example 1990-01-31.")
NO_SUCH_DAY = _("There is no such day in the calendar. Check the day and the month: year-month-day.")
TWO_READINGS = _("This can be read in two ways. Enter the year first: %(one)s or %(other)s (year-month-day).")
FUTURE = _("This date is in the future. Check the year: year-month-day, for example 1990-01-31.")
TOO_EARLY = _("This date is before 1900. Check the year: year-month-day, for example 1990-01-31.")
EXPIRED = _("This identification expired on that date. Ask for one that is still valid, or check the date.")


def parse_date(text: str) -> date:
    """A date from `1990-01-31`, `1990/1/31`, `19900131`, `31 janvier 1990`, `January 31, 1990` and the like.

    With the year last, digits are read only where just one reading is a date (`31/01/1990`); otherwise both
    readings are offered. Raises ValidationError.
    """
    written = _folded(text)
    if found := _YEAR_FIRST.fullmatch(written) or _SOLID.fullmatch(written):
        year, month, day = (int(part) for part in found.groups())
        return _day(year, month, day)
    if found := _YEAR_LAST.fullmatch(written):
        first, second, year = (int(part) for part in found.groups())
        return _year_last(first, second, year)
    if found := _DAY_MONTH.fullmatch(written):
        return _named(found[1], found[2], found[3])
    if found := _MONTH_DAY.fullmatch(written):
        return _named(found[2], found[1], found[3])
    if _SHORT_YEAR.fullmatch(written):
        raise ValidationError(SHORT_YEAR, code="short_year")
    raise ValidationError(UNREADABLE, code="unreadable")


def _folded(text: str) -> str:
    """Lower case, single spaces, no accents: « Février » and « fevrier » are the same month."""
    decomposed = unicodedata.normalize("NFD", " ".join(without_marks(text).split()).lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _year_last(first: int, second: int, year: int) -> date:
    readings = sorted({one for one in (_maybe(year, first, second), _maybe(year, second, first)) if one})
    if len(readings) == 2:
        one, other = readings
        raise ValidationError(
            TWO_READINGS, code="ambiguous", params={"one": one.isoformat(), "other": other.isoformat()}
        )
    if not readings:
        raise ValidationError(NO_SUCH_DAY, code="no_such_day")
    return readings[0]


def _named(day: str, month: str, year: str) -> date:
    if month not in _MONTHS:
        raise ValidationError(UNREADABLE, code="unreadable")
    return _day(int(year), _MONTHS[month], int(day))


def _day(year: int, month: int, day: int) -> date:
    found = _maybe(year, month, day)
    if found is None:
        raise ValidationError(NO_SUCH_DAY, code="no_such_day")
    return found


def _maybe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


class DateField(TypedAnswer):
    """A date; on the wire YYYY-MM-DD (contract §6.1)."""

    def read(self, text: str) -> date:
        return parse_date(text)

    def to_wire(self, value: date) -> str:
        return value.isoformat()


def refuse_impossible_birth(born: date, *, today: date) -> None:
    """Refuse a birth in the future or before 1900. Raises ValidationError."""
    if born > today:
        raise ValidationError(FUTURE, code="future")
    if born < EARLIEST:
        raise ValidationError(TOO_EARLY, code="too_early")


def refuse_expired(expiry: date, *, today: date) -> None:
    """Refuse identification that expired before today; on its last day it is still good (canada.md §5)."""
    if expiry < today:
        raise ValidationError(EXPIRED, code="expired")
