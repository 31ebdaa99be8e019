"""Numbers as Canadians write them: $2,500.00 in English, 2 500,00 $ in French."""

from decimal import Decimal, InvalidOperation

from django import template
from django.utils.translation import get_language

register = template.Library()

_NO_BREAK = "\u00a0"


@register.filter
def money(value: str | Decimal | None) -> str:
    """An amount of dollars in the active language; an empty string when there is none."""
    amount = _decimal(value)
    if amount is None:
        return ""
    if get_language() == "fr":
        return f"{_french(f'{amount:,.2f}')}{_NO_BREAK}$"
    return f"${amount:,.2f}"


@register.filter
def percent(value: str | Decimal | None) -> str:
    """A percentage as the lender gave it, never rounded, in the active language."""
    number = _decimal(value)
    if number is None:
        return ""
    if get_language() == "fr":
        return f"{_french(format(number, 'f'))}{_NO_BREAK}%"
    return f"{number:f}%"


@register.filter
def phone(number: str) -> str:
    """A number with hyphens, such as 1-877-259-3750, in the active language: French keeps only the last hyphen."""
    before, hyphen, last = number.rpartition("-")
    return before.replace("-", _NO_BREAK) + hyphen + last if get_language() == "fr" else number


def _decimal(value: str | Decimal | None) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _french(number: str) -> str:
    return number.replace(",", _NO_BREAK).replace(".", ",")
