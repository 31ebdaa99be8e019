"""One delivery at a time after a silence."""

from datetime import timedelta

import pytest
from django.utils import timezone

from merchants.credentials.trials import closed_to_deliveries, keep_trials, leave_trial, not_answering, take_trial
from merchants.models import Circuit, CircuitState, Credential
from tests.merchants.credentials.test_circuits import at_once

LEASE = timedelta(seconds=30)


@pytest.fixture
def circuit(credential: Credential) -> Circuit:
    return Circuit.objects.create(credential=credential, state=CircuitState.TRIAL)


def take(circuit: Circuit, holder: str, *, after: timedelta = timedelta(0)) -> bool:
    now = timezone.now() + after
    return take_trial(circuit.pk, holder=holder, now=now, until=now + LEASE)


def test_trial_is_taken_by_one(circuit: Circuit) -> None:
    assert [take(circuit, "first"), take(circuit, "second")] == [True, False]


def test_trial_of_a_dead_worker_is_taken_over_after_its_lease(circuit: Circuit) -> None:
    take(circuit, "dead")
    assert not take(circuit, "next", after=LEASE / 2)
    assert take(circuit, "next", after=LEASE + timedelta(seconds=1))


def test_trial_under_way_is_kept(circuit: Circuit) -> None:
    take(circuit, "slow")
    keep_trials(["slow", "another"], until=timezone.now() + 3 * LEASE)
    assert not take(circuit, "next", after=2 * LEASE)


def test_trial_that_said_nothing_is_left_to_the_next(circuit: Circuit) -> None:
    take(circuit, "first")
    leave_trial(Credential.objects.get(), holder="first")
    assert take(circuit, "second")


def test_trial_is_not_left_by_somebody_else(circuit: Circuit) -> None:
    take(circuit, "first")
    leave_trial(Credential.objects.get(), holder="second")
    assert not take(circuit, "second")


@pytest.mark.parametrize(
    ("state", "taken", "may_begin"),
    [
        (CircuitState.CLOSED, False, True),
        (CircuitState.OPEN, False, False),
        (CircuitState.TRIAL, False, True),
        (CircuitState.TRIAL, True, False),
    ],
)
def test_when_a_delivery_may_begin(circuit: Circuit, state: CircuitState, taken: bool, may_begin: bool) -> None:
    if taken:
        take(circuit, "other")
    Circuit.objects.update(state=state)
    assert (circuit.pk not in closed_to_deliveries(timezone.now())) is may_begin
    assert (circuit.pk in not_answering()) is (state == CircuitState.OPEN)


def test_credential_out_of_use_keeps_no_delivery_waiting(circuit: Circuit) -> None:
    Circuit.objects.update(state=CircuitState.OPEN)
    Credential.objects.update(is_active=False)
    assert circuit.pk not in closed_to_deliveries(timezone.now())


@pytest.mark.parametrize("state", [CircuitState.CLOSED, CircuitState.OPEN])
def test_there_is_no_trial_to_take_otherwise(circuit: Circuit, state: CircuitState) -> None:
    Circuit.objects.update(state=state)
    assert not take(circuit, "first")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_fifty_workers_one_takes_the_trial(circuit: Circuit) -> None:
    results = at_once(50, lambda: take(circuit, "one of fifty"))
    assert sorted(results) == [False] * 49 + [True]  # type: ignore[type-var]
