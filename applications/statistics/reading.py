"""The figures of some stores and days. Each question is one statement over totals and changes: of one moment."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, Sum

from applications.statistics.models import Change, Measure, Total

# A measure with the values asked for, and how many there are.
Figures = Counter[tuple[Any, ...]]


@dataclass(frozen=True)
class Selection:
    """Applications of these stores that were begun between these days, both included.

    `today` is the latest day in any of them: the month that it is in is not over, and yet whole.
    """

    stores: Collection[UUID] = field(repr=False)
    since: date
    until: date
    today: date

    @property
    def months(self) -> list[date]:
        """The first days of the months that lie in it from end to end."""
        found, month = [], self.since if self.since.day == 1 else _next_month(self.since)
        while _last_day(month) <= self.until or (month <= self.today <= self.until):
            found.append(month)
            month = _next_month(month)
        return found


def count(selection: Selection, measures: Collection[Measure], *by: str) -> Figures:
    """How many there are of each measure and combination of `by` (columns of models.py).

    By `day`, a whole month is told as its first day.
    """
    return _sum(selection, _with_months(selection), measures, by)


def count_by_day(selection: Selection, measures: Collection[Measure], *by: str) -> Figures:
    """The same by single days: measure, day, and the combination."""
    return _sum(selection, _between(selection.since, selection.until), measures, ("day", *by))


def _sum(selection: Selection, of_totals: Q, measures: Collection[Measure], by: tuple[str, ...]) -> Figures:
    wanted, days = Q(store__in=selection.stores, measure__in=measures), (selection.since, selection.until)
    folded = Total.objects.filter(wanted, of_totals).values_list("measure", *by).annotate(n=Sum("count"))
    not_yet = Change.objects.filter(wanted, day__range=days).values_list("measure", *by).annotate(n=Sum("count"))
    found: Figures = Counter()
    for *values, number in folded.union(not_yet, all=True):
        found[tuple(values)] += number
    return found


def _with_months(selection: Selection) -> Q:
    months = selection.months
    if not months:
        return _between(selection.since, selection.until)
    head = _between(selection.since, months[0] - timedelta(days=1))
    tail = _between(_next_month(months[-1]), selection.until)
    return Q(is_month=True, day__range=(months[0], months[-1])) | head | tail


def _between(since: date, until: date) -> Q:
    """Totals of single days; nothing when the days are in the wrong order."""
    return Q(is_month=False, day__range=(since, until))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _last_day(day: date) -> date:
    return _next_month(day) - timedelta(days=1)
