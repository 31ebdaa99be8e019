"""The lender's lists as the steps offer them, and what in an older draft is not in them any more."""

from collections.abc import Mapping
from typing import Any

from posapi import Choice, FormValues

HEALTH_CARD = "CAHC"
# Provinces whose health card must not be taken as identification, whatever the feed says (canada.md §5).
HEALTH_CARD_PROHIBITED = frozenset({"ON", "MB", "NS", "PE", "AB"})

# Field of /apply → member of the i18n answer (contract §3). `govid_issuedby` has a list for each type.
_LISTS = {
    "salutation": "salutations",
    "province": "provinces",
    "govid_type": "govid_types",
    "housing_type": "housing_type",
    "occupation_id": "occupation_ids",
    "security_qid": "security_ids",
}
LISTED = frozenset(_LISTS)
SELECTS = LISTED | {"govid_issuedby"}


def offered(field: str, options: FormValues) -> tuple[Choice, ...]:
    """What may be chosen for a field of `/apply`. Identification that nobody issues is not offered."""
    choices: tuple[Choice, ...] = getattr(options, _LISTS[field])
    if field == "govid_type":
        return tuple(choice for choice in choices if issuers(options, choice.code))
    return choices


def issuers(options: FormValues, govid_type: str) -> tuple[Choice, ...]:
    """Who may have issued identification of this type; nobody for a type that is not known."""
    listed = tuple(options.govid_issued_bys.get(govid_type, ()))
    if govid_type != HEALTH_CARD:
        return listed
    return tuple(choice for choice in listed if choice.code not in HEALTH_CARD_PROHIBITED)


def no_longer_offered(values: Mapping[str, Any], options: FormValues) -> list[str]:
    """The selects among these answers (wire form, by API name) whose value the lender no longer offers."""
    return [field for field in values if field in SELECTS and not _is_offered(field, values, options)]


def still_offered(values: Mapping[str, Any], options: FormValues) -> bool:
    """Whether every choice made in these answers can still be sent."""
    return not no_longer_offered(values, options)


def _is_offered(field: str, values: Mapping[str, Any], options: FormValues) -> bool:
    depends = field == "govid_issuedby"
    choices = issuers(options, values.get("govid_type", "")) if depends else offered(field, options)
    return any(choice.code == values[field] for choice in choices)
