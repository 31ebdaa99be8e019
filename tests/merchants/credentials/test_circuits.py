"""The circuit breaker: opens on silence, not on refusals, and is the same for every process."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from audit.names import EventName
from merchants.credentials import circuits
from merchants.credentials.alerts import for_administrators, for_staff
from merchants.credentials.circuits import (
    LenderNotAnswering,
    circuit_of,
    failed,
    is_open,
    succeeded,
    take_note,
    watching,
)
from merchants.credentials.sessions import client_for, open_session
from merchants.models import Circuit, CircuitState, Credential, SessionOutcome
from merchants.selectors import credential_for
from posapi import (
    ApplicationCreateError,
    ApplicationDeclined,
    CredentialsRejected,
    GeneralError,
    NotFound,
    NotReachable,
    OutcomeUnknown,
    PosApiError,
    ScopeInsufficient,
    UnreadableAnswer,
    new_reference_id,
)
from posapi.errors import APPLY, TOKEN
from tests.merchants.conftest import People, events

SILENCE = NotReachable("i18n")
UNKNOWN = OutcomeUnknown(APPLY)


def state(credential: Credential) -> str:
    return Circuit.objects.get(pk=credential.pk).state


def opened(credential: Credential) -> Credential:
    """A credential as it is read again, after its circuit has opened."""
    for _ in range(3):
        failed(credential, SILENCE)
    return Credential.objects.get(pk=credential.pk)


def on_trial(credential: Credential, holder: str = "") -> Credential:
    opened(credential)
    succeeded(credential)
    Circuit.objects.update(trial=holder)
    return Credential.objects.get(pk=credential.pk)


def ask(credential: Credential) -> None:
    with client_for(credential) as client:
        client.flow(new_reference_id()).i18n("en")


def test_third_failure_in_a_row_opens(credential: Credential) -> None:
    failed(credential, SILENCE)
    failed(credential, SILENCE)
    assert state(credential) == CircuitState.CLOSED
    failed(credential, SILENCE)
    assert state(credential) == CircuitState.OPEN
    (event,) = events(EventName.CIRCUIT_OPENED)
    assert (event.subject_id, event.detail) == (
        str(credential.pk),
        {"environment": "sandbox", "problem": "NotReachable"},
    )


def test_answer_between_failures_starts_the_count_again(credential: Credential) -> None:
    for _ in range(4):
        failed(credential, SILENCE)
        failed(credential, SILENCE)
        succeeded(credential)
    assert state(credential) == CircuitState.CLOSED


def test_reading_does_not_outweigh_failures_of_apply(credential: Credential) -> None:
    for _ in range(3):
        succeeded(credential)
        failed(credential, UNKNOWN, is_change=True)
    assert state(credential) == CircuitState.OPEN


def test_answer_to_apply_outweighs_all_failures(credential: Credential) -> None:
    for _ in range(4):
        failed(credential, SILENCE)
        failed(credential, UNKNOWN, is_change=True)
        succeeded(credential, is_change=True)
    assert state(credential) == CircuitState.CLOSED


def test_success_writes_nothing_while_all_goes_well(credential: Credential) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        succeeded(credential, is_change=True)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT"]
    assert not Circuit.objects.exists()


def test_closed_circuit_without_failures_is_not_written_either(credential: Credential) -> None:
    failed(credential, SILENCE)
    succeeded(credential)
    with CaptureQueriesContext(connection) as queries:
        succeeded(credential, is_change=True)
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("problem", "failures"),
    [
        (None, 0),
        (NotReachable("i18n"), 1),
        (NotReachable(TOKEN), 1),
        (UnreadableAnswer("customers/search", http_status=502), 1),
        (OutcomeUnknown(APPLY, http_status=504), 1),
        (OutcomeUnknown(APPLY), 1),
        (ApplicationDeclined(APPLY, http_status=409, code="application_declined"), 0),
        (ApplicationCreateError(APPLY, http_status=409, code="application_create_error"), 0),
        (GeneralError(APPLY, http_status=400, code="general_error"), 0),
        (NotFound("customers/search", http_status=404, code="not_found"), 0),
        (CredentialsRejected(TOKEN, http_status=400, code="invalid_client"), 0),
        (ScopeInsufficient("customers/search", http_status=403), 0),
    ],
)
def test_what_counts_as_a_failure(credential: Credential, problem: PosApiError | None, failures: int) -> None:
    take_note(credential, problem.endpoint if problem else APPLY, problem)
    counted = [circuit.failures_in_a_row for circuit in Circuit.objects.all()]
    assert sum(counted) == failures


def test_refused_credentials_neither_open_nor_calm(credential: Credential) -> None:
    refused = CredentialsRejected(TOKEN, http_status=400, code="invalid_client")
    failed(credential, SILENCE)
    take_note(credential, APPLY, refused)
    assert Circuit.objects.get().failures == 1


def test_answer_ends_the_silence_with_a_trial(credential: Credential) -> None:
    credential = opened(credential)
    assert is_open(credential)
    succeeded(credential)
    assert state(credential) == CircuitState.TRIAL
    assert not events(EventName.CIRCUIT_CLOSED)


def test_trial_that_is_answered_closes(credential: Credential) -> None:
    on_trial(credential, "mine")
    succeeded(credential, is_change=True, holder="mine")
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.failures_in_a_row, circuit.opened_at) == (CircuitState.CLOSED, 0, None)
    (event,) = events(EventName.CIRCUIT_CLOSED)
    assert event.detail == {"environment": "sandbox", "seconds": 0}


@pytest.mark.parametrize(("is_change", "holder"), [(False, "mine"), (True, "another"), (True, "")])
def test_trial_is_not_passed_by_anything_else(credential: Credential, is_change: bool, holder: str) -> None:
    on_trial(credential, "mine")
    succeeded(credential, is_change=is_change, holder=holder)
    assert state(credential) == CircuitState.TRIAL


def test_trial_that_fails_opens_again_with_a_longer_pause(credential: Credential) -> None:
    on_trial(credential, "mine")
    failed(credential, UNKNOWN, is_change=True, holder="mine")
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.setbacks, circuit.trial) == (CircuitState.OPEN, 1, "")
    assert circuits.pause_before_probe(circuit).total_seconds() == 10
    assert len(events(EventName.CIRCUIT_OPENED)) == 1


def test_trial_is_not_ended_by_an_apply_from_before_it(credential: Credential) -> None:
    on_trial(credential, "mine")
    failed(credential, UNKNOWN, is_change=True, holder="earlier")
    assert state(credential) == CircuitState.TRIAL


def test_silence_during_a_trial_opens_whoever_meets_it(credential: Credential) -> None:
    on_trial(credential, "mine")
    failed(credential, SILENCE)
    assert state(credential) == CircuitState.OPEN


@pytest.mark.parametrize("fault", ["bad_gateway_html", "reset_after", "truncated_json", "internal_error"])
def test_calls_that_get_no_readable_answer_open(credential: Credential, sandbox: Any, fault: str) -> None:
    sandbox.fail("i18n", fault, times=99)
    for _ in range(3):
        with pytest.raises(UnreadableAnswer):
            ask(credential)
    assert state(credential) == CircuitState.OPEN


def test_refused_connections_open(credential: Credential, nobody_listening: str) -> None:
    credential.base_url = nobody_listening
    for _ in range(3):
        with pytest.raises(NotReachable):
            ask(credential)
    assert state(credential) == CircuitState.OPEN


def test_open_circuit_lets_nobody_wait(credential: Credential, sandbox: Any) -> None:
    credential = opened(credential)
    with pytest.raises(LenderNotAnswering) as caught:
        client_for(credential)
    assert caught.value.certainly_not_processed
    assert sandbox.requests() == []
    client_for(credential, although_down=True).close()


def test_circuit_of_one_credential_is_not_that_of_another(credential: Credential, people: People) -> None:
    opened(credential)
    other = Credential.objects.create(
        merchant=people.other_merchant, base_url=credential.base_url, client_id="x", client_secret="y"
    )
    assert not is_open(other)


def test_answer_is_not_lost_when_the_circuit_cannot_be_written(
    credential: Credential, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(circuits, "take_note", away)
    watching(credential)(APPLY, None)
    assert "could not be kept" in caplog.text


def test_open_circuit_is_said_in_one_strip(credential: Credential) -> None:
    Credential.objects.update(session_outcome=SessionOutcome.OPEN)
    credential = opened(credential)
    text = for_staff(credential.merchant, credential)
    assert "Flexiti is not answering at the moment" in text
    assert "Priya Nair, 416-555-0142" in text
    assert "not answering" in for_administrators(credential.merchant, credential)


def test_strip_goes_when_the_lender_answers(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("login", "bad_gateway_html", times=9)
    assert open_session(credential, by=None) == SessionOutcome.UNREACHABLE
    merchant = credential.merchant
    assert for_staff(merchant, credential_for(merchant))
    ask(credential)
    assert for_staff(merchant, credential_for(merchant)) == ""


def test_refused_credentials_are_said_before_the_silence(credential: Credential) -> None:
    Credential.objects.update(session_outcome=SessionOutcome.REFUSED)
    assert "does not accept" in for_staff(credential.merchant, opened(credential))


def test_counter_reads_the_circuit_with_the_credential(credential: Credential) -> None:
    opened(credential)
    merchant = credential.merchant
    with CaptureQueriesContext(connection) as queries:
        found = credential_for(merchant)
        assert found
        assert is_open(found)
    assert len(queries) == 1


def test_session_is_not_tried_while_the_circuit_is_open_unless_asked(credential: Credential, sandbox: Any) -> None:
    credential = opened(credential)
    assert open_session(credential, by=None) == SessionOutcome.UNREACHABLE
    assert sandbox.requests() == []
    assert open_session(credential, by=None, although_down=True) == SessionOutcome.OPEN
    assert state(credential) == CircuitState.TRIAL


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_fifty_workers_open_it_once(credential: Credential) -> None:
    at_once(50, lambda: failed(credential, SILENCE))
    circuit = circuit_of(Credential.objects.get(pk=credential.pk))
    assert circuit
    assert (circuit.state, circuit.failures) == (CircuitState.OPEN, 3)
    assert len(events(EventName.CIRCUIT_OPENED)) == 1


def at_once(times: int, work: Callable[[], object]) -> list[object]:
    """What `work` gave in so many threads that begin together."""
    results: list[object] = []
    start = threading.Barrier(times)

    def run() -> None:
        try:
            start.wait()
            results.append(work())
        except Exception as problem:
            results.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    problems = [result for result in results if isinstance(result, Exception)]
    assert problems == []
    return results
