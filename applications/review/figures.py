"""What a dashboard tells of some stores and days: half a dozen statements, nothing of an applicant opened."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from applications.models import CustomerLanguage
from applications.review.outcomes import Outcomes
from applications.review.periods import Period, Slice, Step
from applications.review.waits import Waits
from applications.statistics.models import Measure
from applications.statistics.reading import Figures, Selection, count, count_by_day
from merchants.models import Store, User

_APPLICATIONS = (Measure.STATUS, Measure.SUBMITTED)
_TIMES = (Measure.DECIDED, Measure.STEP, Measure.ABANDONED)


@dataclass
class Summary:
    """Applications and the time to the decision, altogether."""

    outcomes: Outcomes = field(default_factory=Outcomes)
    decisions: Waits = field(default_factory=Waits)


@dataclass
class Dashboard:
    """Everything that is drawn."""

    now: Summary
    before: Summary
    over_time: list[tuple[Slice, Outcomes]]
    steps: dict[str, Waits]
    abandoned: dict[str, int]
    by_associate: list[tuple[str, Outcomes]]
    by_language: list[tuple[str, Outcomes]]
    by_store: list[tuple[str, Outcomes]]


def dashboard(stores: Collection[Store], period: Period) -> Dashboard:
    """The figures of these stores, which are those that the asking manager may see (scope.py)."""
    selection, before = _selection(stores, period), _selection(stores, period.before)
    by_slice, times = _by_slice(selection, period), count(selection, _TIMES, "key", "tenths")
    names_of_stores = {one.pk: one.name for one in stores}
    return Dashboard(
        now=Summary(_sum(by_slice.values()), _decisions(times)),
        before=_summary(count(before, (*_APPLICATIONS, Measure.DECIDED), "key", "tenths")),
        over_time=[(one, by_slice[one.since]) for one in period.slices()],
        steps=_steps(times),
        abandoned={key: n for (measure, key, _tenths), n in times.items() if measure == Measure.ABANDONED and n},
        by_associate=_by(selection, "associate", _names_of_people),
        by_language=_by(selection, "language", lambda found: {one: CustomerLanguage(one).label for one in found}),
        by_store=_by(selection, "store", lambda _found: names_of_stores) if len(stores) > 1 else [],
    )


def _selection(stores: Collection[Store], period: Period) -> Selection:
    return Selection([store.pk for store in stores], period.since, period.until, period.today)


def _add(outcomes: Outcomes, measure: str, status: str, number: int) -> None:
    if measure == Measure.STATUS:
        outcomes.statuses[status] += number
    elif measure == Measure.SUBMITTED:
        outcomes.submitted += number


def _by_slice(selection: Selection, period: Period) -> dict[date, Outcomes]:
    """By the first day of each slice, empty ones too."""
    is_monthly = period.step == Step.MONTH
    figures = (count if is_monthly else count_by_day)(selection, _APPLICATIONS, *(["day"] * is_monthly), "key")
    slices = period.slices()
    found = {one.since: Outcomes() for one in slices}
    place = {day: one.since for one in slices for day in _days(one)}
    for (measure, day, status), number in figures.items():
        _add(found[place[day]], measure, status, number)
    return found


def _days(one: Slice) -> Iterable[date]:
    return (date.fromordinal(day) for day in range(one.since.toordinal(), one.until.toordinal() + 1))


def _sum(parts: Iterable[Outcomes]) -> Outcomes:
    whole = Outcomes()
    for part in parts:
        whole.statuses.update(part.statuses)
        whole.submitted += part.submitted
    return whole


def _summary(figures: Figures) -> Summary:
    outcomes = Outcomes()
    for (measure, key, _tenths), number in figures.items():
        _add(outcomes, measure, key, number)
    return Summary(outcomes, _decisions(figures))


def _decisions(figures: Figures) -> Waits:
    waits = Waits()
    for (measure, _key, tenths), number in figures.items():
        if measure == Measure.DECIDED:
            waits.tenths[tenths] += number
    return waits


def _steps(figures: Figures) -> dict[str, Waits]:
    found: dict[str, Waits] = defaultdict(Waits)
    for (measure, step, tenths), number in figures.items():
        if measure == Measure.STEP:
            found[step].tenths[tenths] += number
    return dict(found)


def _by(
    selection: Selection, column: str, names_of: Callable[[Collection[Any]], dict[Any, Any]]
) -> list[tuple[str, Outcomes]]:
    """Those of whom there is something, most applications first."""
    found: dict[Any, Outcomes] = defaultdict(Outcomes)
    for (measure, one, status), number in count(selection, _APPLICATIONS, column, "key").items():
        _add(found[one], measure, status, number)
    names = names_of(list(found))
    told = [(str(names[one]), outcomes) for one, outcomes in found.items() if outcomes.started]
    return sorted(told, key=lambda pair: (-pair[1].started, pair[0]))


def _names_of_people(ids: Collection[int]) -> dict[int, str]:
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)}
