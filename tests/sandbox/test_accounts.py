"""Search, lookup and closing."""

import pytest

from tests.sandbox.caller import Till

JOHN = {"first_name": "john", "last_name": "DOE", "dob": "1990-01-01"}


def test_search_answers_an_array_as_the_customers_page_prints_it(till: Till):
    till.approved(language="fr-CA")
    answer = till.get("/customers/search", **JOHN, postal_code="a1a0h1")
    assert answer.status_code == 200
    (found,) = answer.json()
    opened = found.pop("creation_date")
    assert len(opened) == 10
    assert found == {
        "customer_id": "43353",
        "account_status": "N",
        "account_status_reason_code": "NNOR",
        "tos_agreement": True,
        "risk_rating": "L",
        "account_number": 20035156,
        "account_type": "consumer",
        "credit_limit": "5000.00",
        "available_credit": "5000.00",
        "originating_merchant_id": "382",
        "originating_merchant_name": "European Restorations",
        "first_name": "John",
        "last_name": "Doe",
        "card_ending_in": "8234",
        "preferred_language": "fr-CA",
    }


def test_search_without_match_is_404_or_an_empty_array(till: Till):
    answer = till.get("/customers/search", **JOHN)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    till.switch(search_without_match=200)
    answer = till.get("/customers/search", **JOHN)
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("other", [{"dob": "1990-01-02"}, {"last_name": "Doee"}, {"postal_code": "A1A0H2"}])
def test_search_for_somebody_else_finds_nobody(till: Till, other: dict[str, str]):
    till.approved()
    assert till.get("/customers/search", **{**JOHN, **other}).status_code == 404


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"dob": ""}, ("dob", "required")),
        ({"dob": "1990-1-1"}, ("dob", "invalid")),
        ({"first_name": "x" * 36}, ("first_name", "length")),
        ({"postal_code": "A1A 0H1"}, ("postal_code", "length")),
    ],
)
def test_search_with_wrong_inputs(till: Till, change: dict[str, str], error: tuple[str, str]):
    answer = till.get("/customers/search", **{**JOHN, **change})
    assert answer.status_code == 409
    assert [(e["param"], e["msg"]) for e in answer.json()["field_errors"]] == [error]


def test_declined_and_pending_applicants_are_not_found(till: Till):
    till.apply(middle_name="D-FRAUD")
    till.apply(middle_name="P-CREDIT")
    assert till.get("/customers/search", **JOHN).status_code == 404


def test_lookup_of_0001_times_out_at_the_gateway(till: Till):
    answer = till.get("/customers/lookup", account_number="0001")
    assert (answer.status_code, answer.json()["error"]) == (504, "GATEWAY_TIMEOUT")


@pytest.mark.parametrize(
    "by", [{"account_number": "20035156"}, {"customer_id": "43353"}, {"vcc_number": "6374980100408234"}]
)
def test_lookup_by_each_number(till: Till, by: dict[str, str]):
    till.approved()
    found = till.get("/customers/lookup", **by, lang="fr").json()
    assert found["account_number"] == 20035156
    assert found["security_qid"]["id"] == "8"
    assert found["security_qid"]["text"].startswith("Quel est le nom de la personne")
    assert "vcc_number" not in found


def test_lookup_wants_exactly_one_number(till: Till):
    assert till.get("/customers/lookup").json()["field_errors"] == [{"param": "account_number", "msg": "required"}]
    both = till.get("/customers/lookup", account_number="1", customer_id="2")
    assert both.json()["field_errors"] == [{"param": "customer_id", "msg": "invalid"}]
    assert till.get("/customers/lookup", account_number="1").status_code == 404


def test_close_answers_an_empty_object_and_the_account_is_closed(till: Till):
    number = till.approved()["account_number"]
    answer = till.post(f"/accounts/{number}/close")
    assert (answer.status_code, answer.json()) == (200, {})
    (found,) = till.get("/customers/search", **JOHN).json()
    assert (found["account_status"], found["account_status_reason_code"]) == ("C", "FCQC")
    assert till.get("/customers/lookup", account_number=str(number)).json()["error"] == "user_not_active"


def test_close_again_is_200_or_404(till: Till):
    number = till.approved()["account_number"]
    assert [till.post(f"/accounts/{number}/close").status_code for _ in range(2)] == [200, 200]
    till.switch(close_again_status=404)
    assert till.post(f"/accounts/{number}/close").status_code == 404


def test_close_of_an_unknown_account_is_404(till: Till):
    answer = till.post("/accounts/20035156/close")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


@pytest.mark.parametrize(("number", "msg"), [("12ab", "type"), ("1" * 15, "length")])
def test_close_of_what_is_no_account_number(till: Till, number: str, msg: str):
    assert till.post(f"/accounts/{number}/close").json()["field_errors"] == [{"param": "account_number", "msg": msg}]


def test_close_outside_quebec_only_by_switch(till: Till):
    number = till.approved(province="ON")["account_number"]
    assert till.post(f"/accounts/{number}/close").status_code == 404
    till.switch(close_outside_quebec=True)
    assert till.post(f"/accounts/{number}/close").status_code == 200


def test_close_of_another_merchants_account_is_404(till: Till):
    number = till.approved()["account_number"]
    till.sign_on(client_id="maisonboreale", client_secret="5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab")
    till.client_id = "maisonboreale"
    assert till.post(f"/accounts/{number}/close").status_code == 404


def test_close_by_the_older_path(till: Till):
    number = till.approved()["account_number"]
    assert till.post("/customers/close-account", {"account_number": number}).json() == {}
    assert till.control("GET", "accounts")[0]["status"] == "C"
