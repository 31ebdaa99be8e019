"""The client and the sandbox, two readings of the same documents, against each other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from posapi import (
    ApplicationDeclined,
    ApplicationPending,
    Client,
    Credentials,
    CredentialsRejected,
    CreditApplication,
    CustomerAlreadyExists,
    FieldError,
    Flow,
    InMemoryTokens,
    MerchantSignInRejected,
    NotFound,
    PosApiError,
    TermsNotAccepted,
    WrongInputs,
    new_reference_id,
)
from tests.contract.conftest import Sandbox
from tests.contract.examples import example
from tests.posapi.lender import HERE

SCAN = (
    "@\n\x1e\rANSI\n604428040101 DL00310219DL\nDBA20301231\nDCSTREMBLAY\nDACANNE\nDADROSE\nDBB19880409\n"
    "DAG10 RUE EXEMPLE\nDAITORONTO\nDAJON\nDAKM5J 2H7\nDAQT1234-56789-00101\nDCGCAN\r"
)


def applicant(**changes: Any) -> CreditApplication:
    return CreditApplication.from_body({**example("apply_request"), **changes})


def test_whole_flow_for_quebec(sandbox: Sandbox, flow: Flow) -> None:
    assert flow.login("fr").merchant_name == "European Restorations"
    assert flow.i18n("fr").provinces
    assert b"tcs" in flow.terms("fr", "QC").content
    approval = flow.apply(applicant(province="QC"))
    assert approval.debt_ratio is not None
    assert approval.offer_types
    assert len(approval.card_ending) == 4
    (account,) = flow.search(first_name="John", last_name="Doe", dob="1990-01-01", postal_code="A1A 0H1")
    assert account.account_number == approval.account_number
    assert account.credit_limit == approval.credit_limit
    assert account.creation_date
    flow.close(approval.account_number)
    arrived = sandbox.control("GET", f"requests?reference_id={flow.reference_id}")
    assert [entry["path"].rpartition("/")[2] for entry in arrived] == [
        "token",
        "login",
        "i18n",
        "terms-and-conditions",
        "apply",
        "search",
        "close",
    ]


def test_rest_of_canada_has_no_debt_ratio(flow: Flow) -> None:
    approval = flow.apply(applicant(province="ON", amount_requested=Decimal("2500.50")))
    assert approval.debt_ratio is None


def test_languages_differ_and_codes_do_not(flow: Flow) -> None:
    english, french = flow.i18n("en"), flow.i18n("fr")
    for name in ("provinces", "govid_types", "occupation_ids", "housing_type", "security_ids"):
        codes = [[choice.code for choice in getattr(values, name)] for values in (english, french)]
        assert codes[0] == codes[1]
    assert english.digest != french.digest
    assert flow.terms("en", "ON").content != flow.terms("en", "QC").content != flow.terms("fr", "QC").content


def test_option_withdrawn_at_the_lender(sandbox: Sandbox, flow: Flow) -> None:
    before = flow.i18n("en")
    sandbox.control("PUT", "options", {"lang": "en", "remove": {"occupation_ids": ["OT"]}})
    after = flow.i18n("en")
    assert {choice.code for choice in before.occupation_ids} - {choice.code for choice in after.occupation_ids} == {
        "OT"
    }
    assert before.digest != after.digest


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("P-CREDIT", ApplicationPending),
        ("P-EXIST_CUST", ApplicationPending),
        ("P-FRAUD", ApplicationPending),
        ("D-FRAUD", ApplicationDeclined),
        ("D-NO_HIT", ApplicationDeclined),
        ("A-RR_XX", ApplicationDeclined),
    ],
)
@pytest.mark.parametrize("status", [409, 200])
def test_decisions_in_either_status(
    sandbox: Sandbox, flow: Flow, key: str, expected: type[PosApiError], status: int
) -> None:
    sandbox.control("PUT", "switches", {"decision_status": status})
    with pytest.raises(expected) as caught:
        flow.apply(applicant(middle_name=key))
    assert caught.value.http_status == status
    assert not caught.value.certainly_not_processed


@pytest.mark.parametrize(("key", "rating"), [("A-RR_L", "L"), ("A-RR_M", "M"), ("A-RR_H", "H"), ("A-RR_X", "X")])
@pytest.mark.parametrize("types", ["doc_002", "later"])
def test_approvals_in_either_types(sandbox: Sandbox, flow: Flow, key: str, rating: str, types: str) -> None:
    sandbox.control("PUT", "switches", {"answer_types": types})
    approval = flow.apply(applicant(middle_name=key))
    assert approval.risk_rating == rating
    assert approval.credit_limit > 0
    assert len(approval.card_ending) == 4


def test_apply_twice(flow: Flow) -> None:
    flow.apply(applicant())
    with pytest.raises(CustomerAlreadyExists):
        flow.apply(applicant())


def test_apply_with_wrong_inputs(flow: Flow) -> None:
    with pytest.raises(WrongInputs) as caught:
        flow.apply(applicant(phone_number="", sin="12"))
    assert set(caught.value.field_errors) == {FieldError("phone_number", "required"), FieldError("SIN", "wrong format")}


def test_apply_without_the_terms(flow: Flow) -> None:
    with pytest.raises(TermsNotAccepted):
        flow.apply(applicant(tos_agreement=False))


def test_apply_without_a_second_address_line(flow: Flow) -> None:
    assert flow.apply(applicant(address_2=None)).account_number


def test_close_of_an_unknown_account(flow: Flow) -> None:
    with pytest.raises(NotFound):
        flow.close("99999999")


def test_search_finds_nobody(flow: Flow) -> None:
    assert flow.search(first_name="Nobody", last_name="Here", dob="1990-01-01") == ()


def test_search_finds_nobody_in_an_empty_list(sandbox: Sandbox, flow: Flow) -> None:
    sandbox.control("PUT", "switches", {"search_without_match": 200})
    assert flow.search(first_name="Nobody", last_name="Here", dob="1990-01-01") == ()


def test_scan(flow: Flow) -> None:
    licence = flow.decode_licence(SCAN)
    assert (licence.first_name, licence.middle_name, licence.last_name) == ("ANNE", "ROSE", "TREMBLAY")
    assert (licence.dob, licence.govid_type, licence.govid_issuedby) == ("1988-04-09", "CADL", "ON")


def test_scan_with_a_corrupted_header(flow: Flow) -> None:
    with pytest.raises(WrongInputs):
        flow.decode_licence(SCAN.replace("ANSI", "xxx"))


def test_wrong_secret(sandbox: Sandbox) -> None:
    wrong = Credentials(sandbox.base_url, "flexitidemo", "wrong")
    with Client(wrong, destinations=HERE) as client, pytest.raises(CredentialsRejected):
        client.flow(new_reference_id()).i18n("en")


def test_wrong_merchant_password(sandbox: Sandbox, client: Client) -> None:
    known = client.credentials
    credentials = Credentials(sandbox.base_url, known.client_id, known.client_secret, "merchantonline", "wrong")
    with Client(credentials, destinations=HERE) as stranger, pytest.raises(MerchantSignInRejected):
        stranger.flow(new_reference_id()).login()


def test_many_threads_one_token(sandbox: Sandbox, client: Client) -> None:
    start = threading.Barrier(16)

    def work(_number: int) -> None:
        start.wait()
        client.flow(new_reference_id()).i18n("en")

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(work, range(16)))
    assert sandbox.count("/oauth/token") == 1


def test_token_that_ends_early_is_replaced_once(sandbox: Sandbox, flow: Flow) -> None:
    flow.i18n("en")
    sandbox.control("POST", "tokens/expire")
    assert flow.apply(applicant()).account_number
    assert sandbox.count("/oauth/token") == 2
    assert sandbox.applies(flow.reference_id) == {"received": 2, "accepted": 1}


def test_token_of_short_life_is_renewed_before_its_end(sandbox: Sandbox, client: Client) -> None:
    now = [1000.0]
    sandbox.control("PUT", "tokens", {"life_seconds": 600})
    with Client(client.credentials, InMemoryTokens(clock=lambda: now[0]), HERE) as patient:
        for _ in range(3):
            patient.flow(new_reference_id()).i18n("en")
            now[0] += 560
    grants = sandbox.control("GET", "requests")
    assert sandbox.count("/oauth/token") == 3
    assert not [entry for entry in grants if entry["status"] != 200]


FAULTS = {
    "refuse": "NotReachable",
    "reset_before": "OutcomeUnknown",
    "reset_after": "OutcomeUnknown",
    "close_after": "OutcomeUnknown",
    "silent": "OutcomeUnknown",
    "slow_drip": "OutcomeUnknown",
    "half_open": "OutcomeUnknown",
    "late_answer": "OutcomeUnknown",
    "cut_off": "OutcomeUnknown",
    "truncated_json": "OutcomeUnknown",
    "duplicate_keys": "OutcomeUnknown",
    "not_an_object": "OutcomeUnknown",
    "empty_body": "OutcomeUnknown",
    "oversized": "OutcomeUnknown",
    "redirect": "OutcomeUnknown",
    "wrong_content_type": "OutcomeUnknown",
    "ok_with_error_body": "OutcomeUnknown",
    "ok_without_account": "OutcomeUnknown",
    "unknown_code": "OutcomeUnknown",
    "bad_gateway_html": "OutcomeUnknown",
    "gateway_timeout_504": "OutcomeUnknown",
    "service_unavailable": "OutcomeUnknown",
    "internal_error": "OutcomeUnknown",
    "error_code_in_500": "OutcomeUnknown",
    "general_error": "GeneralError",
    "invalid_role": "RoleNotProvisioned",
    "not_verified": "NotVerified",
    "external_location_id_not_found": "LocationNotFound",
    "account_type_not_permitted": "AccountTypeNotPermitted",
    "creditapp_id_not_found": "CreditApplicationNotFound",
    "application_create_error": "ApplicationCreateError",
    "application_declined_2": "ApplicationDeclined",
    "application_marked_pending_1": "ApplicationPending",
    "insufficient_scope": "ScopeInsufficient",
    "blocked_465": "RequestBlocked",
    "blocked_466": "RequestBlocked",
    "blocked_467": "RequestBlocked",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_apply_meets_a_fault(sandbox: Sandbox, hasty_flow: Flow, fault: str) -> None:
    hasty_flow.i18n("en")
    sandbox.control("POST", "faults", {"endpoint": "apply", "fault": fault, "times": 1})
    with pytest.raises(PosApiError) as caught:
        hasty_flow.apply(applicant())
    sandbox.control("DELETE", "faults")
    problem, happened = caught.value, sandbox.applies(hasty_flow.reference_id)
    assert type(problem).__name__ == FAULTS[fault]
    assert happened["received"] <= 1
    assert not (problem.certainly_not_processed and happened["accepted"])


@pytest.mark.parametrize("fault", ["invalid_token", "expired_token", "unauthorized"])
def test_apply_is_repeated_after_one_401(sandbox: Sandbox, flow: Flow, fault: str) -> None:
    sandbox.control("POST", "faults", {"endpoint": "apply", "fault": fault, "times": 1})
    assert flow.apply(applicant()).account_number
    assert sandbox.applies(flow.reference_id) == {"received": 2, "accepted": 1}


def test_apply_lost_on_the_way_back_is_found_by_search(sandbox: Sandbox, flow: Flow) -> None:
    sandbox.control("POST", "faults", {"endpoint": "apply", "fault": "reset_after", "times": 1})
    with pytest.raises(PosApiError, match="OutcomeUnknown"):
        flow.apply(applicant())
    (account,) = flow.search(first_name="John", last_name="Doe", dob="1990-01-01")
    assert account.account_status == "N"


@pytest.mark.parametrize("fault", ["bad_gateway_html", "service_unavailable", "reset_after"])
def test_reading_survives_a_passing_fault(sandbox: Sandbox, flow: Flow, fault: str) -> None:
    sandbox.control("POST", "faults", {"endpoint": "i18n", "fault": fault, "times": 1})
    assert flow.i18n("en").provinces
    assert sandbox.count("/i18n") == 2
