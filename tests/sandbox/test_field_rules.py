"""What apply accepts and refuses, field by field."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.field_rules import APPLY_RULES
from tests.sandbox.caller import Till

REQUIRED = [rule.name for rule in APPLY_RULES if rule.required]


def test_nothing_sent_lists_every_required_field_once(till: Till):
    answer = till.post("/apply", {})
    assert answer.json()["error"] == "wrong_inputs"
    assert [e["param"] for e in answer.json()["field_errors"]] == REQUIRED
    assert {e["msg"] for e in answer.json()["field_errors"]} == {"required"}
    assert till.counts() == {"received": 1, "accepted": 0}


@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("name", REQUIRED)
def test_required_field_empty_or_absent(till: Till, name: str, empty: Any):
    assert till.refused_fields(**{name: empty}) == [(name, "required")]


@pytest.mark.parametrize(
    ("name", "value", "msg"),
    [
        ("amount_requested", "5000", "type"),
        ("amount_requested", 0, "invalid"),
        ("amount_requested", -1, "invalid"),
        ("amount_requested", True, "type"),
        ("amount_requested", 10.001, "length"),
        ("amount_requested", 10**16, "length"),
        ("phone_number", "555-123-1231", "invalid"),
        ("phone_number", "555123123", "length"),
        ("phone_number", "٥٥٥١٢٣١٢٣١", "invalid"),
        ("employer_phone", "12312312310", "length"),
        ("email", "nobody", "invalid"),
        ("email", f"{'x' * 90}@example.com", "length"),
        ("language", "en", "invalid"),
        ("salutation", "dr", "invalid"),
        ("first_name", "x" * 36, "length"),
        ("last_name", "x" * 51, "length"),
        ("first_name", 7, "type"),
        ("middle_name", "x" * 256, "length"),
        ("dob", "1990-02-30", "invalid"),
        ("dob", "01/01/1990", "invalid"),
        ("dob", (date.today() + timedelta(1)).isoformat(), "invalid"),
        ("dob", 19900101, "type"),
        ("address_1", "x" * 251, "length"),
        ("address_2", "x" * 101, "length"),
        ("city", "x" * 101, "length"),
        ("province", "qc", "invalid"),
        ("province", "XX", "invalid"),
        ("postal_code", "A1A 0H1", "length"),
        ("postal_code", "A1A0H", "invalid"),
        ("govid_type", "XX", "invalid"),
        ("govid_issuedby", "ON", "invalid"),
        ("govid_expiry", "2031-13-01", "invalid"),
        ("personal_income", "123123", "type"),
        ("household_income", -1, "invalid"),
        ("monthly_housing_expenses", "1000", "type"),
        ("housing_type", "rent", "invalid"),
        ("occupation_id", "XX", "invalid"),
        ("security_qid", "1", "invalid"),
        ("security_qid", ["8"], "type"),
        ("security_answer", "x" * 51, "length"),
        ("request_id", "x" * 151, "length"),
    ],
)
def test_wrong_value_names_its_field(till: Till, name: str, value: Any, msg: str):
    assert till.refused_fields(**{name: value}) == [(name, msg)]


@pytest.mark.parametrize("sin", ["12312312", "1231231234", "12312312a", "123 123 123"])
def test_sin_is_named_in_upper_case_with_words_of_its_own(till: Till, sin: str):
    assert till.refused_fields(sin=sin) == [("SIN", "wrong format")]


def test_sin_check_digit_only_on_request(till: Till):
    till.switch(sin_check_digit=True)
    assert till.refused_fields(sin="123123123") == [("SIN", "wrong format")]
    assert till.apply(sin="046454286").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("phone_number", 5551231231),
        ("security_qid", 8),
        ("sin", 123123123),
        ("sin", None),
        ("first_name", "x" * 35),
        ("last_name", "É" * 50),
        ("postal_code", "m1m1m1"),
        ("address_2", ""),
        ("address_2", None),
        ("amount_requested", 4999.99),
        ("govid_expiry", "2020-12-12"),
        ("middle_name", None),
        ("a_member_nobody_knows", {"x": 1}),
    ],
)
def test_value_that_passes(till: Till, name: str, value: Any):
    assert till.apply(**{name: value}).status_code == 200


def test_several_errors_come_together_in_order(till: Till):
    assert till.refused_fields(dob="x", phone_number=None, piw="") == [
        ("phone_number", "required"),
        ("dob", "invalid"),
        ("piw", "required"),
    ]


def test_housing_expenses_are_required_in_quebec_only(till: Till):
    assert till.refused_fields(monthly_housing_expenses=None) == [("monthly_housing_expenses", "required")]
    assert till.apply(monthly_housing_expenses=None, province="ON").status_code == 200


def test_government_id_may_be_left_out(till: Till):
    fields = ("govid_type", "govid_issuedby", "govid_number", "govid_expiry", "input_type")
    assert till.apply(**dict.fromkeys(fields)).status_code == 200


def test_address_rule_of_doc_002_swaps_the_two_lines(till: Till):
    till.switch(address_rule="doc_002")
    assert till.refused_fields(address_1=None, address_2=None) == [("address_2", "required")]
    assert till.apply(address_1=None, address_2="").status_code == 200


def test_address_rule_doc_002_strict_wants_a_second_line_with_text(till: Till):
    till.switch(address_rule="doc_002_strict")
    assert till.refused_fields(address_2="") == [("address_2", "required")]


def test_ascii_only_refuses_accents(till: Till):
    till.switch(ascii_only=True)
    assert till.refused_fields(first_name="Étienne") == [("first_name", "invalid")]


def test_error_page_spelling_of_input_errors(till: Till):
    till.switch(input_errors="error_page")
    answer = till.apply(occupation_id="XX").json()
    assert answer["error"] == "wrong_input"
    assert answer["error_fields"] == [{"param": "occupation_id", "msg": "invalid", "value": "XX", "type": "invalid"}]


@pytest.mark.parametrize("tos_agreement", [False, None, "true", 1])
def test_terms_not_accepted_has_a_code_of_its_own(till: Till, tos_agreement: Any):
    answer = till.apply(tos_agreement=tos_agreement)
    assert (answer.status_code, answer.json()["error"]) == (409, "tos_agreement_required")
    assert till.counts()["accepted"] == 0


def test_business_accounts_and_unknown_locations(till: Till):
    assert till.apply(account_type="business").json()["error"] == "account_type_not_permitted"
    till.switch(registered_locations=["00-12345"])
    assert till.apply(external_location_id="00-1").json()["error"] == "external_location_id_not_found"
    assert till.apply(external_location_id="00-12345").status_code == 200


@pytest.mark.parametrize("content", [b"[1]", b"{", b'{"amount_requested": NaN}', b'{"city": "a\nb"}', b"\xff"])
def test_body_that_is_no_json_object(till: Till, content: bytes):
    answer = till.call("POST", "/apply", data=content, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["error"]) == (400, "general_error")


def test_form_encoded_application_has_no_members(till: Till):
    answer = till.call("POST", "/apply", data={"first_name": "John"})
    assert ("first_name", "required") in [(e["param"], e["msg"]) for e in answer.json()["field_errors"]]
