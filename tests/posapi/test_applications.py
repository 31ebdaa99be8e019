"""The body of `apply`, and the approval that answers it."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posapi import Approval, CreditApplication, Offer
from posapi.reading import NotUnderstood, read_json
from tests.contract.examples import example


def application(**changes: Any) -> CreditApplication:
    return CreditApplication.from_body({**example("apply_request"), **changes})


def test_body_of_the_vendors_example() -> None:
    made = application()
    assert made.body() == example("apply_request")
    assert made.dob == date(1990, 1, 1)
    assert made.amount_requested == Decimal(5000)


def test_body_keeps_json_types() -> None:
    body = application(amount_requested=Decimal("2500.50"), personal_income="52000.00").body()
    assert json.dumps(body["amount_requested"]) == "2500.5"
    assert json.dumps(body["personal_income"]) == "52000"
    assert body["security_qid"] == "8"
    assert body["tos_agreement"] is True


@pytest.mark.parametrize("blank", [None, ""])
def test_body_leaves_out_what_is_not_given(blank: str | None) -> None:
    names = ("middle_name", "govid_expiry", "sin", "monthly_housing_expenses", "employer_phone")
    body = application(**dict.fromkeys(names, blank)).body()
    assert body.keys().isdisjoint(names)


@pytest.mark.parametrize("blank", [None, ""])
def test_body_sends_an_empty_second_address_line(blank: str | None) -> None:
    assert application(address_2=blank).body()["address_2"] == ""


@settings(deadline=None, max_examples=50)
@given(
    amount=st.decimals("0.01", "9999999.99", places=2),
    name=st.text(min_size=1, max_size=35),
    middle=st.none() | st.text(max_size=20),
    born=st.dates(),
)
def test_body_survives_storage(amount: Decimal, name: str, middle: str | None, born: date) -> None:
    made = application(amount_requested=amount, first_name=name, middle_name=middle, dob=born)
    kept = json.loads(json.dumps(made.body()))
    assert CreditApplication.from_body(kept) == made
    assert CreditApplication.from_body(kept).body() == kept
    assert Decimal(str(kept["amount_requested"])) == amount


@pytest.mark.parametrize(
    "changes",
    [
        {"dob": "01/02/1990"},
        {"dob": "19900102"[:4]},
        {"dob": ""},
        {"dob": None},
        {"amount_requested": None},
        {"amount_requested": "a lot"},
        {"amount_requested": "NaN"},
        {"amount_requested": True},
        {"amount_requested": "0.1234567890123456789"},
        {"tos_agreement": "true"},
        {"tos_agreement": None},
        {"first_name": 5},
        {"first_name": None},
    ],
)
def test_application_of_wrong_types_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(changes))) as caught:
        application(**changes)
    assert "lot" not in str(caught.value)


def test_body_with_unknown_or_missing_names_refused() -> None:
    with pytest.raises(ValueError, match="id_issuer, piw"):
        CreditApplication.from_body(
            {name: value for name, value in example("apply_request").items() if name != "piw"} | {"id_issuer": "X"}
        )


def test_terms_not_accepted_can_be_said() -> None:
    assert application(tos_agreement=False).body()["tos_agreement"] is False


def test_approval_for_the_rest_of_canada() -> None:
    approval = Approval.from_json(read_json(json.dumps(example("apply_rest_of_canada")).encode()))
    assert approval == Approval("20035156", "43353", Decimal(5000), Decimal(5000), "L", "8234")
    assert approval.debt_ratio is None


def test_approval_for_quebec() -> None:
    approval = Approval.from_json(example("apply_quebec"))
    assert approval.debt_ratio == Decimal(0)
    plan = Offer("1", "90 Days Grace, Equal Payments Regular Interest", "equal_billing", (12, 18, 24, 36))
    assert approval.offer_types == (plan,)


def test_approval_with_strings_for_numbers() -> None:
    answer = {name: str(value) for name, value in example("apply_rest_of_canada").items()}
    assert Approval.from_json(answer) == Approval.from_json(example("apply_rest_of_canada"))


def test_approval_keeps_cents() -> None:
    answer = read_json(b'{"account_number": 1, "available_credit": 659.51, "credit_limit": "1000.10"}')
    assert (Approval.from_json(answer).available_credit, Approval.from_json(answer).credit_limit) == (
        Decimal("659.51"),
        Decimal("1000.10"),
    )


@pytest.mark.parametrize("number", [None, "", "  ", [1], {"number": 1}, "1; 2", 1.5, True])
def test_approval_needs_an_account_number(number: Any) -> None:
    with pytest.raises(NotUnderstood, match="account_number"):
        Approval.from_json({**example("apply_quebec"), "account_number": number})


@pytest.mark.parametrize("name", sorted(example("apply_quebec").keys() - {"account_number"}))
def test_approval_without_another_member(name: str) -> None:
    answer = example("apply_quebec")
    del answer[name]
    assert Approval.from_json(answer).account_number == "20035156"


@pytest.mark.parametrize("unreadable", [["?"], {"?": "?"}, True])
@pytest.mark.parametrize("name", sorted(example("apply_quebec").keys() - {"account_number"}))
def test_approval_with_another_member_that_cannot_be_read(name: str, unreadable: Any) -> None:
    """The account is open: calling it unknown, or refusing it, would be untrue."""
    told = Approval.from_json({**example("apply_quebec"), name: unreadable})
    assert told.account_number == "20035156"
    assert getattr(told, {"vcc_number": "card_ending"}.get(name, name)) in (None, "", ())


def test_approval_of_nothing_is_not_one_that_does_not_tell() -> None:
    told = Approval.from_json({"account_number": 1, "available_credit": 0, "credit_limit": "0.00", "debt_ratio": 0})
    assert (told.available_credit, told.credit_limit, told.debt_ratio) == (Decimal(0), Decimal(0), Decimal(0))
    silent = Approval.from_json({"account_number": 1})
    assert (silent.available_credit, silent.credit_limit, silent.debt_ratio) == (None, None, None)


@pytest.mark.parametrize("terms", ["12", [True], ["a year"], ["99999"], [[12]]])
def test_approval_with_terms_that_are_no_months(terms: Any) -> None:
    answer = example("apply_quebec")
    answer["offer_types"][0]["term_options"] = terms
    assert Approval.from_json(answer).offer_types == ()
