"""The Social Insurance Number: always optional, and never in the way (canada.md §3)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from localflavor.ca.forms import CASocialInsuranceNumberField

from applications.journey.fields.text import TypedAnswer, without_marks

# Its check digit is wrong, and the vendor's documents use it all the same (vendor doc 002).
VENDOR_SAMPLE = "123123123"

_BETWEEN = re.compile(r"[-./ \u2010-\u2015\u2212]")
_service_canada = CASocialInsuranceNumberField()

COUNT = _("Enter the nine digits of the number, or leave the box empty: this has %(digits)d.")
UNREADABLE = _("Enter the nine digits of the number, for example 046 454 286, or leave the box empty.")
WRONG = _(
    "This is not a Social Insurance Number: a digit is wrong. Check it with the customer, or leave the box empty."
)


def parse_sin(text: str, *, accept_vendor_sample: bool = False) -> str:
    """Nine digits with a right check digit, from any spacing. Raises ValidationError.

    A first digit 0, 8 or 9 is odd but not refused here (see `warnings`); nine zeros are nobody's number.
    """
    digits = _BETWEEN.sub("", without_marks(text))
    if not re.fullmatch("[0-9]+", digits):
        raise ValidationError(UNREADABLE, code="unreadable")
    if len(digits) != 9:
        raise ValidationError(COUNT, code="count", params={"digits": len(digits)})
    if digits == VENDOR_SAMPLE and accept_vendor_sample:
        return digits
    if digits == "000000000" or not _check_digit_is_right(digits):
        raise ValidationError(WRONG, code="check_digit")
    return digits


def _check_digit_is_right(digits: str) -> bool:
    try:
        return bool(_service_canada.clean(f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"))
    except ValidationError:
        return False


class SinField(TypedAnswer):
    """A Social Insurance Number; on the wire nine digits (contract §6.1)."""

    inputmode = "numeric"
    accept_vendor_sample = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def read(self, text: str) -> str:
        return parse_sin(text, accept_vendor_sample=self.accept_vendor_sample)
