"""The days a dashboard is about, as they stand in its address, and how they are cut into columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

_FIRST_DAY = date(2000, 1, 1)
_LONGEST = 3 * 366  # days of a range
# Up to so many days are drawn day by day, up to so many week by week, and the rest by month.
_BY_DAY, _BY_WEEK = 45, 190


class Span(TextChoices):
    """The periods that are one click away, and a range of one's own."""

    TODAY = "today", _("Today")
    WEEK = "week", _("7 days")
    MONTH = "month", _("30 days")
    QUARTER = "quarter", _("13 weeks")
    YEAR = "year", _("12 months")
    OWN = "own", _("Own range")


class Step(TextChoices):
    """What a column of a chart stands for."""

    DAY = "day", _("Day")
    WEEK = "week", _("Week")
    MONTH = "month", _("Month")


@dataclass(frozen=True)
class Slice:
    """The days of one column."""

    since: date
    until: date
    label: str
    short: str


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both included; `today` is the latest day in any of the stores."""

    span: Span
    since: date
    until: date
    today: date

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, today: date) -> "Period":
        """What an address says; thirty days when it says nothing that can be read."""
        own = _own_range(query, today)
        if own is not None:
            return cls(Span.OWN, *own, today)
        wanted = query.get("period", "")
        span = Span(wanted) if wanted in Span.values and wanted != Span.OWN else Span.MONTH
        return cls(span, _begin(span, today), today, today)

    @property
    def days(self) -> int:
        return (self.until - self.since).days + 1

    @property
    def before(self) -> "Period":
        """As many days, just before these."""
        return Period(Span.OWN, self.since - timedelta(days=self.days), self.since - timedelta(days=1), self.today)

    @property
    def step(self) -> Step:
        if self.span == Span.YEAR or self.days > _BY_WEEK:
            return Step.MONTH
        return Step.DAY if self.days <= _BY_DAY else Step.WEEK

    @property
    def query(self) -> dict[str, str]:
        """How it stands in an address."""
        if self.span == Span.OWN:
            return {"since": self.since.isoformat(), "until": self.until.isoformat()}
        return {"period": str(self.span.value)}

    def slices(self) -> list[Slice]:
        """The columns, oldest first. Weeks are counted back from the last day, so that it is the first one that may
        be short; months are those of the calendar."""
        found, until = [], self.until
        while until >= self.since:
            since = max(self.since, _begin_of(self.step, until))
            found.append(_slice(self.step, since, until))
            until = since - timedelta(days=1)
        return found[::-1]

    def __str__(self) -> str:
        if self.since == self.until:
            return date_format(self.since, "DATE_FORMAT")
        return pgettext("range of days", "%(since)s to %(until)s") % {
            "since": date_format(self.since, "DATE_FORMAT"),
            "until": date_format(self.until, "DATE_FORMAT"),
        }


def _own_range(query: Mapping[str, str], today: date) -> tuple[date, date] | None:
    """The range asked for, in the right order, not after today and not endless."""
    found = sorted(filter(None, (_day(query.get(name, "")) for name in ("since", "until"))))
    if not found or query.get("period", Span.OWN) != Span.OWN:
        return None
    until = max(min(found[-1], today), _FIRST_DAY)
    return max(min(found[0], until), until - timedelta(days=_LONGEST - 1), _FIRST_DAY), until


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begin(span: Span, today: date) -> date:
    if span == Span.YEAR:
        return (today.replace(day=1) - timedelta(days=330)).replace(day=1)
    days = {Span.TODAY: 1, Span.WEEK: 7, Span.QUARTER: 91}.get(span, 30)
    return today - timedelta(days=days - 1)


def _begin_of(step: Step, until: date) -> date:
    if step == Step.MONTH:
        return until.replace(day=1)
    return until - timedelta(days=6) if step == Step.WEEK else until


def _slice(step: Step, since: date, until: date) -> Slice:
    """Its name in a table, and the short one under a column."""
    if step == Step.MONTH:
        return Slice(since, until, date_format(since, "YEAR_MONTH_FORMAT"), date_format(since, _short_month()))
    day, short = date_format(since, "MONTH_DAY_FORMAT"), date_format(since, _short_day())
    if step == Step.DAY:
        return Slice(since, until, date_format(since, "D ") + day, short)
    name = pgettext("range of days", "%(since)s to %(until)s") % {
        "since": day,
        "until": date_format(until, "MONTH_DAY_FORMAT"),
    }
    return Slice(since, until, name, short)


def _short_month() -> str:
    """Nov, in French nov."""
    return pgettext("format of a month under a column", "M")


def _short_day() -> str:
    """Nov 21, in French 21 nov."""
    return pgettext("format of a day under a column", "M j")
