"""What the reading endpoints give."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from posapi.reading import NotUnderstood
from posapi.records import Licence, MerchantSession, read_accounts
from tests.contract.examples import example

ACCOUNT = {
    "customer_id": "43353",
    "account_status": "N",
    "account_status_reason_code": "NNOR",
    "tos_agreement": True,
    "tos": True,
    "risk_rating": "L",
    "account_number": 20035156,
    "account_type": "consumer",
    "credit_limit": "1000.00",
    "available_credit": "659.51",
    "originating_merchant_id": "382",
    "originating_merchant_name": "European Restorations",
    "creation_date": "2021-03-04",
    "first_name": "John",
    "last_name": "Doe",
    "card_ending_in": "8234",
    "preferred_language": "en-CA",
}


def test_merchant_session() -> None:
    session = MerchantSession.from_json(example("login"), "en")
    assert (session.merchant_name, session.merchant_id) == ("European Restorations", "382")
    assert session.form_values.provinces


def test_merchant_session_with_a_number_and_without_form_values() -> None:
    session = MerchantSession.from_json({"merchant_name": "Maison Boréale", "merchant_id": 415}, "fr")
    assert session.merchant_id == "415"
    assert session.form_values.provinces == ()


@pytest.mark.parametrize("answer", [{}, {"merchant_name": " "}, [], "x", {"merchant_name": ["x"]}])
def test_merchant_session_without_a_name(answer: Any) -> None:
    with pytest.raises(NotUnderstood):
        MerchantSession.from_json(answer, "en")


def test_account_found() -> None:
    (account,) = read_accounts([ACCOUNT])
    assert account.account_number == "20035156"
    assert (account.credit_limit, account.available_credit) == (Decimal("1000.00"), Decimal("659.51"))
    assert account.creation_date == date(2021, 3, 4)
    assert account.card_ending == "8234"


def test_account_with_a_time_in_its_date() -> None:
    (account,) = read_accounts([{**ACCOUNT, "creation_date": "2021-03-04T10:00:00Z"}])
    assert account.creation_date == date(2021, 3, 4)


def test_no_account() -> None:
    assert read_accounts([]) == ()


@pytest.mark.parametrize(
    "answer",
    [
        {},
        [[]],
        [{}],
        [ACCOUNT, {}],
        [{**ACCOUNT, "creation_date": "4 March"}],
        [{**ACCOUNT, "creation_date": "2021-13-01"}],
    ],
)
def test_accounts_not_understood(answer: Any) -> None:
    with pytest.raises(NotUnderstood):
        read_accounts(answer)


def test_licence_with_gaps() -> None:
    licence = Licence.from_json({"first_name": "Ève", "postal_code": "M1M 1M1", "middle_name": None, "new": 1})
    assert (licence.first_name, licence.postal_code, licence.middle_name) == ("Ève", "M1M 1M1", "")


@pytest.mark.parametrize("answer", [{}, [], {"new": 1}, {"first_name": ""}])
def test_licence_of_nothing(answer: Any) -> None:
    with pytest.raises(NotUnderstood):
        Licence.from_json(answer)
