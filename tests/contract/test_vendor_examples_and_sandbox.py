"""The vendor documents' own examples, sent to the sandbox without the client."""

from typing import Any

import pytest
import requests

from posapi import new_reference_id
from tests.contract.conftest import Sandbox
from tests.contract.examples import example


@pytest.fixture
def headers(sandbox: Sandbox) -> dict[str, str]:
    """Headers with a token, fetched as the documents say."""
    reference = {"x-reference-id": new_reference_id()}
    answer = sandbox.session.post(
        f"{sandbox.base_url}/oauth/token", data=example("token_request"), headers=reference, timeout=5
    ).json()
    return {**reference, "authorization": f"Bearer {answer['access_token']}"}


def shape(value: Any) -> Any:
    """The names and JSON types of an answer, without its values."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(member) for member in value[:1]]
    return type(value).__name__


def send(sandbox: Sandbox, headers: dict[str, str], method: str, path: str, body: Any = None) -> requests.Response:
    url = f"{sandbox.base_url}/client-id/flexitidemo/{path}"
    return sandbox.session.request(method, url, json=body, headers=headers, timeout=5)


def test_token(sandbox: Sandbox) -> None:
    answer = sandbox.session.post(
        f"{sandbox.base_url}/oauth/token",
        data=example("token_request"),
        headers={"x-reference-id": new_reference_id()},
        timeout=5,
    )
    assert answer.status_code == 200
    assert shape(answer.json()) == shape(example("token"))
    assert answer.json()["expires_in"] == 1200
    assert len(answer.json()["access_token"]) == 40


def test_i18n_in_english_is_the_documents(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = send(sandbox, headers, "GET", "i18n?lang=en").json()
    documented = example("i18n")
    for name in ("qcpa_disclosure", "insurance", "insurance_tc", "annual_fees"):
        assert answer.pop(name)
        documented.pop(name)
    assert answer == documented


def test_login_is_the_documents(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = send(sandbox, headers, "POST", "merchants/login?lang=en", example("login_request")).json()
    assert answer == example("login")


def test_terms_are_the_documents_fragment(sandbox: Sandbox, headers: dict[str, str]) -> None:
    answer = send(sandbox, headers, "GET", "terms-and-conditions?lang=en&province=ON")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.strip().startswith("<div id='tcs'>")
    assert answer.text.strip().endswith("</div>")


@pytest.mark.parametrize(("province", "name"), [("QC", "apply_quebec"), ("ON", "apply_rest_of_canada")])
def test_apply_answers_in_the_documents_shape(
    sandbox: Sandbox, headers: dict[str, str], province: str, name: str
) -> None:
    answer = send(sandbox, headers, "POST", "apply", {**example("apply_request"), "province": province})
    assert answer.status_code == 200
    assert shape(answer.json()) == shape(example(name))


def documented_error(code: str, param: str = "") -> dict[str, Any]:
    return next(
        error
        for error in example("apply_errors")
        if error["body"]["error"] == code and (not param or error["body"]["field_errors"][0]["param"] == param)
    )


PROVOKED: list[tuple[str, str, dict[str, Any]]] = [
    ("wrong_inputs", "phone_number", {"phone_number": None}),
    ("wrong_inputs", "SIN", {"sin": "12345"}),
    ("tos_agreement_required", "", {"tos_agreement": False}),
    ("application_declined", "", {"middle_name": "D-FRAUD"}),
    ("application_declined_3", "", {"middle_name": "D-NO_HIT"}),
    ("application_marked_pending", "", {"middle_name": "P-CREDIT"}),
    ("application_create_error", "", {"middle_name": "D-EMAIL_DBL_TIMEOUT"}),
]


@pytest.mark.parametrize(("code", "param", "changes"), PROVOKED)
def test_apply_refuses_in_the_documents_words(
    sandbox: Sandbox, headers: dict[str, str], code: str, param: str, changes: dict[str, Any]
) -> None:
    merged = {**example("apply_request"), **changes}
    body = {name: value for name, value in merged.items() if value is not None}
    answer = send(sandbox, headers, "POST", "apply", body)
    documented = documented_error(code, param)
    assert (answer.status_code, answer.json()) == (documented["status"], documented["body"])


def test_existing_customer_in_the_documents_words(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert send(sandbox, headers, "POST", "apply", example("apply_request")).status_code == 200
    answer = send(sandbox, headers, "POST", "apply", example("apply_request"))
    assert answer.json() == documented_error("customer_already_exists")["body"]


def test_wrong_token_in_the_documents_words(sandbox: Sandbox, headers: dict[str, str]) -> None:
    wrong = {**headers, "authorization": "Bearer nonsense"}
    answer = send(sandbox, wrong, "POST", "apply", example("apply_request"))
    documented = documented_error("invalid_token")
    assert (answer.status_code, answer.json()) == (documented["status"], documented["body"])


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({"client_secret": "wrong"}, "Conflict - Invalid Client"),
        ({"client_id": None}, "Conflict - Invalid client ID"),
        ({"grant_type": "guess"}, "Conflict - Invalid grant type"),
    ],
)
def test_wrong_credentials_in_the_documents_words(sandbox: Sandbox, changes: dict[str, Any], title: str) -> None:
    form = {**example("token_request"), **changes}
    answer = sandbox.session.post(
        f"{sandbox.base_url}/oauth/token",
        data={name: value for name, value in form.items() if value},
        headers={"x-reference-id": new_reference_id()},
        timeout=5,
    )
    documented = next(error for error in example("apply_errors") if error["title"] == title)
    assert (answer.status_code, answer.json()) == (documented["status"], documented["body"])
