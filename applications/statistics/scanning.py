"""Counting everything anew from the applications, their submissions and their events: slow, and what has to be true."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import groupby, islice
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

_CHUNK = 5000

# When a decision was there, and how long after its submission was sealed.
Moment = tuple[datetime, float]


def scan() -> Counter[Kind]:
    """Every figure by day, as it should be. Call it in a transaction that sees one moment."""
    found: Counter[Kind] = Counter()
    for part in (_statuses(), _submitted(), _abandoned(), _decided(), _steps()):
        found.update(part)
    return found


def _statuses() -> dict[Kind, int]:
    return _of_persons(Measure.STATUS, "status")


def _submitted() -> dict[Kind, int]:
    return _of_persons(Measure.SUBMITTED, attempts__number=1)


def _of_persons(measure: Measure, *key: str, **wanted: Any) -> dict[Kind, int]:
    rows = Application.objects.filter(**wanted).values_list("store", "day", "created_by", "language", *key)
    return {
        Kind(store, measure, day, "".join(rest), associate=associate, language=language): count
        for store, day, associate, language, *rest, count in rows.annotate(n=Count("pk")).order_by()
    }


def _abandoned() -> dict[Kind, int]:
    rows = Application.objects.filter(status=Status.EXPIRED).values_list("store", "day", "last_step")
    counted = rows.annotate(n=Count("pk")).order_by()
    return {Kind(store, Measure.ABANDONED, day, step): count for store, day, step, count in counted}


def _decided() -> Counter[Kind]:
    """The first decision of each application; a few were settled, so they are looked up."""
    settled = _settled()
    answered = SubmissionAttempt.objects.filter(outcome__in=DECISIONS).order_by("application_id")
    columns = ("application_id", "application__store", "application__day", "closed_at", "sealed_at")
    found: Counter[Kind] = Counter()
    for (application, store, day), rows in groupby(
        answered.values_list(*columns).iterator(_CHUNK), key=lambda row: row[:3]
    ):
        moments = [(closed, (closed - sealed).total_seconds()) for *_, closed, sealed in rows]
        found[_decision(store, day, moments + settled.pop(application, []))] += 1
    for store, day, moments in _of_settled_only(settled):
        found[_decision(store, day, moments)] += 1
    return found


def _settled() -> dict[UUID, list[Moment]]:
    rows = Settlement.objects.filter(outcome__in=DECISIONS)
    found: dict[UUID, list[Moment]] = {}
    for application, settled, sealed in rows.values_list("application_id", "settled_at", "attempt__sealed_at"):
        found.setdefault(application, []).append((settled, (settled - sealed).total_seconds()))
    return found


def _of_settled_only(settled: Mapping[UUID, list[Moment]]) -> Iterator[tuple[UUID, date, list[Moment]]]:
    places = _places(settled)
    for application, moments in settled.items():
        yield (*places[application], moments)


def _decision(store: UUID, day: date, moments: Iterable[Moment]) -> Kind:
    _at, seconds = min(moments)
    return Kind(store, Measure.DECIDED, day, tenths=durations.of_decision(seconds))


def _steps() -> Counter[Kind]:
    """How long a step took stands in its event only, and in none of before it was counted."""
    saved = Event.objects.filter(name=EventName.STEP_SAVED.value, subject_type=Application._meta.label_lower)
    rows = saved.order_by("id").values_list("subject_id", "detail").iterator(_CHUNK)
    timed = ((UUID(pk), detail) for pk, detail in rows if "tenths" in detail)
    found: Counter[Kind] = Counter()
    while chunk := list(islice(timed, _CHUNK)):
        places = _places(pk for pk, _detail in chunk)
        for pk, detail in chunk:
            store, day = places[pk]
            found[Kind(store, Measure.STEP, day, detail["step"], detail["tenths"])] += 1
    return found


def _places(applications: Iterable[UUID]) -> dict[UUID, tuple[UUID, date]]:
    """The store and the day of each."""
    wanted, found = iter(set(applications)), {}
    while some := list(islice(wanted, _CHUNK)):
        rows = Application.objects.filter(pk__in=some).values_list("pk", "store", "day")
        found.update({pk: (store, day) for pk, store, day in rows})
    return found
