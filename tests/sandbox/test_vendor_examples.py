"""The vendor documents' own requests get the vendor documents' own answers, as values and as JSON types."""

import pytest

from tests.sandbox import vendor_examples as vendor
from tests.sandbox.caller import Till

ELIDED = ("qcpa_disclosure", "insurance", "insurance_tc", "annual_fees")


def test_token_example(till: Till):
    answer = till.token()
    assert answer.status_code == 200
    assert list(answer.json()) == list(vendor.TOKEN_ANSWER)
    for secret in ("access_token", "refresh_token"):
        assert len(answer.json()[secret]) == len(vendor.TOKEN_ANSWER[secret])
        assert int(answer.json()[secret], 16)
    for fact in ("token_type", "expires_in", "scope"):
        assert answer.json()[fact] == vendor.TOKEN_ANSWER[fact]


def test_i18n_example_but_for_the_texts_the_vendor_elides(till: Till):
    answer = till.get("/i18n").json()
    assert list(answer) == list(vendor.I18N_ANSWER)
    for member, printed in vendor.I18N_ANSWER.items():
        if member in ELIDED:
            assert isinstance(answer[member], str)
            assert len(answer[member]) > 50
        else:
            assert answer[member] == printed
            assert list(answer[member]) == list(printed)


def test_login_example(till: Till):
    answer = till.post("/merchants/login", vendor.LOGIN_REQUEST)
    assert answer.status_code == 200
    assert answer.json() == vendor.LOGIN_ANSWER


def test_apply_example_of_quebec(till: Till):
    answer = till.post("/apply", vendor.APPLY_REQUEST)
    assert answer.status_code == 200
    assert answer.json() == vendor.APPLY_ANSWER_QC
    assert [type(v) for v in answer.json().values()] == [type(v) for v in vendor.APPLY_ANSWER_QC.values()]


def test_apply_example_of_the_rest_of_canada(till: Till):
    answer = till.apply(province="ON")
    assert answer.status_code == 200
    assert answer.json() == vendor.APPLY_ANSWER_ROC
    assert [type(v) for v in answer.json().values()] == [type(v) for v in vendor.APPLY_ANSWER_ROC.values()]


def test_terms_example(till: Till):
    answer = till.get("/terms-and-conditions")
    assert answer.status_code == 200
    assert answer.text.startswith("<div id='tcs'>")
    assert answer.text.rstrip().endswith("</div>")


def _twice(till: Till):
    till.approved()
    return till.apply()


def _with_key(key: str):
    return lambda till: till.apply(middle_name=key)


def _staged(code: str):
    def provoke(till: Till):
        till.fail(code)
        return till.apply()

    return provoke


_PROVOKE = {
    "Unauthorized - Invalid Token": lambda till: till.call("POST", "/apply", headers={"authorization": "Bearer no"}),
    "Conflict - Invalid Client": lambda till: till.token(client_secret="wrong"),
    "Conflict - Invalid client ID": lambda till: till.token(client_id=""),
    "Conflict - Invalid grant type": lambda till: till.token(grant_type="client_credential"),
    "Required Parameters": lambda till: till.apply(phone_number=None),
    "No TOS": lambda till: till.apply(tos_agreement=False),
    "Existing Customer": _twice,
    "Credit App Not Found": _staged("creditapp_id_not_found"),
    "Application Declined": _with_key("D-FRAUD"),
    "Application Creation Error": _with_key("D-EMAIL_DBL_TIMEOUT"),
    "Application Marked Pending": _with_key("P-CREDIT"),
    "Application Declined 2": _with_key("D-MISSING_INFO"),
    "Application Declined 3": _with_key("D-NO_HIT"),
    "Application Marked Pending 2": _with_key("P-MISSING_INFO"),
    "SIN Wrong Format": lambda till: till.apply(sin="12312312"),
}


@pytest.mark.parametrize("heading", vendor.ERRORS)
def test_apply_error_example(till: Till, heading: str):
    status, body = vendor.ERRORS[heading]
    answer = _PROVOKE[heading](till)
    assert answer.status_code == status
    assert answer.json() == body
    assert list(answer.json()) == list(body)
