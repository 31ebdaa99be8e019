"""Merchants, stores, staff, and the credentials with which a merchant speaks to the POS API."""

from merchants.models.credentials import (
    CheckOccasion,
    Circuit,
    CircuitState,
    Credential,
    CredentialCheck,
    CredentialStanding,
    I18nAnswer,
    SessionOutcome,
)
from merchants.models.environments import Environment
from merchants.models.people import (
    Invitation,
    Language,
    Membership,
    Merchant,
    Role,
    Store,
    User,
    valid_time_zone,
)

__all__ = [
    "CheckOccasion",
    "Circuit",
    "CircuitState",
    "Credential",
    "CredentialCheck",
    "CredentialStanding",
    "Environment",
    "I18nAnswer",
    "Invitation",
    "Language",
    "Membership",
    "Merchant",
    "Role",
    "SessionOutcome",
    "Store",
    "User",
    "valid_time_zone",
]
