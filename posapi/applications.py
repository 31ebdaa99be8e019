"""What `apply` takes and what an approval gives (vendor doc 002, contract §6)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Self, TypeVar

from posapi.options import Offer, read_offers
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

_DATES = ("dob", "govid_expiry")
_AMOUNTS = ("amount_requested", "personal_income", "household_income", "monthly_housing_expenses")

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True, repr=False)
class CreditApplication:
    """One application with the API's own field names (contract §6.1).

    Amounts are Canadian dollars; dates and amounts may also be given as the text `body` writes.
    A blank optional field counts as not given. `language` is `en-CA` or `fr-CA`; `postal_code` six characters
    without a space; phone numbers ten digits. Whether the values are acceptable is the API's to say.
    """

    amount_requested: Decimal
    phone_number: str
    email: str
    language: str | None = None
    salutation: str
    first_name: str
    middle_name: str | None = None
    last_name: str
    dob: date
    address_1: str
    address_2: str | None = None
    city: str
    province: str
    postal_code: str
    govid_type: str | None = None
    govid_issuedby: str | None = None
    govid_number: str | None = None
    govid_expiry: date | None = None
    input_type: str | None = None
    personal_income: Decimal
    household_income: Decimal
    monthly_housing_expenses: Decimal | None = None
    housing_type: str
    occupation_id: str
    occupation_title: str
    employer_name: str | None = None
    employer_phone: str | None = None
    sin: str | None = None
    security_qid: str
    security_answer: str
    piw: str
    tos_agreement: bool

    def __post_init__(self) -> None:
        for member in fields(self):
            value = getattr(self, member.name)
            object.__setattr__(self, member.name, _typed(member.name, value))

    def __repr__(self) -> str:
        return "<CreditApplication>"

    def body(self) -> dict[str, Any]:
        """The JSON object that is sent, in JSON types: the same values always give the same object.

        Fields that are not given are left out, except `address_2`, sent as "" because the vendor document
        flags it as required (contract §6.1, conflict 1).
        """
        given = {member.name: _wire(getattr(self, member.name)) for member in fields(self)}
        given["address_2"] = given["address_2"] or ""
        return {name: value for name, value in given.items() if value is not None}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """The application a body was made from. Unknown or missing names raise ValueError, naming them."""
        known = {member.name for member in fields(cls)}
        required = {member.name for member in fields(cls) if member.default is not None}
        wrong = sorted(body.keys() - known) + sorted(required - body.keys())
        if wrong:
            raise ValueError("An application's body has unknown or missing fields: " + ", ".join(wrong))
        return cls(**body)


@dataclass(frozen=True)
class Approval:
    """An approved application. Amounts in Canadian dollars; None or "" where the answer does not tell.

    `card_ending` is all that is kept of the card number. `debt_ratio` comes for Quebec and must be shown
    together with the available credit (vendor doc 002); its unit is not documented.
    """

    account_number: str
    customer_id: str = ""
    available_credit: Decimal | None = None
    credit_limit: Decimal | None = None
    risk_rating: str = ""
    card_ending: str = ""
    offer_types: tuple[Offer, ...] = ()
    debt_ratio: Decimal | None = None

    def __repr__(self) -> str:
        return "<Approval>"

    @classmethod
    def from_json(cls, value: Json) -> Self:
        """Read a 200; NotUnderstood only without an account number.

        The account is open whatever else is missing or cannot be read: that counts as not told (contract §6.6).
        """
        members = object_of(value)
        return cls(
            account_number=needed(identifier(members, "account_number"), "account_number"),
            customer_id=_if_told(lambda: identifier(members, "customer_id"), ""),
            available_credit=_if_told(lambda: optional_amount(members, "available_credit"), None),
            credit_limit=_if_told(lambda: optional_amount(members, "credit_limit"), None),
            risk_rating=_if_told(lambda: text(members, "risk_rating"), ""),
            card_ending=last_four_digits(members.get("vcc_number")),
            offer_types=_if_told(lambda: read_offers(members.get("offer_types")), ()),
            debt_ratio=_if_told(lambda: optional_amount(members, "debt_ratio"), None),
        )


def _if_told(read: Callable[[], Value], otherwise: Value) -> Value:
    try:
        return read()
    except NotUnderstood:
        return otherwise


def _typed(name: str, value: Any) -> Any:
    if name in _DATES:
        return _date(name, value)
    if name in _AMOUNTS:
        return _amount(name, value)
    if name == "tos_agreement":
        if not isinstance(value, bool):
            raise ValueError("tos_agreement must be True or False.")
        return value
    if not value and name in _OPTIONAL:
        return None
    if not isinstance(value, str):
        raise ValueError(f"{name} must be text.")
    return value


def _date(name: str, value: Any) -> date | None:
    if not value and name in _OPTIONAL:
        return None
    written = value.isoformat() if isinstance(value, date) else str(value)
    try:
        return date.fromisoformat(written[:10] if isinstance(value, date) else written)
    except ValueError:
        problem = f"{name} must be a date written YYYY-MM-DD."
    raise ValueError(problem)


def _amount(name: str, value: Any) -> Decimal | None:
    if (value is None or value == "") and name in _OPTIONAL:
        return None
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite() or Decimal(str(float(number))) != number:
        raise ValueError(f"{name} must be a number of dollars.") from None
    return number


def _wire(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


_OPTIONAL = frozenset(member.name for member in fields(CreditApplication) if member.default is None)
