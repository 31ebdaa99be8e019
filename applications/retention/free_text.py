"""What people wrote in their own words, as it may be written out: a social insurance number among it is not."""

import re

from django.core.exceptions import ValidationError
from localflavor.ca.forms import CASocialInsuranceNumberField

_NINE_DIGITS = re.compile(r"(?<!\w)(\d{3})[ .-]?(\d{3})[ .-]?(\d{3})(?!\w)")


def without_insurance_numbers(text: str) -> str:
    """Nine digits with the right check digit become a mark: they were not to be kept."""
    return _NINE_DIGITS.sub(lambda found: "•••" if _is_one("-".join(found.groups())) else found[0], text)


def _is_one(number: str) -> bool:
    try:
        CASocialInsuranceNumberField().clean(number)
    except ValidationError:
        return False
    return True
