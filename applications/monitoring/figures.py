"""How things stand now, read from the rows. Every query finds few rows by an index, however many there are in all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from applications.models import Application, Cancellation, SubmissionAttempt
from applications.statuses import UNSETTLED, Status
from applications.verdicts import Verdict
from merchants.models import CircuitState, Credential, SessionOutcome


@dataclass(frozen=True)
class Told:
    """A figure of a room that this one knows nothing of. `count` finds few rows by an index, like all here."""

    name: str
    what: str
    count: Callable[[], int]


_told: dict[str, Told] = {}


def also(told: Told) -> None:
    """Called when the apps are ready: /metrics shows this one too."""
    _told[told.name] = told


def told_by_others() -> list[Told]:
    """In the order of their names."""
    return [_told[name] for name in sorted(_told)]


@dataclass(frozen=True)
class Row:
    """How many, and for how many seconds the oldest has been so (0 when there is none)."""

    count: int
    oldest: float


@dataclass(frozen=True)
class LenderConnection:
    """A credential in use, by ids only."""

    environment: str
    merchant_id: str
    circuit: str
    is_refused: bool


def submissions() -> dict[str, Row]:
    """What has not been answered, by what it waits for."""
    at_counter = Q(sending_since=None, application__status=Status.QUEUED, waits_since=None)
    with_consent = Q(sending_since=None, application__status=Status.QUEUED, waits_since__isnull=False)
    sending = Q(sending_since__isnull=False)
    held = Q(application__status=Status.HELD)
    found = SubmissionAttempt.objects.filter(closed_at=None).aggregate(
        queued=Count("pk", filter=at_counter),
        queued_since=Min("sealed_at", filter=at_counter),
        waiting=Count("pk", filter=with_consent),
        waiting_since=Min("waits_since", filter=with_consent),
        sending=Count("pk", filter=sending),
        sending_since_=Min("sending_since", filter=sending),
        held=Count("pk", filter=held),
        held_since=Min("sealed_at", filter=held),
    )
    return {
        "queued": _row(found["queued"], found["queued_since"]),
        "waiting": _row(found["waiting"], found["waiting_since"]),
        "sending": _row(found["sending"], found["sending_since_"]),
        "held": _row(found["held"], found["held_since"]),
    }


def unknown() -> Row:
    """Outcomes that are not settled."""
    found = Application.objects.filter(status=Status.UNKNOWN).aggregate(n=Count("pk"), since=Min("updated_at"))
    return _row(found["n"], found["since"])


def for_a_person() -> int:
    """Of the unsettled outcomes, those over which a search cannot decide."""
    return Application.objects.filter(status__in=UNSETTLED, attempts__look_verdict=Verdict.AMBIGUOUS).distinct().count()


def cancellations() -> dict[str, Row]:
    """Requests of Quebec customers: under way, and those of which nobody knows whether the account is closed."""
    under_way = Cancellation.objects.filter(closed_at=None).aggregate(n=Count("pk"), since=Min("requested_at"))
    without_answer = Application.objects.filter(status=Status.CANCELLING).exclude(cancellations__closed_at=None)
    found = without_answer.aggregate(n=Count("pk"), since=Min("updated_at"))
    return {
        "open": _row(under_way["n"], under_way["since"]),
        "unconfirmed": _row(found["n"], found["since"]),
    }


def connections() -> list[LenderConnection]:
    """Every credential in use, whether its circuit lets submissions out, and whether the lender refuses it."""
    in_use = Credential.objects.filter(is_active=True, merchant__is_active=True)
    rows = in_use.values_list("environment", "merchant_id", "circuit__state", "session_outcome")
    return [
        LenderConnection(environment, str(merchant), state or CircuitState.CLOSED, outcome == SessionOutcome.REFUSED)
        for environment, merchant, state, outcome in rows
    ]


def _row(count: int, since: datetime | None) -> Row:
    return Row(count, 0.0 if since is None else max(0.0, (timezone.now() - since).total_seconds()))
