"""The vendor documents' own examples, answered to the client byte by byte over real HTTP."""

from typing import Any

import pytest

from posapi import Client, Credentials, CreditApplication, PosApiError, new_reference_id
from tests.contract.examples import example
from tests.posapi.lender import HERE, Lender, answers

NAMES = {
    "invalid_token": "TokenRejected",
    "invalid_client": "CredentialsRejected",
    "invalid_request": "CredentialsRejected",
    "wrong_inputs": "WrongInputs",
    "tos_agreement_required": "TermsNotAccepted",
    "customer_already_exists": "CustomerAlreadyExists",
    "creditapp_id_not_found": "CreditApplicationNotFound",
    "application_declined": "ApplicationDeclined",
    "application_declined_2": "ApplicationDeclined",
    "application_declined_3": "ApplicationDeclined",
    "application_create_error": "ApplicationCreateError",
    "application_marked_pending": "ApplicationPending",
    "application_marked_pending_2": "ApplicationPending",
}
ERRORS = example("apply_errors")


def client_of(lender: Lender) -> Client:
    known = example("token_request")
    keys = Credentials(lender.base_url, known["client_id"], known["client_secret"])
    return Client(keys, destinations=HERE)


def test_every_documented_code_has_a_name() -> None:
    assert {error["body"]["error"] for error in ERRORS} == NAMES.keys()


@pytest.mark.parametrize("error", ERRORS, ids=[error["title"] for error in ERRORS])
def test_documented_apply_error(lender: Lender, application: CreditApplication, error: dict[str, Any]) -> None:
    body = error["body"]
    lender.will("apply", *[answers(error["status"], body)] * 2)
    with client_of(lender) as client, pytest.raises(PosApiError) as caught:
        client.flow(new_reference_id()).apply(application)
    problem = caught.value
    assert type(problem).__name__ == NAMES[body["error"]]
    assert (problem.http_status, problem.code) == (error["status"], body["error"])
    assert problem.message == body.get("message", body.get("error_description"))
    assert [vars(entry) for entry in problem.field_errors] == body.get("field_errors", [])
    assert len(lender.asked("apply")) == (2 if error["status"] == 401 else 1)


@pytest.mark.parametrize("name", ["apply_rest_of_canada", "apply_quebec"])
def test_documented_approval(lender: Lender, application: CreditApplication, name: str) -> None:
    lender.will("apply", answers(200, example(name)))
    with client_of(lender) as client:
        approval = client.flow(new_reference_id()).apply(application)
    documented = example(name)
    assert approval.account_number == str(documented["account_number"])
    assert approval.customer_id == str(documented["customer_id"])
    assert approval.available_credit == documented["available_credit"]
    assert approval.credit_limit == documented["credit_limit"]
    assert approval.risk_rating == documented["risk_rating"]
    assert str(documented["vcc_number"]).endswith(approval.card_ending)
    assert approval.debt_ratio == documented.get("debt_ratio")
    assert [offer.plan_id for offer in approval.offer_types] == [
        offer["plan_id"] for offer in documented.get("offer_types", [])
    ]


def test_documented_sign_in_and_form_values_agree(lender: Lender) -> None:
    with client_of(lender) as client:
        flow = client.flow(new_reference_id())
        session, values = flow.login(), flow.i18n("en")
    assert (session.merchant_name, session.merchant_id) == ("European Restorations", "382")
    for name in ("salutations", "provinces", "security_ids", "govid_types", "govid_issued_bys"):
        assert getattr(session.form_values, name) == getattr(values, name)
    assert {offer.plan_id for offer in session.form_values.offer_types} == {plan.code for plan in values.plan_ids}
