"""The purge: what has had its period goes, a row and a transaction at a time, each looked at again under its lock.

Whoever kills it loses nothing: what is done is done, the next run finds the rest, and two at once do the work once.
Memory holds the keys of one batch.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from applications.drafting import expire
from applications.models import Application, SubmissionAttempt
from applications.monitoring import heartbeats
from applications.monitoring.models import Heartbeat
from applications.purge import BY_PERIOD, purge_sensitive
from applications.retention import kinds
from applications.retention.erasing import delete_evidence, erase_answers, with_nothing_open
from applications.retention.kinds import Kind
from applications.review.models import Export
from applications.statuses import AT_THE_COUNTER, EDITABLE, FINAL, UNSETTLED
from audit.events import record
from audit.names import EventName
from merchants.models import Invitation

_BATCH = 200

logger = logging.getLogger(__name__)

Due = Callable[[datetime], QuerySet[Any]]


@dataclass(frozen=True)
class Chore:
    """What is due of one kind, the oldest by `age` first, and how one locked row of it is purged."""

    kind: Kind
    due: Due
    age: str
    one: Callable[[Any], None]


@dataclass
class Run:
    """What a purge did: rows by the name of their kind. `failed` are rows that could not be purged, and stay."""

    purged: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    is_complete: bool = True


def purge(*, seconds: float | None = None, say: Callable[[str], None] = lambda _: None) -> Run:
    """Purge everything that is due, or as much as the seconds allow; the run itself is on the record."""
    until = None if seconds is None else time.monotonic() + seconds
    run, now = Run(), timezone.now()
    for chore in CHORES:
        run.purged[chore.kind.name] = _purge(chore, now, until, run)
        say(f"{chore.kind.name}: {run.purged[chore.kind.name]:,}")
    _record(run)
    return run


def purge_by_the_hour() -> None:
    """Purge what is kept for hours, for which a night is too late. The rows' own events are the record of it."""
    now = timezone.now()
    for chore in CHORES:
        if chore.kind.unit == "hours":
            _purge(chore, now, None, Run())


def due_now() -> Iterator[tuple[Kind, int]]:
    """How many rows of each kind a purge would take up."""
    now = timezone.now()
    for chore in CHORES:
        yield chore.kind, chore.due(now).count()


def kept_open() -> QuerySet[Application]:
    """Applications whose answers have had their period, and which are kept because something about them is open."""
    old = _with_answers_until(kinds.ANSWERS.ended_by(timezone.now())).exclude(status__in=EDITABLE)
    return old.exclude(pk__in=with_nothing_open(old))


def _purge(chore: Chore, now: datetime, until: float | None, run: Run) -> int:
    done, failed = 0, set[Any]()
    while keys := _next(chore, now, failed):
        before = done
        for key in keys:
            if until is not None and time.monotonic() > until:
                run.is_complete = False
                return done
            try:
                done += _one(chore, now, key)
            except Exception:  # one row that cannot be purged stops no other
                logger.exception("The purge of %s %s failed", chore.kind.name, key)
                failed.add(key)
        if done == before and not failed.intersection(keys):
            break  # somebody else has them
    run.failed += len(failed)
    return done


def _next(chore: Chore, now: datetime, failed: Collection[Any]) -> list[Any]:
    """The keys of a batch: what was purged is due no longer."""
    due = chore.due(now).exclude(pk__in=failed) if failed else chore.due(now)
    return list(due.order_by(chore.age, "pk").values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def _one(chore: Chore, now: datetime, key: Any) -> int:
    """Purge this row if it is still due, now under its lock: 1, or else 0."""
    row = chore.due(now).filter(pk=key).select_for_update(of=("self",)).first()
    if row is None:
        return 0
    chore.one(row)
    return 1


@transaction.atomic
def _record(run: Run) -> None:
    heartbeats.note(heartbeats.PURGE)
    heartbeat = Heartbeat.objects.get(pk=heartbeats.PURGE)
    detail = {**run.purged, "failed": run.failed, "complete": run.is_complete}
    record(EventName.PURGE_RUN, subject=heartbeat, merchant_id=None, by=None, detail=detail)


def _with_answers_until(moment: datetime) -> QuerySet[Application]:
    return Application.objects.filter(erased_at=None, updated_at__lt=moment)


def _sensitive(_now: datetime) -> QuerySet[Any]:
    """None, unless something was written past the portal: they go in the transaction of the answer."""
    return Application.objects.filter(_keeps_sensitive(), status__in=FINAL)


def _unsettled(now: datetime) -> QuerySet[Any]:
    ended = kinds.UNSETTLED_SENSITIVE.ended_by(now)
    return Application.objects.filter(_keeps_sensitive(), status__in=UNSETTLED, updated_at__lt=ended)


def _keeps_sensitive() -> Q:
    """Their keys are few and have an index of their own; a join would give rows twice, which cannot be locked."""
    keeping = SubmissionAttempt.objects.filter(sensitive__isnull=False)
    return Q(pk__in=keeping.values("application"))


def _drafts(now: datetime) -> QuerySet[Any]:
    ended = kinds.DRAFTS.ended_by(now)
    return Application.objects.filter(status__in=AT_THE_COUNTER, updated_at__lt=ended)


def _answers(now: datetime) -> QuerySet[Any]:
    return with_nothing_open(_with_answers_until(kinds.ANSWERS.ended_by(now)))


def _evidence(now: datetime) -> QuerySet[Any]:
    return Application.objects.filter(erased_at__isnull=False, updated_at__lt=kinds.EVIDENCE.ended_by(now))


def _exports(now: datetime) -> QuerySet[Any]:
    return Export.objects.filter(requested_at__lt=kinds.EXPORTS.ended_by(now))


def _sessions(now: datetime) -> QuerySet[Any]:
    return Session.objects.filter(expire_date__lt=now)


def _invitations(now: datetime) -> QuerySet[Any]:
    return Invitation.objects.filter(expires_at__lt=kinds.INVITATIONS.ended_by(now))


def _admin_log(now: datetime) -> QuerySet[Any]:
    return LogEntry.objects.filter(action_time__lt=kinds.ADMIN_LOG.ended_by(now))


def _delete_export(export: Export) -> None:
    detail = {"rows": export.rows_written, "with_names": export.with_names}
    record(EventName.EVIDENCE_DELETED, subject=export, merchant_id=export.merchant_id, by=None, detail=detail)
    export.delete()


def _delete(row: Model) -> None:
    row.delete()


def _erase(application: Application) -> None:
    erase_answers(application, why=BY_PERIOD)


CHORES = (
    Chore(kinds.SENSITIVE, _sensitive, "updated_at", purge_sensitive),
    Chore(kinds.UNSETTLED_SENSITIVE, _unsettled, "updated_at", purge_sensitive),
    Chore(kinds.DRAFTS, _drafts, "updated_at", expire),
    Chore(kinds.ANSWERS, _answers, "updated_at", _erase),
    Chore(kinds.EVIDENCE, _evidence, "updated_at", delete_evidence),
    Chore(kinds.EXPORTS, _exports, "requested_at", _delete_export),
    Chore(kinds.SESSIONS, _sessions, "expire_date", _delete),
    Chore(kinds.INVITATIONS, _invitations, "expires_at", _delete),
    Chore(kinds.ADMIN_LOG, _admin_log, "action_time", _delete),
)
# Done elsewhere: with each replaced credential, and never.
ELSEWHERE: Mapping[str, str] = {
    kinds.CREDENTIALS.name: "applications.submission.retiring",
    kinds.EVENTS.name: "",
}
