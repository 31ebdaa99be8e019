"""Counting everything anew from the applications, their submissions and their events: slow, and what has to be true.

One store at a time, so that memory holds the figures of one.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db.models import Count

from applications.models import Application, Settlement, SubmissionAttempt
from applications.statistics import durations
from applications.statistics.kinds import Kind
from applications.statistics.models import Measure
from applications.statistics.recording import DECISIONS
from applications.statuses import Status
from audit.models import Event
from audit.names import EventName
from merchants.models import Store

_CHUNK = 1000

# When a decision was there, and how many seconds after its submission was sealed.
Moment = tuple[datetime, float]


def scan(store: Store) -> Counter[Kind]:
    """Every figure of the store by day, as it should be. Call it in a transaction that sees one moment."""
    found: Counter[Kind] = Counter()
    for part in (_statuses, _submitted, _abandoned, _decided, _steps):
        found.update(part(store))
    return found


def _statuses(store: Store) -> dict[Kind, int]:
    return _of_persons(store, Measure.STATUS, "status")


def _submitted(store: Store) -> dict[Kind, int]:
    return _of_persons(store, Measure.SUBMITTED, attempts__number=1)


def _of_persons(store: Store, measure: Measure, *key: str, **wanted: Any) -> dict[Kind, int]:
    rows = Application.objects.filter(store=store, **wanted).values_list("day", "created_by", "language", *key)
    return {
        Kind(store.pk, measure, day, "".join(rest), associate=associate, language=language): count
        for day, associate, language, *rest, count in rows.annotate(n=Count("pk")).order_by()
    }


def _abandoned(store: Store) -> dict[Kind, int]:
    rows = Application.objects.filter(store=store, status=Status.EXPIRED).values_list("day", "last_step")
    counted = rows.annotate(n=Count("pk")).order_by()
    return {Kind(store.pk, Measure.ABANDONED, day, step): count for day, step, count in counted}


def _decided(store: Store) -> Iterator[Kind]:
    """The first decision of each application, whether the lender answered it or it was settled."""
    answered = SubmissionAttempt.objects.filter(store=store, outcome__in=DECISIONS)
    settled = Settlement.objects.filter(application__store=store, outcome__in=DECISIONS)
    rows = chain(
        answered.values_list("application_id", "application__day", "closed_at", "sealed_at").iterator(_CHUNK),
        settled.values_list("application_id", "application__day", "settled_at", "attempt__sealed_at").iterator(_CHUNK),
    )
    first: dict[tuple[UUID, date], Moment] = {}
    for application, day, at, sealed in rows:
        assert at  # what has an outcome was closed
        moment = (at, (at - sealed).total_seconds())
        first[application, day] = min(first.get((application, day), moment), moment)
    for (_application, day), (_at, seconds) in first.items():
        yield Kind(store.pk, Measure.DECIDED, day, tenths=durations.of_decision(seconds))


def _steps(store: Store) -> Iterator[Kind]:
    """How long a step took stands in its event only, and in none of before it was counted."""
    # In the order of an index that begins with the store; in that of the key, every store's rows would be read.
    applications = Application.objects.filter(store=store).order_by("created_at", "pk").values_list("pk", "day")
    chunks = applications.iterator(_CHUNK)
    saved = Event.objects.filter(name=EventName.STEP_SAVED.value, subject_type=Application._meta.label_lower)
    while days := {str(pk): day for pk, day in islice(chunks, _CHUNK)}:
        for subject, detail in saved.filter(subject_id__in=days).values_list("subject_id", "detail"):
            if "tenths" in detail:
                yield Kind(store.pk, Measure.STEP, days[subject], detail["step"], detail["tenths"])
