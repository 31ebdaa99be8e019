"""The table from the API's codes to names, and what each says about having been processed."""

import pytest

from posapi import errors
from posapi.errors import FieldError, PosApiError, WrongInputs, error_class

CERTAINLY_NOT_PROCESSED = {
    "NotReachable",
    "WrongInputs",
    "TermsNotAccepted",
    "CredentialsRejected",
    "RoleNotProvisioned",
    "TokenRejected",
    "ScopeInsufficient",
    "RequestBlocked",
    "LocationNotFound",
    "AccountTypeNotPermitted",
    "NotVerified",
    "MerchantSignInRejected",
}


def test_apply_certainly_not_processed_exactly_these() -> None:
    named = {kind.__name__: kind("apply") for kind in PosApiError.__subclasses__()}
    assert {name for name, error in named.items() if error.certainly_not_processed} == CERTAINLY_NOT_PROCESSED


def test_reading_processes_nothing_whatever_happens() -> None:
    for endpoint in ("oauth/token", "i18n", "customers/search"):
        assert all(kind(endpoint).certainly_not_processed for kind in PosApiError.__subclasses__())


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (409, "wrong_inputs", "WrongInputs"),
        (409, "wrong_input", "WrongInputs"),
        (409, "tos_agreement_required", "TermsNotAccepted"),
        (409, "customer_already_exists", "CustomerAlreadyExists"),
        (409, "creditapp_id_not_found", "CreditApplicationNotFound"),
        (409, "application_declined", "ApplicationDeclined"),
        (409, "application_declined_2", "ApplicationDeclined"),
        (409, "application_declined_17", "ApplicationDeclined"),
        (200, "application_declined_3", "ApplicationDeclined"),
        (400, "application_declined", "ApplicationDeclined"),
        (409, "application_marked_pending", "ApplicationPending"),
        (409, "application_marked_pending_1", "ApplicationPending"),
        (200, "application_marked_pending_2", "ApplicationPending"),
        (409, "application_create_error", "ApplicationCreateError"),
        (400, "general_error", "GeneralError"),
        (409, "invalid_role", "RoleNotProvisioned"),
        (409, "not_verified", "NotVerified"),
        (409, "external_location_id_not_found", "LocationNotFound"),
        (409, "account_type_not_permitted", "AccountTypeNotPermitted"),
        (400, "invalid_client", "CredentialsRejected"),
        (401, "invalid_token", "TokenRejected"),
        (401, "", "TokenRejected"),
        (403, "", "ScopeInsufficient"),
        (403, "forbidden", "ScopeInsufficient"),
        (465, "", "RequestBlocked"),
        (466, "blocked", "RequestBlocked"),
        (467, "", "RequestBlocked"),
        (404, "not_found", "NotFound"),
        (404, "", "OutcomeUnknown"),
        (409, "", "OutcomeUnknown"),
        (409, "something_new", "OutcomeUnknown"),
        (200, "wrong_inputs", "OutcomeUnknown"),
        (200, "", "OutcomeUnknown"),
        (202, "wrong_inputs", "OutcomeUnknown"),
        (302, "wrong_inputs", "OutcomeUnknown"),
        (500, "application_declined", "OutcomeUnknown"),
        (503, "wrong_inputs", "OutcomeUnknown"),
        (504, "GATEWAY_TIMEOUT", "OutcomeUnknown"),
    ],
)
def test_apply_answer_by_name(status: int, code: str, expected: str) -> None:
    assert error_class("apply", status, code).__name__ == expected


@pytest.mark.parametrize(
    ("endpoint", "status", "code", "expected"),
    [
        ("merchants/login", 409, "authentication_failure", "MerchantSignInRejected"),
        ("merchants/login", 401, "authentication_failure", "MerchantSignInRejected"),
        ("i18n", 409, "application_declined", "UnreadableAnswer"),
        ("i18n", 200, "general_error", "GeneralError"),
        ("i18n", 500, "general_error", "UnreadableAnswer"),
        ("i18n", 302, "general_error", "UnreadableAnswer"),
        ("customers/search", 404, "not_found", "NotFound"),
        ("customers/search", 404, "", "UnreadableAnswer"),
        ("accounts/close", 404, "not_found", "NotFound"),
        ("accounts/close", 409, "application_declined", "OutcomeUnknown"),
        ("accounts/close", 200, "general_error", "OutcomeUnknown"),
    ],
)
def test_other_answers_by_name(endpoint: str, status: int, code: str, expected: str) -> None:
    assert error_class(endpoint, status, code).__name__ == expected


def test_text_has_facts_and_nothing_of_the_bodies() -> None:
    error = WrongInputs(
        "apply",
        http_status=409,
        code="wrong_inputs",
        message="<p>John Doe</p>",
        reference_id="a" * 32,
        field_errors=(FieldError("sin", "wrong format"),),
    )
    assert str(error) == f"WrongInputs: apply, HTTP 409, wrong_inputs, reference {'a' * 32}"


def test_every_error_is_exported() -> None:
    import posapi

    names = {kind.__name__ for kind in PosApiError.__subclasses__()}
    assert names <= set(posapi.__all__)
    assert names <= set(vars(errors))
