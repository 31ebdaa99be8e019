"""Probes: cheap reads with growing pauses, each by one caller, and never an `apply`."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from merchants.credentials.circuits import failed, succeeded
from merchants.credentials.probing import due_for_a_probe, probe_due_circuits
from merchants.models import Circuit, CircuitState, Credential
from merchants.tasks import probe_circuits
from posapi import NotReachable
from tests.merchants.credentials.test_circuits import at_once, opened

SILENCE = NotReachable("i18n")


def make_due() -> None:
    Circuit.objects.update(probe_at=timezone.now())


def seconds_to_the_next() -> int:
    probe_at = Circuit.objects.get().probe_at
    assert probe_at
    return round((probe_at - timezone.now()).total_seconds())


def asked(sandbox: Any) -> list[str]:
    return [request["path"].rpartition("/")[2] for request in sandbox.requests()]


def test_probe_waits_its_pause(credential: Credential, sandbox: Any) -> None:
    opened(credential)
    assert seconds_to_the_next() == 5
    probe_due_circuits()
    assert sandbox.requests() == []


def test_probe_that_is_answered_begins_the_trial(credential: Credential, sandbox: Any) -> None:
    opened(credential)
    make_due()
    probe_circuits()
    assert Circuit.objects.get().state == CircuitState.TRIAL
    assert asked(sandbox) == ["token", "i18n"]


def test_pauses_grow_while_nothing_answers(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("*", "bad_gateway_html", times=99)
    opened(credential)
    pauses = []
    for _ in range(5):
        make_due()
        probe_due_circuits()
        pauses.append(seconds_to_the_next())
    assert pauses == [10, 20, 30, 30, 30]
    assert Circuit.objects.get().state == CircuitState.OPEN


def test_refusal_is_an_answer(credential: Credential) -> None:
    credential.client_secret = "wrong"
    credential.save()
    opened(credential)
    make_due()
    probe_due_circuits()
    assert Circuit.objects.get().state == CircuitState.TRIAL


def test_single_failure_is_looked_into(credential: Credential, sandbox: Any) -> None:
    failed(credential, SILENCE)
    make_due()
    probe_due_circuits()
    circuit = Circuit.objects.get()
    assert (circuit.state, circuit.failures, circuit.probe_at) == (CircuitState.CLOSED, 0, None)


def test_silence_is_noticed_without_any_customer(credential: Credential, sandbox: Any) -> None:
    sandbox.fail("*", "bad_gateway_html", times=99)
    failed(credential, SILENCE)
    for _ in range(2):
        make_due()
        probe_due_circuits()
    assert Circuit.objects.get().state == CircuitState.OPEN


@pytest.mark.parametrize("state", [CircuitState.CLOSED, CircuitState.TRIAL])
def test_nothing_is_asked_when_nothing_is_in_doubt(credential: Credential, sandbox: Any, state: CircuitState) -> None:
    opened(credential)
    succeeded(credential)
    Circuit.objects.update(state=state, failures=0, probe_at=timezone.now())
    probe_due_circuits()
    assert sandbox.requests() == []


def test_credential_out_of_use_is_not_probed(credential: Credential, sandbox: Any) -> None:
    opened(credential)
    Credential.objects.update(is_active=False)
    make_due()
    probe_due_circuits()
    assert sandbox.requests() == []


def test_secret_that_cannot_be_opened_stops_no_other_probe(credential: Credential, sandbox: Any, settings: Any) -> None:
    opened(credential)
    make_due()
    settings.DEBUG = True
    Credential.objects.update(environment="production")
    probe_due_circuits()
    assert (sandbox.requests(), Circuit.objects.get().state) == ([], CircuitState.OPEN)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_probe_is_given_to_one_of_many(credential: Credential) -> None:
    opened(credential)
    now = timezone.now() + timedelta(seconds=6)
    given = at_once(20, lambda: len(due_for_a_probe(now)))
    assert sum(given) == 1  # type: ignore[arg-type]
