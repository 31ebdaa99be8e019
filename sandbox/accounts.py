"""Accounts opened here: numbers, one account per person, status, and what search and lookup tell about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock
from typing import Any

from sandbox.clients import ApiClient
from sandbox.errors import business
from sandbox.offers import offer_types
from sandbox.switches import Switches

Json = dict[str, Any]

FIRST_ACCOUNT_NUMBER = 20035156
FIRST_CUSTOMER_ID = 43353
FIRST_VCC_NUMBER = 6374980100408234
"""The first account after a start or a reset has the numbers of vendor doc 002's sample."""

Person = tuple[str, str, str]

_NUMBERS = ("account_number", "customer_id", "vcc_number")


@dataclass(frozen=True)
class Account:
    """One approved application. `application` is the body as it came."""

    vcc_number: int
    account_number: int
    customer_id: int
    credit_limit: float
    risk_rating: str
    merchant: ApiClient
    application: Mapping[str, Any] = field(repr=False)
    debt_ratio: float
    reference_id: str
    opened_on: date
    status: str = "N"
    reason_code: str = "NNOR"

    @property
    def is_quebec(self) -> bool:
        """Whether the applicant lives in Quebec."""
        return self.application.get("province") == "QC"

    @property
    def card_ending_in(self) -> str:
        """The last four digits of the card."""
        return str(self.vcc_number)[-4:]

    def as_approval(self, switches: Switches) -> Json:
        """The success body of `apply`: six members, two more for Quebec (vendor doc 002)."""
        later = switches.answer_types == "later"
        answer: Json = {
            "vcc_number": str(self.vcc_number) if later else self.vcc_number,
            "account_number": self.account_number,
            "customer_id": str(self.customer_id) if later else self.customer_id,
            "available_credit": _money_text(self.credit_limit) if later else number(self.credit_limit),
            "credit_limit": _money_text(self.credit_limit) if later else number(self.credit_limit),
            "risk_rating": self.risk_rating,
        }
        if self.is_quebec or switches.offer_types_everywhere:
            answer["offer_types"] = offer_types(self.credit_limit)
        if self.is_quebec:
            answer["debt_ratio"] = number(_in_unit(self.debt_ratio, switches.debt_ratio_unit))
        return answer

    def as_search_result(self) -> Json:
        """One element of customers/search (contract §9.1); money as strings."""
        return {
            "customer_id": str(self.customer_id),
            "account_status": self.status,
            "account_status_reason_code": self.reason_code,
            "tos_agreement": True,
            "risk_rating": self.risk_rating,
            "account_number": self.account_number,
            "account_type": "consumer",
            "credit_limit": _money_text(self.credit_limit),
            "available_credit": _money_text(self.credit_limit),
            "originating_merchant_id": self.merchant.merchant_id,
            "originating_merchant_name": self.merchant.merchant_name,
            "creation_date": self.opened_on.isoformat(),
            "first_name": self.application["first_name"],
            "last_name": self.application["last_name"],
            "card_ending_in": self.card_ending_in,
            "preferred_language": self.application.get("language") or "en-CA",
        }

    def as_lookup_result(self, security_question: str) -> Json:
        """customers/lookup (contract §9.2)."""
        of = self.application
        return {
            "available_credit": _money_text(self.credit_limit),
            "account_number": self.account_number,
            "customer_id": str(self.customer_id),
            "security_qid": {"id": str(of["security_qid"]), "text": security_question},
            "address_1": of.get("address_1") or "",
            "address_2": of.get("address_2") or "",
            "city": of["city"],
            "province": of["province"],
            "postal_code": of["postal_code"],
            "payment_protection": False,
            "risk_rating": self.risk_rating,
            "offer_types": offer_types(self.credit_limit),
            "card_ending_in": self.card_ending_in,
            "preferred_language": of.get("language") or "en-CA",
            "email": of["email"],
            "phone_number": str(of["phone_number"]),
            "account_type": "consumer",
        }


class Ledger:
    """Every account of one instance. Opening, finding and closing are each one step under a lock."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._accounts: dict[int, Account] = {}
        self._of_person: dict[Person, list[int]] = {}
        self._of_number: dict[tuple[str, str], int] = {}

    def open(
        self,
        application: Mapping[str, Any],
        *,
        merchant: ApiClient,
        risk_rating: str,
        credit_limit: float,
        debt_ratio: float,
        reference_id: str,
        one_per_person: bool,
    ) -> Account:
        """Open an account. Raises a 409 `customer_already_exists` refusal for the same names and date of birth."""
        person = _person(application["first_name"], application["last_name"], application["dob"])
        with self._lock:
            if one_per_person and person in self._of_person:
                raise business("customer_already_exists")
            opened = len(self._accounts)
            account = Account(
                vcc_number=FIRST_VCC_NUMBER + opened,
                account_number=FIRST_ACCOUNT_NUMBER + opened,
                customer_id=FIRST_CUSTOMER_ID + opened,
                credit_limit=credit_limit,
                risk_rating=risk_rating,
                merchant=merchant,
                application=dict(application),
                debt_ratio=debt_ratio,
                reference_id=reference_id,
                opened_on=date.today(),
            )
            self._accounts[account.account_number] = account
            self._of_person.setdefault(person, []).append(account.account_number)
            for name in _NUMBERS:
                self._of_number[name, str(getattr(account, name))] = account.account_number
            return account

    def knows(self, application: Mapping[str, Any]) -> bool:
        """Whether this person (names and date of birth) has an account here."""
        person = _person(application["first_name"], application["last_name"], application["dob"])
        with self._lock:
            return person in self._of_person

    def search(self, first_name: str, last_name: str, dob: str, postal_code: str = "") -> list[Account]:
        """Accounts of this person, at whichever merchant they were opened."""
        person = _person(first_name, last_name, dob)
        with self._lock:
            accounts = [self._accounts[number] for number in self._of_person.get(person, [])]
        return [a for a in accounts if postal_code.upper() in ("", a.application["postal_code"].upper())]

    def find(self, *, account_number: str = "", customer_id: str = "", vcc_number: str = "") -> Account | None:
        """The account with this number, customer or card."""
        given = zip(_NUMBERS, (account_number, customer_id, vcc_number), strict=True)
        with self._lock:
            found = (self._of_number.get(key) for key in given)
            return next((self._accounts[number] for number in found if number is not None), None)

    def close(self, account_number: str, *, merchant: ApiClient, anywhere: bool, again_status: int) -> None:
        """Close a Quebec account of this merchant; with `anywhere` one outside Quebec too.

        Raises a 404 `not_found` refusal when there is no such account or, with `again_status` 404, when it is closed.
        """
        with self._lock:
            account = self._accounts.get(int(account_number))
            if account is None or account.merchant.merchant_id != merchant.merchant_id:
                raise business("not_found")
            if not (account.is_quebec or anywhere) or (account.status == "C" and again_status == 404):
                raise business("not_found")
            closed = replace(account, status="C", reason_code="FCQC")
            self._accounts[account.account_number] = closed

    def all(self) -> list[Account]:
        """Every account, oldest first."""
        with self._lock:
            return list(self._accounts.values())

    def reset(self) -> None:
        """Forget every account; numbers start over."""
        with self._lock:
            self._accounts.clear()
            self._of_person.clear()
            self._of_number.clear()


def number(value: float) -> int | float:
    """A JSON number without a needless fraction: 5000, not 5000.0."""
    return int(value) if value == int(value) else value


def _money_text(value: float) -> str:
    return f"{value:.2f}"


def _in_unit(percent: float, unit: str) -> float:
    return percent if unit == "percent" else round(percent / 100, 4)


def _person(first_name: str, last_name: str, dob: str) -> Person:
    return (first_name.strip().casefold(), last_name.strip().casefold(), dob)
