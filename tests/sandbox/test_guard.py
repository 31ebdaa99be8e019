"""Reference id, bearer, client id in the path, scope, unknown paths."""

import pytest

from tests.sandbox.caller import Till

CUSTOMER = [
    ("GET", "/i18n"),
    ("GET", "/terms-and-conditions"),
    ("POST", "/customers/driverslicense"),
    ("POST", "/apply"),
    ("POST", "/accounts/20035156/close"),
]
MERCHANT_ONLY = [("GET", "/customers/search"), ("GET", "/customers/lookup"), ("POST", "/merchants/login")]


@pytest.mark.parametrize(("method", "path"), MERCHANT_ONLY)
def test_customer_scope_is_403_on_merchant_endpoints(till: Till, method: str, path: str):
    till.sign_on(scope="customer")
    answer = till.call(method, path)
    assert answer.status_code == 403
    assert answer.json() == {
        "code": 403,
        "error": "insufficient_scope",
        "error_description": "Insufficient scope: authorized scope is insufficient",
    }


@pytest.mark.parametrize(("method", "path"), CUSTOMER)
def test_customer_scope_passes_on_customer_endpoints(till: Till, method: str, path: str):
    till.sign_on(scope="customer")
    assert till.call(method, path).status_code not in (401, 403)


def test_wrong_scope_in_the_words_of_doc_000(till: Till):
    till.switch(wrong_scope_status=401)
    till.sign_on(scope="customer")
    answer = till.get("/customers/search")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


@pytest.mark.parametrize("authorization", [None, "", "Bearer", "Basic Zm9v", "Bearer " + "0" * 40])
def test_no_good_bearer_is_401(till: Till, authorization: str | None):
    answer = till.call("GET", "/i18n", headers={"authorization": authorization})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_token")


def test_another_client_in_the_path_is_refused(till: Till):
    till.sign_on()
    till.client_id = "maisonboreale"
    answer = till.get("/i18n")
    assert answer.status_code == 400
    assert answer.json()["error_description"] == "Invalid or missing client_id parameter"


@pytest.mark.parametrize(
    ("sent", "msg"), [(None, "required"), ("", "required"), ("x" * 32, "invalid"), ("ab12", "invalid")]
)
def test_reference_id_missing_or_odd_is_a_wrong_input(till: Till, sent: str | None, msg: str):
    answer = till.call("GET", "/i18n", headers={"x-reference-id": sent})
    assert answer.status_code == 409
    assert answer.json()["field_errors"] == [{"param": "x-reference-id", "msg": msg}]


def test_reference_id_is_required_of_the_token_call_too(till: Till):
    till.reference_id = ""
    assert till.token().json()["field_errors"] == [{"param": "x-reference-id", "msg": "required"}]


def test_reference_id_with_hyphens_passes(till: Till):
    answer = till.call("GET", "/i18n", headers={"x-reference-id": "0f8fad5b-d9cb-469f-a165-70867728950e"})
    assert answer.status_code == 200


def test_reference_id_may_be_switched_off(till: Till):
    till.switch(reference_id_required=False)
    assert till.call("GET", "/i18n", headers={"x-reference-id": None}).status_code == 200


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("GET", "/apply"), ("POST", "/i18n")])
def test_unknown_path_or_method_is_404_in_shape_b(till: Till, method: str, path: str):
    answer = till.call(method, path)
    assert answer.status_code == 404
    assert answer.json() == {
        "url": f"/flexiti/pos-api/v2.5/client-id/flexitidemo{path}",
        "message": "Not found.",
        "error": "not_found",
    }


def test_i18n_by_post_may_be_switched_on(till: Till):
    till.switch(i18n_accepts_post=True)
    assert till.post("/i18n").status_code == 200
