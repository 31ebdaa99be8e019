"""Which occupations have an employer to ask for.

The vendor's rule is not known (contract §6.3), so a missing employer never blocks.
"""

_HAS_EMPLOYER = ("FE", "PE", "SW")
_HAS_BUSINESS_NAME = ("SE",)

WITH_EMPLOYER_NAME = (*_HAS_EMPLOYER, *_HAS_BUSINESS_NAME)
WITH_EMPLOYER_PHONE = _HAS_EMPLOYER


def asks_employer_name(occupation_id: str) -> bool:
    """An employer's name, or for the self-employed the name of the business."""
    return occupation_id in WITH_EMPLOYER_NAME


def asks_employer_phone(occupation_id: str) -> bool:
    return occupation_id in WITH_EMPLOYER_PHONE
