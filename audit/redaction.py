"""What the detail of an event may hold: identifiers, counts and codes, never an answer or a secret.

Refusing loudly is better than masking: the caller learns in its first test that the key does not belong here.
"""

import re
from collections.abc import Mapping
from typing import Any

Detail = str | int | bool | None | list[str]

MAX_TEXT = 200
MAX_ITEMS = 50
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")  # PostgreSQL takes no NUL, and UTF-8 no half of a pair

# `/apply` by its API names (contract §6.1) but for language and province, which evidence about terms needs.
_ANSWERS = """
amount_requested phone_number email salutation first_name middle_name last_name dob address_1 address_2 city
postal_code govid_type govid_issuedby govid_number govid_expiry personal_income household_income
monthly_housing_expenses housing_type occupation_id occupation_title employer_name employer_phone sin
security_qid security_answer piw
"""
_ANSWERS_BY_OTHER_NAMES = """
address amount answer answers birth_date birthdate body card card_number customer date_of_birth full_name
given_name income licence licence_number license license_number mobile phone postcode raw raw_text request
response snapshot surname telephone
"""
# Decided about the applicant (contract §6.4): the row of the application holds it.
_DECISION = """
account_number available_credit card_ending credit_limit customer_id debt_ratio risk_rating vcc_number
"""
_SECRETS = """
access_token api_key authorization client_secret key password refresh_token secret session_key token
"""
DENIED = frozenset((_ANSWERS + _ANSWERS_BY_OTHER_NAMES + _DECISION + _SECRETS).split())


def refuse_answers(detail: Mapping[str, Any]) -> None:
    """Raise `ValueError`, naming the key and never the value, unless all of it may be kept for ever."""
    for key, value in detail.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise ValueError("A key of an event's detail is a short lower-case name.")
        if any(key == denied or key.endswith(f"_{denied}") for denied in DENIED):
            raise ValueError(f"{key} does not belong into an event: it may hold an answer or a secret.")
        if not _is_short(value):
            raise ValueError(f"{key} of an event is a number, a flag, short text or a list of short texts.")


def _is_short(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= MAX_ITEMS and all(isinstance(item, str) and _is_short(item) for item in value)
    if isinstance(value, str):
        return len(value) <= MAX_TEXT and not _NO_TEXT.search(value)
    return value is None or isinstance(value, int)
