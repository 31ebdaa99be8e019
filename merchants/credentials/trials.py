"""Which deliveries may begin: all while the circuit is closed, none while it is open, one at a time in between."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from merchants.credentials.circuits import circuit_of
from merchants.models import Circuit, CircuitState, Credential


def not_answering() -> QuerySet[Circuit, UUID]:
    """The ids of the credentials in use whose circuit is open. Nobody probes for one that is out of use."""
    silent = Circuit.objects.filter(state=CircuitState.OPEN, credential__is_active=True)
    return silent.values_list("credential_id", flat=True)


def closed_to_deliveries(now: datetime) -> QuerySet[Circuit, UUID]:
    """The ids of the credentials with which no delivery may begin now.

    One that was taken out of use is not among them: nothing is sent with it, and nobody asks whether its lender is
    back, so that what waits for it has to be told so by a delivery.
    """
    taken = Q(state=CircuitState.TRIAL, trial_until__gt=now)
    closed = Circuit.objects.filter(taken | Q(state=CircuitState.OPEN), credential__is_active=True)
    return closed.values_list("credential_id", flat=True)


def take_trial(credential_id: UUID, *, holder: str, now: datetime, until: datetime) -> bool:
    """Whether this delivery is the one that tries, until then. Of any number that ask, one is."""
    free = Q(trial_until=None) | Q(trial_until__lte=now)
    trying = Circuit.objects.filter(free, pk=credential_id, state=CircuitState.TRIAL)
    return bool(trying.update(trial=holder, trial_until=until))


def keep_trials(holders: Iterable[str], *, until: datetime) -> None:
    """Their deliveries are still under way."""
    Circuit.objects.filter(state=CircuitState.TRIAL, trial__in=list(holders)).update(trial_until=until)


def leave_trial(credential: Credential, *, holder: str) -> None:
    """This delivery is over. If it said nothing about the lender, the next may try."""
    circuit = circuit_of(credential)
    if circuit is not None and circuit.trial == holder:
        Circuit.objects.filter(pk=credential.pk, trial=holder).update(trial="", trial_until=None)
