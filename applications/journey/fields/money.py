"""Amounts of money as people in both languages write them."""

import re
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.journey.fields.text import TypedAnswer, without_marks

# A JSON number carries 15 digits exactly; the contract would take 18, two of them cents (§6.1).
WHOLE_DIGITS = 13

_SIGN = re.compile(r"^(?:(?:CA|C)?\$|CAD) ?|(?: ?\$ ?(?:CAD?)?| ?CAD)$", re.IGNORECASE)
_MINUS = re.compile(r"^[-\u2010-\u2015\u2212\uFE63\uFF0D(]|[-\u2212]$")
_AMOUNT = re.compile(
    r"(?:(?P<plain>[0-9]+)|(?P<grouped>[1-9][0-9]{0,2}(?P<by>[ '.,])[0-9]{3}(?:(?P=by)[0-9]{3})*))"
    r"(?:(?P<mark>[.,])(?P<cents>[0-9]{1,2}))?"
)
_MANY_DECIMALS = re.compile(r"[0-9 ',.]*[0-9][.,][0-9]{3,}")
_WIRE = re.compile(r"[0-9]{1,13}\.[0-9]{2}")

UNREADABLE = _("Enter the amount in dollars, with digits only, for example 2500 or 2,500.00.")
NEGATIVE = _("Enter an amount without a minus sign, for example 2500 or 2,500.00.")
DECIMALS = _("Enter two decimals at most, for example 2500.50.")
TOO_LARGE = _("This amount is too large. Check the number of zeros.")
ZERO = _("Enter an amount above zero, for example 2500 or 2,500.00.")


def parse_money(text: str) -> Decimal:
    """An amount in dollars, zero or above, with two decimals at most.

    The dollar sign may stand at either end. Then:

    1. Spaces, apostrophes, commas and periods group the thousands when exactly three digits follow each of
       them, and the same one is used throughout: `2 500`, `2'500`, `1,234,567`, `1.234.567`.
    2. A comma or a period followed by one or two last digits begins the cents, if it is not what groups the
       thousands: `2500,5`, `2 500,00`, `1.234,56`, `1,234.56`.
    3. So a single mark before three last digits is always thousands: `2,500` and `2.500` are 2500 in both
       languages. Nobody writes tenths of a cent, and both languages meet at the same counter.

    Everything else is refused, because a wrong guess is a factor of a thousand. Raises ValidationError.
    """
    written = _SIGN.sub("", re.sub("[’‘ʼ′`]", "'", without_marks(text))).strip()
    if _MINUS.search(written):
        raise ValidationError(NEGATIVE, code="negative")
    found = _AMOUNT.fullmatch(written)
    if found is None or (found["mark"] and found["mark"] == found["by"]):
        too_fine = _MANY_DECIMALS.fullmatch(written)
        raise ValidationError(DECIMALS if too_fine else UNREADABLE, code="decimals" if too_fine else "unreadable")
    whole = re.sub("[^0-9]", "", found["plain"] or found["grouped"]).lstrip("0") or "0"
    if len(whole) > WHOLE_DIGITS:
        raise ValidationError(TOO_LARGE, code="too_large")
    return Decimal(f"{whole}.{(found['cents'] or '').ljust(2, '0')}")


def _is_french() -> bool:
    return (get_language() or "").startswith("fr")


class MoneyField(TypedAnswer):
    """An amount in dollars; on the wire a decimal string such as `2500.00`."""

    inputmode = "decimal"

    def __init__(self, *, allow_zero: bool = False, **kwargs: Any) -> None:
        super().__init__(empty_value=None, **kwargs)
        self.allow_zero = allow_zero

    @property
    def prefix(self) -> str:
        """The dollar sign goes before the amount in English, after it in French."""
        return "" if _is_french() else "$"

    @property
    def suffix(self) -> str:
        return "$" if _is_french() else ""

    def read(self, text: str) -> Decimal:
        amount = parse_money(text)
        if not amount and not self.allow_zero:
            raise ValidationError(ZERO, code="zero")
        return amount

    def to_wire(self, value: Decimal) -> str:
        return f"{value:.2f}"

    def shown(self, wire: Any) -> Any:
        """`2,500.00` or `2 500,00`, in the language of the person at the keyboard."""
        if not _WIRE.fullmatch(str(wire)):
            return wire
        return number_format(Decimal(wire), decimal_pos=2, use_l10n=True, force_grouping=True)
