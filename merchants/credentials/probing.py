"""Asking a lender that does not answer whether it does again: a cheap read, and never an `apply`."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from merchants.credentials.circuits import NO_ANSWER, failed, is_open, pause_before_probe, still_down, succeeded
from merchants.credentials.sessions import CredentialUnusable, client_for
from merchants.models import Circuit, CircuitState, Credential, Language
from posapi import Client, PosApiError, Timeouts, new_reference_id

PROBE_TIMEOUTS = Timeouts(connect=2, read=4, total=5)
_AT_ONCE = 8


def probe_due_circuits() -> None:
    """Probe every credential that is due, each by one caller only; many merchants may share one silent lender."""
    clients = {credential: _client(credential) for credential in due_for_a_probe(timezone.now())}
    asking = {credential: client for credential, client in clients.items() if client}
    if not asking:
        return
    with ThreadPoolExecutor(min(_AT_ONCE, len(asking))) as threads:
        problems = list(threads.map(_ask, asking.values()))
    for credential, problem in zip(asking, problems, strict=True):
        _conclude(credential, problem)


def due_for_a_probe(now: datetime) -> list[Credential]:
    """Credentials whose circuit is open, or in doubt after a failure, and whose turn it is."""
    doubtful = Q(state=CircuitState.OPEN) | Q(state=CircuitState.CLOSED, failures__gt=0)
    due = Circuit.objects.filter(doubtful, probe_at__lte=now, credential__is_active=True)
    found = due.select_related("credential__circuit")
    return [circuit.credential for circuit in found if _is_mine(circuit, now)]


def _is_mine(circuit: Circuit, now: datetime) -> bool:
    mine = Circuit.objects.filter(pk=circuit.pk, probe_at=circuit.probe_at)
    return bool(mine.update(probe_at=now + pause_before_probe(circuit)))


def _client(credential: Credential) -> Client | None:
    """None for a credential that cannot be used at all, which says nothing about the lender."""
    try:
        return client_for(credential, timeouts=PROBE_TIMEOUTS, although_down=True, observe=_concluded_later)
    except CredentialUnusable:
        return None


def _concluded_later(_endpoint: str, _problem: PosApiError | None) -> None:
    """These calls are made by threads without a database connection."""


def _ask(client: Client) -> PosApiError | None:
    with client:
        try:
            client.flow(new_reference_id()).i18n(Language.ENGLISH.value)
        except PosApiError as problem:
            return problem
    return None


def _conclude(credential: Credential, problem: PosApiError | None) -> None:
    """Any readable answer will do, a refusal included."""
    if not isinstance(problem, NO_ANSWER):
        succeeded(credential)
    elif is_open(credential):
        still_down(credential)
    else:
        failed(credential, problem)
