"""Each endpoint as it goes over the wire."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qs

import pytest

from posapi import (
    Client,
    CreditApplication,
    Flow,
    MerchantSignInRejected,
    NotFound,
    ScopeInsufficient,
    UnreadableAnswer,
    WrongInputs,
    new_reference_id,
)
from posapi.errors import ApplicationPending, FieldError
from tests.contract.examples import example
from tests.posapi.lender import HERE, Lender, Received, answers

SAMPLE_SCAN = "@\n\x1e\rANSI\n604428040101 DL00310219DL\nDCSDOE\nDACJOHN\r"


def last(lender: Lender) -> Received:
    return lender.received[-1]


def query(received: Received) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(received.target.partition("?")[2]).items()}


def test_login(lender: Lender, flow: Flow) -> None:
    session = flow.login("fr")
    assert last(lender).method == "POST"
    assert last(lender).endpoint == "merchants/login"
    assert query(last(lender)) == {"lang": "fr"}
    assert json.loads(last(lender).body) == example("login_request")
    assert (session.merchant_name, session.form_values.lang) == ("European Restorations", "fr")


def test_login_refused(lender: Lender, flow: Flow) -> None:
    lender.will("merchants/login", answers(409, {"error": "authentication_failure", "message": "no"}))
    with pytest.raises(MerchantSignInRejected):
        flow.login()


def test_i18n(lender: Lender, flow: Flow) -> None:
    assert flow.i18n("fr").lang == "fr"
    assert (last(lender).method, last(lender).endpoint) == ("GET", "i18n")
    assert query(last(lender)) == {"lang": "fr"}


def test_i18n_without_occupations(lender: Lender, flow: Flow) -> None:
    lender.will("i18n", answers(200, {**example("i18n"), "occupation_ids": None}))
    with pytest.raises(UnreadableAnswer, match="occupation_ids is missing"):
        flow.i18n("en")


@pytest.mark.parametrize("lang", ["en-CA", "EN", "", "de"])
def test_language_must_be_one_of_two(flow: Flow, lang: str) -> None:
    for ask in (flow.i18n, flow.login, lambda lang: flow.terms(lang, "ON")):
        with pytest.raises(ValueError, match="en or fr"):
            ask(lang)


def test_terms_are_the_exact_bytes(lender: Lender, flow: Flow) -> None:
    served = "<div id='tcs'>\r\n<h1>Modalités</h1> \x00</div>\n".encode("latin-1")
    lender.will("terms-and-conditions", answers(200, served, content_type="text/html; charset=ISO-8859-1"))
    terms = flow.terms("fr", "QC")
    assert terms.content == served
    assert terms.content_type == "text/html; charset=ISO-8859-1"
    assert query(last(lender)) == {"lang": "fr", "province": "QC"}


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/json"])
def test_terms_of_an_undocumented_content_type_are_told_by_their_content(
    lender: Lender, flow: Flow, content_type: str
) -> None:
    lender.will("terms-and-conditions", answers(200, b"<div id='tcs'>... </div>", content_type=content_type))
    assert flow.terms("en", "ON").content == b"<div id='tcs'>... </div>"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", "text/html"), (b" \n", "text/html"), (b"{}", "application/json"), (b"%PDF", "application/pdf")],
)
def test_terms_unreadable(lender: Lender, flow: Flow, body: bytes, content_type: str) -> None:
    lender.will("terms-and-conditions", answers(200, body, content_type=content_type))
    with pytest.raises(UnreadableAnswer):
        flow.terms("en", "ON")


def test_apply(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    flow.apply(application)
    sent = last(lender)
    assert (sent.method, sent.target) == ("POST", "/flexiti/pos-api/v2.5/client-id/flexitidemo/apply")
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["x-reference-id"] == flow.reference_id
    assert json.loads(sent.body) == example("apply_request")


def test_apply_pending_in_a_200(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    lender.will("apply", answers(200, {"error": "application_marked_pending", "message": "<p>Call us</p>"}))
    with pytest.raises(ApplicationPending) as caught:
        flow.apply(application)
    assert caught.value.message == "<p>Call us</p>"


def test_apply_with_an_account_is_approved_whatever_else_it_says(
    lender: Lender, flow: Flow, application: CreditApplication
) -> None:
    lender.will("apply", answers(200, {**example("apply_quebec"), "error": "application_declined"}))
    assert flow.apply(application).account_number == "20035156"


@pytest.mark.parametrize("name", ["field_errors", "error_fields"])
def test_apply_wrong_inputs(lender: Lender, flow: Flow, application: CreditApplication, name: str) -> None:
    body = {"error": "wrong_inputs", "message": "", name: [{"param": "SIN", "msg": "wrong format"}, "?", {}]}
    lender.will("apply", answers(409, body))
    with pytest.raises(WrongInputs) as caught:
        flow.apply(application)
    assert caught.value.field_errors == (FieldError("SIN", "wrong format"),)
    assert caught.value.reference_id == flow.reference_id
    assert (caught.value.http_status, caught.value.code) == (409, "wrong_inputs")


def test_close(lender: Lender, flow: Flow) -> None:
    lender.will("accounts/20035156/close", answers(200, {}))
    flow.close("20035156")
    assert (last(lender).method, last(lender).endpoint) == ("POST", "accounts/20035156/close")


def test_close_of_an_odd_number_stays_in_its_path(lender: Lender, flow: Flow) -> None:
    flow.close("../1?x=/")
    assert last(lender).target.endswith("/accounts/..%2F1%3Fx%3D%2F/close")


def test_close_of_an_unknown_account(lender: Lender, flow: Flow) -> None:
    lender.will("accounts/1/close", answers(404, {"error": "not_found", "message": ""}))
    with pytest.raises(NotFound) as caught:
        flow.close("1")
    assert not caught.value.certainly_not_processed


def test_decode_licence_keeps_control_characters(lender: Lender, flow: Flow) -> None:
    lender.will("customers/driverslicense", answers(200, {"first_name": "JOHN", "govid_type": "CADL"}))
    assert flow.decode_licence(SAMPLE_SCAN).first_name == "JOHN"
    assert json.loads(last(lender).body) == {"code": SAMPLE_SCAN}


def test_search(lender: Lender, flow: Flow) -> None:
    lender.will("customers/search", answers(200, [{"account_number": 1}]))
    (account,) = flow.search(first_name="Ève", last_name="D'Arc", dob=date(1990, 1, 2), postal_code="h7a 0a1")
    assert account.account_number == "1"
    assert query(last(lender)) == {
        "first_name": "Ève",
        "last_name": "D'Arc",
        "dob": "1990-01-02",
        "postal_code": "H7A0A1",
    }


def search(flow: Flow) -> Any:
    return flow.search(first_name="John", last_name="Doe", dob="1990-01-01")


def test_search_nobody_found(lender: Lender, flow: Flow) -> None:
    assert search(flow) == ()
    lender.will("customers/search", answers(200, []))
    assert search(flow) == ()


@pytest.mark.parametrize(
    ("status", "body", "content_type", "expected"),
    [
        (404, b"<h1>Not Found</h1>", "text/html", UnreadableAnswer),
        (404, b"", "application/json", UnreadableAnswer),
        (404, b'{"error": "no_such_path"}', "application/json", NotFound),
        (403, b"", "text/plain", ScopeInsufficient),
        (200, b"{}", "application/json", UnreadableAnswer),
    ],
)
def test_search_other_answers_are_not_nobody(
    lender: Lender, flow: Flow, status: int, body: bytes, content_type: str, expected: type[Exception]
) -> None:
    lender.will("customers/search", answers(status, body, content_type=content_type))
    with pytest.raises(expected):
        search(flow)


@pytest.mark.parametrize("given", ["a" * 31, "not-a-guid", "a" * 32 + "\r\nx: y", ""])
def test_reference_id_must_be_a_guid(client: Client, given: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        client.flow(given)


def test_reference_id_with_hyphens_is_sent_without(lender: Lender, client: Client) -> None:
    client.flow("12345678-1234-4234-8234-123456789abc").i18n("en")
    assert last(lender).headers["x-reference-id"] == "12345678123442348234123456789abc"


def test_client_id_is_quoted_in_the_path(lender: Lender) -> None:
    from posapi import Credentials

    keys = Credentials(lender.base_url, "a/b c", "secret")
    with Client(keys, destinations=HERE) as client, pytest.raises(UnreadableAnswer):
        client.flow(new_reference_id()).i18n("en")
    assert "/client-id/a%2Fb%20c/i18n" in last(lender).target


def test_observer_is_told_how_every_call_ended(lender: Lender, open_client: Callable[..., Client]) -> None:
    seen: list[tuple[str, str]] = []
    client = open_client(
        lender.base_url, observe=lambda endpoint, problem: seen.append((endpoint, type(problem).__name__))
    )
    lender.will("i18n", answers(200, example("i18n")), answers(500, b"<h1>Internal error</h1>"))
    flow = client.flow(new_reference_id())
    flow.i18n("en")
    with pytest.raises(UnreadableAnswer):
        flow.i18n("en")
    assert seen == [("i18n", "NoneType"), ("i18n", "UnreadableAnswer")]
