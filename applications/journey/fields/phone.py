"""Phone numbers: ten digits, whatever stood between them."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from applications.journey.fields.text import TypedAnswer, without_marks

# From the first digit on, and only from there: tried from every digit, a long text takes minutes.
_EXTENSION = re.compile(r"[^0-9]*[0-9].*?(?:#|x|ext|poste|ps?t?\.)", re.IGNORECASE)
_ABROAD = re.compile(r"\+[0-9]+|(?:00|011)[0-9]{9,}")
_BETWEEN = re.compile(r"[-()\[\]./ \u2010-\u2015\u2212\u00B7\u2022]")
_WIRE = re.compile(r"[0-9]{10}")

UNREADABLE = _("Enter the phone number with digits, area code first, for example 416 555 0123.")
EXTENSION = _("Leave out the extension: enter the ten digits of the number only, for example 416 555 0123.")
ABROAD = _("Give a number in Canada or the United States: ten digits, area code first, for example 416 555 0123.")
COUNT = _("A phone number has ten digits, area code first, for example 416 555 0123: this one has %(digits)d.")


def parse_phone(text: str) -> str:
    """Ten digits, from any common spelling, with or without `+1` or `1` in front.

    Numbers are not checked against the numbering plan: the vendor's own samples 5551231231 and 1231231231
    (vendor doc 002) would not pass it. Raises ValidationError.
    """
    written = re.sub(r"^tel\.?:? ?", "", without_marks(text), flags=re.IGNORECASE)
    if _EXTENSION.match(written):
        raise ValidationError(EXTENSION, code="extension")
    digits = _BETWEEN.sub("", written.removeprefix("+1"))
    if _ABROAD.fullmatch(digits):
        raise ValidationError(ABROAD, code="abroad")
    if not re.fullmatch("[0-9]+", digits):
        raise ValidationError(UNREADABLE, code="unreadable")
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) != 10:
        raise ValidationError(COUNT, code="count", params={"digits": len(digits)})
    return digits


class PhoneField(TypedAnswer):
    """A phone number; on the wire ten digits (contract §6.1)."""

    inputmode = "tel"

    def read(self, text: str) -> str:
        return parse_phone(text)

    def shown(self, wire: Any) -> Any:
        if not _WIRE.fullmatch(str(wire)):
            return wire
        hyphen = "-" if get_language() == "fr" else " "
        return f"{wire[:3]} {wire[3:6]}{hyphen}{wire[6:]}"
