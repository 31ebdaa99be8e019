"""Taking the next row in line: one worker has it, and whoever dies with it only delays it (design.md §3)."""

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from applications.models import Application, SubmissionAttempt
from applications.monitoring import set_back
from applications.moves import move
from applications.statuses import Status
from audit.names import EventName
from merchants.credentials.trials import closed_to_deliveries, take_trial
from merchants.models import CircuitState


class ClaimLost(Exception):
    """Another worker has this row by now, or the associate took it back."""


def in_line(now: datetime) -> QuerySet[SubmissionAttempt]:
    """What may be sent now and is in no worker's hands: first those at the counter, then those who let it wait."""
    unclaimed = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = SubmissionAttempt.objects.filter(
        unclaimed, closed_at=None, sending_since=None, application__status=Status.QUEUED
    )
    sendable = waiting.exclude(credential__in=closed_to_deliveries(now))
    return sendable.order_by(F("waits_since").asc(nulls_first=True), "sealed_at")


def claim_next() -> SubmissionAttempt | None:
    """Take the next row in line, or None when there is none. Nothing is sent yet: the claim may end at any time.

    PostgreSQL skips rows that another worker is just taking; SQLite has one writer, whose update is guarded. From a
    database that was set back nothing is taken.
    """
    if not set_back.may_send():
        return None
    now = timezone.now()
    with transaction.atomic():
        line = in_line(now).select_for_update(skip_locked=True, of=("self",))
        found = line.values_list("pk", "credential_id", "credential__circuit__state").first()
        if found is None:
            return None
        pk, credential_id, state = found
        free = Q(lease_until=None) | Q(lease_until__lt=now)
        claim, lease = secrets.token_hex(16), lease_from(now)
        taken = SubmissionAttempt.objects.filter(free, pk=pk, closed_at=None, sending_since=None).update(
            claim=claim, lease_until=lease
        )
        if not taken:
            return None
        if state == CircuitState.TRIAL and not take_trial(credential_id, holder=pk.hex, now=now, until=lease):
            transaction.set_rollback(True)  # another delivery is trying whether the lender answers again
            return None
    return SubmissionAttempt.objects.select_related("application", "credential__circuit").get(pk=pk)


def begin_sending(attempt: SubmissionAttempt) -> None:
    """Commit that it is being sent, before the socket is opened. Raises ClaimLost.

    From here on a worker that dies leaves `sending`, which the end of the lease turns into `unknown`.
    """
    now = timezone.now()
    mine = SubmissionAttempt.objects.filter(pk=attempt.pk, claim=attempt.claim, closed_at=None, sending_since=None)
    with transaction.atomic():
        lock_application(attempt)
        if not mine.update(sending_since=now, lease_until=lease_from(now)):
            raise ClaimLost
        attempt.sending_since = now
        move(
            attempt.application,
            Status.SENDING,
            by=None,
            event=EventName.SENT,
            detail={
                "attempt": attempt.number,
                "reference_id": attempt.application.reference_id,
                "credential": str(attempt.credential_id),
            },
        )


def lock_application(attempt: SubmissionAttempt) -> None:
    """For a transaction that changes both rows: all lock the application first, so that no two wait for each other."""
    Application.objects.select_for_update().values_list("pk").get(pk=attempt.application_id)


def lease_from(now: datetime) -> datetime:
    """When a worker that gave its last sign of life now counts as dead."""
    return now + timedelta(seconds=settings.LEASE_SECONDS)
