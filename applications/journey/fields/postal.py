"""Canadian postal codes in any spelling."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from localflavor.ca.forms import CAPostalCodeField

from applications.journey.fields.text import TypedAnswer, without_marks

_BETWEEN = re.compile(r"[-. \u2010-\u2015\u2212]")
_WIRE = re.compile(r"[A-Z][0-9][A-Z][0-9][A-Z][0-9]")
_DIGITS_MEANT = str.maketrans("OQIL", "0011")
_canada_post = CAPostalCodeField()

UNREADABLE = _("Enter six characters, a letter then a digit three times, for example K1A 0B1.")
MEANT = _("Postal codes alternate a letter and a digit: is it %(meant)s?")
LETTERS = _("No postal code in Canada has the letters D, F, I, O, Q or U, or begins with W or Z. Check the letters.")


def parse_postal_code(text: str) -> str:
    """Six characters in upper case, such as `K1A0B1`, from any spelling. Raises ValidationError."""
    written = _BETWEEN.sub("", without_marks(text)).upper()
    if _is_postal_code(written):
        return written
    meant = _meant(written)
    if _is_postal_code(meant):
        raise ValidationError(MEANT, code="meant", params={"meant": spaced(meant)})
    if _WIRE.fullmatch(written):
        raise ValidationError(LETTERS, code="letters")
    raise ValidationError(UNREADABLE, code="unreadable")


def spaced(code: str) -> str:
    """As it is written on an envelope: `K1A 0B1`."""
    return f"{code[:3]} {code[3:]}"


def _is_postal_code(written: str) -> bool:
    try:
        return bool(_WIRE.fullmatch(written) and _canada_post.clean(written))
    except ValidationError:
        return False


def _meant(written: str) -> str:
    """The code with digits where digits stand: an O typed for a zero, an I or L for a one."""
    if len(written) != 6:
        return ""
    pairs = zip(written[::2], written[1::2].translate(_DIGITS_MEANT), strict=True)
    return "".join(letter + digit for letter, digit in pairs)


class PostalCodeField(TypedAnswer):
    """A postal code; on the wire six characters without a space (contract §6.1)."""

    attributes = {"autocapitalize": "characters"}

    def read(self, text: str) -> str:
        return parse_postal_code(text)

    def shown(self, wire: Any) -> Any:
        return spaced(wire) if _WIRE.fullmatch(str(wire)) else wire
