"""Response keys, limits, ratings, debt ratios and duplicates."""

import pytest

from sandbox.adjudication import RESPONSE_KEYS, credit_limit, debt_ratio
from tests.sandbox.caller import Till, applicant

DECLINED, PENDING = "application_declined", "application_marked_pending"


@pytest.mark.parametrize(("key", "rating"), [("A-RR_L", "L"), ("A-RR_M", "M"), ("A-RR_H", "H"), ("A-RR_X", "X")])
def test_key_approves_with_its_rating(till: Till, key: str, rating: str):
    assert till.approved(middle_name=key)["risk_rating"] == rating


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("D-MISSING_INFO", f"{DECLINED}_2"),
        ("P-MISSING_INFO", f"{PENDING}_2"),
        ("P-REVIEW_MISC", PENDING),
        ("D-DUPLICATE", f"{DECLINED}_2"),
        ("P-EXIST_CUST", f"{PENDING}_2"),
        ("D-NO_HIT", f"{DECLINED}_3"),
        ("D-NO_SCORE", f"{DECLINED}_3"),
        ("A-RR_XX", DECLINED),
        ("A-RR_XXX", DECLINED),
        ("P-CREDIT", PENDING),
        ("P-FRAUD", PENDING),
        ("D-FRAUD", DECLINED),
        ("D-EMAIL_DBL_TIMEOUT", "application_create_error"),
    ],
)
def test_key_refuses_with_its_code_and_opens_nothing(till: Till, key: str, code: str):
    answer = till.apply(middle_name=key)
    assert (answer.status_code, answer.json()["error"]) == (409, code)
    assert till.counts() == {"received": 1, "accepted": 1}
    assert till.control("GET", "accounts") == []


def test_every_documented_key_is_in_the_table():
    assert len(RESPONSE_KEYS) == 17


@pytest.mark.parametrize(("key", "rating"), [("A-RR_XX", "Y"), ("A-RR_XXX", "Z")])
def test_standard_account_turns_the_non_prime_keys_into_approvals(till: Till, key: str, rating: str):
    till.switch(standard_account=True)
    assert till.approved(middle_name=key)["risk_rating"] == rating


def test_keys_mean_nothing_where_the_account_is_not_conditioned(till: Till):
    till.switch(response_keys=False)
    assert till.apply(middle_name="D-FRAUD").status_code == 200


def test_key_is_matched_exactly(till: Till):
    assert till.apply(middle_name="d-fraud").status_code == 200


@pytest.mark.parametrize("key", ["P-CREDIT", "D-NO_HIT"])
def test_decision_in_a_200_keeps_the_body(till: Till, key: str):
    as_409 = till.apply(middle_name=key).json()
    till.switch(decision_status=200)
    answer = till.apply(middle_name=key)
    assert (answer.status_code, answer.json()) == (200, as_409)
    assert till.apply(middle_name="D-EMAIL_DBL_TIMEOUT").status_code == 409


def test_pending_code_of_the_early_error_tables(till: Till):
    till.switch(pending_codes="numbered")
    assert till.apply(middle_name="P-CREDIT").json()["error"] == f"{PENDING}_1"
    assert till.apply(middle_name="P-EXIST_CUST").json()["error"] == f"{PENDING}_2"


@pytest.mark.parametrize(
    ("amount", "income", "rating", "limit"),
    [
        (5000, 123_123, "L", 5000),
        (2487.13, 123_123, "L", 2500),
        (50_000, 400_000, "L", 20_000),
        (10_000, 30_000, "H", 3600),
        (300, 30_000, "H", 500),
        (5000, 0, "X", 500),
    ],
)
def test_credit_limit_follows_amount_income_and_rating(amount: float, income: float, rating: str, limit: float):
    assert credit_limit(applicant(amount_requested=amount, personal_income=income), rating) == limit


@pytest.mark.parametrize(("income", "rating"), [(80_000, "L"), (45_000, "M"), (25_000, "H"), (24_999, "X")])
def test_without_a_key_income_makes_the_rating(till: Till, income: float, rating: str):
    assert till.approved(middle_name=None, personal_income=income)["risk_rating"] == rating


def test_debt_ratio_counts_housing_and_five_percent_of_the_limit():
    anne = applicant(first_name="Anne", personal_income=60_000, monthly_housing_expenses=1150)
    assert debt_ratio(anne, 5000) == pytest.approx(100 * (1150 + 250) / 5000)


def test_debt_ratio_above_45_by_a_small_income(till: Till):
    answer = till.approved(first_name="Anne", personal_income=24_000, monthly_housing_expenses=1150)
    assert answer["debt_ratio"] == 62.25
    assert answer["credit_limit"] == 1900


def test_debt_ratio_without_income_is_a_number():
    assert debt_ratio(applicant(first_name="Anne", personal_income=0), 500) == 999.99


def test_debt_ratio_and_limit_set_through_the_control_plane(till: Till):
    till.control("PUT", "adjudication", {"debt_ratio": 45.01, "credit_limit": 1234.5})
    answer = till.approved()
    assert (answer["debt_ratio"], answer["credit_limit"], answer["available_credit"]) == (45.01, 1234.5, 1234.5)
    till.control("PUT", "adjudication", {})
    assert till.approved(first_name="Anne")["credit_limit"] == 5000


def test_debt_ratio_as_a_fraction(till: Till):
    till.switch(debt_ratio_unit="fraction")
    till.control("PUT", "adjudication", {"debt_ratio": 45.01})
    assert till.approved()["debt_ratio"] == 0.4501


def test_quebec_gets_offers_and_a_ratio_the_rest_does_not(till: Till):
    assert {"offer_types", "debt_ratio"} <= set(till.approved())
    assert not {"offer_types", "debt_ratio"} & set(till.approved(first_name="Anne", province="ON"))
    till.switch(offer_types_everywhere=True)
    elsewhere = till.approved(first_name="Bob", province="ON", amount_requested=2500)
    assert [offer["plan_id"] for offer in elsewhere["offer_types"]] == ["1", "5", "9"]
    assert "debt_ratio" not in elsewhere


def test_later_answer_types_are_strings(till: Till):
    till.switch(answer_types="later")
    answer = till.approved()
    assert answer["vcc_number"] == "6374980100408234"
    assert answer["customer_id"] == "43353"
    assert answer["credit_limit"] == answer["available_credit"] == "5000.00"
    assert answer["account_number"] == 20035156


def test_same_names_and_birth_date_are_one_customer(till: Till):
    till.approved()
    assert till.apply(first_name=" JOHN", middle_name="P-CREDIT").json()["error"] == "customer_already_exists"
    assert till.apply(dob="1990-01-02").status_code == 200
    assert till.counts() == {"received": 3, "accepted": 3}


def test_duplicate_check_may_be_switched_off(till: Till):
    till.switch(duplicate_check=False)
    numbers = {till.approved()["account_number"] for _ in range(2)}
    assert len(numbers) == 2


def test_numbers_start_over_after_reset(till: Till):
    first = till.approved()
    till.control("POST", "reset")
    till.sign_on()
    assert till.approved() == first
