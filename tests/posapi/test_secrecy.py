"""What must not be in an exception, its traceback, a log line or a repr."""

import logging
import pickle
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from posapi import Client, CreditApplication, Flow, OutcomeUnknown, PosApiError, WrongInputs, new_reference_id
from posapi.applications import Approval
from posapi.reading import read_json
from posapi.records import Licence, read_accounts
from tests.contract.examples import example
from tests.posapi.conftest import SECRET
from tests.posapi.lender import Lender, answers, hangs_up_after

CARD = "6374980100408234"
APPLICANT = ["Grey", "Doe", "123 Any Street", "email@address.com", "123123123", "Horse", "Cloud", "5551231231"]
SECRETS = [SECRET, "dice-manila-purism", "first-token", "first-refresh", CARD, *APPLICANT]


def frames(problem: BaseException) -> Iterator[types.FrameType]:
    traceback = problem.__traceback__
    while traceback:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def shown(problem: BaseException) -> str:
    """All that a log, an error report or a debug page would print of an exception raised by the client."""
    ours = [frame for frame in frames(problem) if "/posapi/" in frame.f_code.co_filename.replace("tests/", "")]
    inside = [frame for frame in ours if "/tests/" not in frame.f_code.co_filename]
    assert inside
    variables = [repr(value) for frame in inside for value in frame.f_locals.values()]
    return "\n".join([str(problem), repr(problem), *map(str, problem.args), *variables])


def raised(action: Callable[[], Any]) -> PosApiError:
    with pytest.raises(PosApiError) as caught:
        action()
    return caught.value


ANSWERS = {
    "approval without account": answers(200, {"vcc_number": int(CARD), "credit_limit": 5000}),
    "card number twice": answers(200, f'{{"vcc_number": {CARD}, "vcc_number": "{CARD}"}}'.encode()),
    "card number in broken JSON": answers(200, f'{{"vcc_number": {CARD}, '.encode()),
    "card number as HTML": answers(200, f"<p>{CARD}</p>".encode(), content_type="text/html"),
    "applicant quoted in an error": answers(
        409,
        {
            "error": "wrong_inputs",
            "message": "Horse",
            "field_errors": [{"param": "sin", "msg": "wrong format", "value": "123123123"}],
        },
    ),
    "late": lambda line, _received: line.wait(),
    "reset": lambda line, _received: line.reset(),
}


@pytest.mark.parametrize("situation", ANSWERS)
def test_apply_exception_shows_nothing(
    lender: Lender, hasty_flow: Flow, application: CreditApplication, situation: str
) -> None:
    lender.will("apply", ANSWERS[situation])
    problem = raised(lambda: hasty_flow.apply(application))
    assert not [secret for secret in SECRETS if secret in shown(problem)]
    assert problem.__context__ is None
    assert problem.__cause__ is None


def test_refused_values_are_not_kept(lender: Lender, flow: Flow, application: CreditApplication) -> None:
    lender.will("apply", ANSWERS["applicant quoted in an error"])
    problem = raised(lambda: flow.apply(application))
    assert "123123123" not in repr(vars(problem))


def test_token_exception_shows_nothing(lender: Lender, open_client: Callable[..., Client]) -> None:
    lender.will("oauth/token", answers(400, {"error": "invalid_client", "error_description": SECRET}))
    problem = raised(lambda: open_client(lender.base_url, signed_in=False).flow(new_reference_id()).i18n("en"))
    assert not [secret for secret in SECRETS if secret in shown(problem)]


def test_sign_in_exception_shows_nothing(lender: Lender, flow: Flow) -> None:
    lender.will("merchants/login", answers(409, {"error": "authentication_failure", "message": ""}))
    problem = raised(flow.login)
    assert not [secret for secret in SECRETS if secret in shown(problem)]


def search(flow: Flow) -> Any:
    return flow.search(first_name="Zebulon", last_name="Quirk", dob="1990-01-02", postal_code="A1A 0H1")


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """As if somebody had turned on every logger to look for a fault."""
    for name in ("", "urllib3", "urllib3.connectionpool", "posapi"):
        caplog.set_level(logging.DEBUG, logger=name or None)


@pytest.mark.parametrize("status", [404, 502, 200])
def test_search_logs_and_exceptions_show_no_query(
    lender: Lender, flow: Flow, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    malformed = answers(status, b"", headers="bad header\r\n", content_type="text/html")
    lender.will("customers/search", *[hangs_up_after(malformed)] * 3)
    problem = raised(lambda: search(flow))
    written = caplog.text + str(problem) + repr(vars(problem))
    assert "customers/search" in caplog.text
    assert not [value for value in ("Zebulon", "Quirk", "1990", "A1A0H1") if value in written]


def test_search_refused_connection_shows_no_query(lender: Lender, flow: Flow, caplog: pytest.LogCaptureFixture) -> None:
    lender.hang_up()
    problem = raised(lambda: search(flow))
    assert "Zebulon" not in caplog.text + str(problem) + repr(vars(problem))


def test_logs_of_other_users_of_urllib3_are_left_alone(lender: Lender, caplog: pytest.LogCaptureFixture) -> None:
    with requests.Session() as session:
        session.post(f"{lender.base_url}/oauth/token", timeout=2)
    assert "oauth/token" in caplog.text


def test_card_number_is_cut_while_parsing() -> None:
    parsed = read_json(f'{{"a": [{{"vcc_number": {CARD}}}], "vcc_number": "{CARD}"}}'.encode())
    assert parsed == {"a": [{"vcc_number": "8234"}], "vcc_number": "8234"}


def test_objects_show_nothing(application: CreditApplication, client: Client) -> None:
    approval = Approval.from_json(example("apply_quebec"))
    licence = Licence.from_json({"first_name": "Grey", "last_name": "Doe"})
    accounts = read_accounts([{"account_number": 1, "first_name": "Grey", "last_name": "Doe"}])
    written = f"{application!r} {approval!r} {licence!r} {accounts!r} {client.credentials!r} {client!r}"
    assert not [secret for secret in [*SECRETS, "20035156"] if secret in written]
    assert CARD not in repr(vars(approval))


def test_errors_survive_pickling() -> None:
    problem = WrongInputs("apply", http_status=409, code="wrong_inputs", reference_id="a" * 32)
    again = pickle.loads(pickle.dumps(problem))
    assert str(again) == str(problem)
    assert again.certainly_not_processed
    assert pickle.loads(pickle.dumps(OutcomeUnknown("apply"))).certainly_not_processed is False
