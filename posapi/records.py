"""What the reading endpoints give: the merchant's session, terms, a scanned licence, found accounts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Self

from posapi.options import FormValues
from posapi.reading import (
    Json,
    NotUnderstood,
    identifier,
    last_four_digits,
    needed,
    object_of,
    optional_amount,
    text,
)


@dataclass(frozen=True)
class MerchantSession:
    """The merchant as the lender knows it, with the form values of its sign-in (vendor doc 002).

    Those values have no occupations and no housing types; `i18n` has them.
    """

    merchant_name: str
    merchant_id: str
    form_values: FormValues

    @classmethod
    def from_json(cls, value: Json, lang: str) -> Self:
        """Read a sign-in answer; NotUnderstood without the merchant's name."""
        members = object_of(value)
        return cls(
            merchant_name=needed(text(members, "merchant_name"), "merchant_name"),
            merchant_id=identifier(members, "merchant_id"),
            form_values=FormValues.read({"form_values": members.get("form_values") or {}}, lang),
        )


@dataclass(frozen=True)
class Terms:
    """The terms to approve, byte for byte as served, and their content type with any charset."""

    content: bytes
    content_type: str

    def __repr__(self) -> str:
        return f"<Terms {len(self.content)} bytes>"


@dataclass(frozen=True, repr=False)
class Licence:
    """A decoded driver's licence under `apply`'s field names; "" where the scan had nothing (contract §5).

    Dates are written YYYY-MM-DD. The postal code is as printed on the licence, maybe with a space.
    """

    first_name: str
    middle_name: str
    last_name: str
    dob: str
    address_1: str
    city: str
    province: str
    postal_code: str
    govid_type: str
    govid_issuedby: str
    govid_number: str
    govid_expiry: str

    def __repr__(self) -> str:
        return "<Licence>"

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Read a decoded licence; NotUnderstood when none of its members is there."""
        members = object_of(value)
        found = {name: text(members, name) for name in cls.__dataclass_fields__}
        if not any(found.values()):
            raise NotUnderstood("no member of a licence is there")
        return cls(**found)


@dataclass(frozen=True, repr=False)
class Account:
    """An account found by name and date of birth (contract §9.1). Amounts in Canadian dollars.

    `creation_date` tells an account that a submission opened from an older one; it has no time of day.
    """

    account_number: str
    customer_id: str
    account_status: str
    account_status_reason_code: str
    account_type: str
    risk_rating: str
    available_credit: Decimal | None
    credit_limit: Decimal | None
    creation_date: date | None
    first_name: str
    last_name: str
    card_ending: str
    preferred_language: str
    originating_merchant_id: str
    originating_merchant_name: str

    def __repr__(self) -> str:
        return "<Account>"

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Read one entry of a search; NotUnderstood without an account number."""
        members = object_of(value)
        return cls(
            account_number=needed(identifier(members, "account_number"), "account_number"),
            customer_id=identifier(members, "customer_id"),
            account_status=text(members, "account_status"),
            account_status_reason_code=text(members, "account_status_reason_code"),
            account_type=text(members, "account_type"),
            risk_rating=text(members, "risk_rating"),
            available_credit=optional_amount(members, "available_credit"),
            credit_limit=optional_amount(members, "credit_limit"),
            creation_date=_day(members, "creation_date"),
            first_name=text(members, "first_name"),
            last_name=text(members, "last_name"),
            card_ending=last_four_digits(members.get("card_ending_in")),
            preferred_language=text(members, "preferred_language"),
            originating_merchant_id=text(members, "originating_merchant_id"),
            originating_merchant_name=text(members, "originating_merchant_name"),
        )


def read_accounts(value: Json) -> tuple[Account, ...]:
    """Every account of a search answer, which is a list."""
    if not isinstance(value, list):
        raise NotUnderstood("not a list of accounts")
    return tuple(Account.from_json(entry) for entry in value)


def _day(members: Mapping[str, Json], name: str) -> date | None:
    written = text(members, name)
    if not written:
        return None
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", written, re.ASCII):
        raise NotUnderstood(f"{name} is not a date")
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise NotUnderstood(f"{name} is not a date") from None
