"""The circuit breaker of each credential: whether the lender answers, as all processes see it (docs/decisions/0010).

closed → open after CIRCUIT_FAILURES failures in a row → trial once something answers: one delivery at a time → closed
when a delivery is answered, open again when one fails. The truth is a row, so that it holds without the cache; while
all goes well there is nothing to write.

A failure is no answer, or one that nobody can read. A decline, or any refusal by a code, is an answer: the lender
lives. Refused credentials say nothing either way. Answers to calls that only read do not outweigh failures of `apply`:
a lender may answer everything but that.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.events import record
from audit.names import EventName
from merchants.models import Circuit, CircuitState, Credential
from posapi import NotReachable, OutcomeUnknown, PosApiError, UnreadableAnswer, errors
from posapi.client import Observer

NO_ANSWER = (NotReachable, OutcomeUnknown, UnreadableAnswer)
_SAYS_NOTHING = (
    errors.CredentialsRejected,
    errors.MerchantSignInRejected,
    errors.RequestBlocked,
    errors.RoleNotProvisioned,
    errors.ScopeInsufficient,
    errors.TokenRejected,
)

logger = logging.getLogger(__name__)


class LenderNotAnswering(NotReachable):
    """Not even tried: the circuit of this credential is open."""


def circuit_of(credential: Credential) -> Circuit | None:
    """Its circuit, or None when nothing ever went wrong. No query when `credential__circuit` was selected with it."""
    try:
        return credential.circuit
    except Circuit.DoesNotExist:
        return None


def is_open(credential: Credential) -> bool:
    """Whether the lender counts as not answering."""
    circuit = circuit_of(credential)
    return circuit is not None and circuit.state == CircuitState.OPEN


def watching(credential: Credential, *, holder: str = "") -> Observer:
    """An observer for `posapi.Client` that takes note of every call. `holder` is the delivery that makes them."""

    def observe(endpoint: str, problem: PosApiError | None) -> None:
        try:
            take_note(credential, endpoint, problem, holder=holder)
        except DatabaseError as trouble:  # the answer itself counts for more than what it says about the lender
            logger.warning("What a call says about the lender could not be kept: %s", type(trouble).__name__)

    return observe


def take_note(credential: Credential, endpoint: str, problem: PosApiError | None, *, holder: str = "") -> None:
    """What the end of a call says about the lender."""
    is_change = (problem.endpoint if problem else endpoint) in errors.CHANGING
    if isinstance(problem, NO_ANSWER):
        failed(credential, problem, is_change=is_change, holder=holder)
    elif not isinstance(problem, _SAYS_NOTHING):
        succeeded(credential, is_change=is_change, holder=holder)


def failed(credential: Credential, problem: PosApiError, *, is_change: bool = False, holder: str = "") -> None:
    """The lender did not answer. Of any number of workers that notice it, one opens the circuit."""
    if Circuit.objects.filter(pk=credential.pk, state=CircuitState.OPEN).exists():
        return
    with _locked(credential) as circuit:
        circuit.last_problem = (problem.code or type(problem).__name__)[:80]
        if circuit.state == CircuitState.CLOSED:
            _count(circuit, is_change=is_change)
            if circuit.failures_in_a_row >= settings.CIRCUIT_FAILURES:
                _open(circuit)
        elif circuit.state == CircuitState.TRIAL and (not is_change or circuit.trial == holder):
            _open_again(circuit)  # an `apply` that began before the trial says nothing about now


def succeeded(credential: Credential, *, is_change: bool = False, holder: str = "") -> None:
    """The lender answered. While all goes well this reads one row and writes none."""
    circuit = Circuit.objects.filter(pk=credential.pk).first()
    if circuit is None or not _is_news(circuit, is_change=is_change, holder=holder):
        return
    with _locked(credential) as circuit:
        if not _is_news(circuit, is_change=is_change, holder=holder):
            return
        circuit.answered_at = timezone.now()
        if circuit.state == CircuitState.OPEN:
            circuit.state, circuit.probe_at = CircuitState.TRIAL, None
        elif circuit.state == CircuitState.TRIAL:
            _close(circuit)
        else:
            circuit.failures, circuit.probe_at = 0, None
            circuit.apply_failures = 0 if is_change else circuit.apply_failures


@contextmanager
def _locked(credential: Credential) -> Iterator[Circuit]:
    """The row, for one process at a time, saved at the end."""
    with transaction.atomic():
        Circuit.objects.get_or_create(credential=credential)
        circuit = Circuit.objects.select_for_update().get(pk=credential.pk)
        circuit.credential = credential
        yield circuit
        circuit.save()


def still_down(credential: Credential) -> None:
    """A probe brought no answer: the next one comes a little later."""
    with _locked(credential) as circuit:
        if circuit.state == CircuitState.OPEN:
            circuit.setbacks += 1
            circuit.probe_at = timezone.now() + pause_before_probe(circuit)


def pause_before_probe(circuit: Circuit) -> timedelta:
    """The longer, the more often the lender has disappointed."""
    pauses = settings.CIRCUIT_PROBE_SECONDS
    return timedelta(seconds=pauses[min(circuit.setbacks, len(pauses) - 1)])


def _is_news(circuit: Circuit, *, is_change: bool, holder: str) -> bool:
    match circuit.state:
        case CircuitState.OPEN:
            return True
        case CircuitState.TRIAL:
            return is_change and circuit.trial == holder
    return bool(circuit.failures or (is_change and circuit.apply_failures))


def _count(circuit: Circuit, *, is_change: bool) -> None:
    if is_change:
        circuit.apply_failures += 1
    else:
        circuit.failures += 1
        circuit.probe_at = circuit.probe_at or timezone.now() + pause_before_probe(circuit)


def _open(circuit: Circuit) -> None:
    now = timezone.now()
    circuit.state, circuit.opened_at, circuit.probe_at = CircuitState.OPEN, now, now + pause_before_probe(circuit)
    _record(EventName.CIRCUIT_OPENED, circuit, problem=circuit.last_problem)


def _open_again(circuit: Circuit) -> None:
    """Something answered, but not what came after it."""
    circuit.state, circuit.trial, circuit.trial_until = CircuitState.OPEN, "", None
    circuit.setbacks += 1
    circuit.probe_at = timezone.now() + pause_before_probe(circuit)


def _close(circuit: Circuit) -> None:
    since = circuit.opened_at or timezone.now()
    circuit.state, circuit.opened_at, circuit.probe_at = CircuitState.CLOSED, None, None
    circuit.failures = circuit.apply_failures = circuit.setbacks = 0
    circuit.trial, circuit.trial_until = "", None
    _record(EventName.CIRCUIT_CLOSED, circuit, seconds=_seconds_since(since))


def _seconds_since(moment: datetime) -> int:
    return int((timezone.now() - moment).total_seconds())


def _record(name: EventName, circuit: Circuit, **detail: str | int) -> None:
    credential = circuit.credential
    facts = {"environment": credential.environment, **detail}
    record(name, subject=credential, merchant_id=credential.merchant_id, by=None, detail=facts)
