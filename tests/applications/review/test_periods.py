from datetime import date, timedelta

import pytest

from applications.review.periods import Period, Span, Step

TODAY = date(2026, 11, 21)


def period(**query):
    return Period.from_query(query, today=TODAY)


@pytest.mark.parametrize(
    ("name", "since", "days", "step", "columns"),
    [
        ("today", TODAY, 1, Step.DAY, 1),
        ("week", date(2026, 11, 15), 7, Step.DAY, 7),
        ("month", date(2026, 10, 23), 30, Step.DAY, 30),
        ("quarter", date(2026, 8, 23), 91, Step.WEEK, 13),
        ("year", date(2025, 12, 1), 356, Step.MONTH, 12),
    ],
)
def test_period_ends_today(name, since, days, step, columns):
    found = period(period=name)
    assert (found.since, found.until, found.days, found.step) == (since, TODAY, days, step)
    assert len(found.slices()) == columns


@pytest.mark.parametrize("day", range(1, 32))
def test_year_is_twelve_months_of_the_calendar_on_any_day(day):
    found = Period.from_query({"period": "year"}, today=date(2027, 3, day))
    assert (found.since, len(found.slices())) == (date(2026, 4, 1), 12)


@pytest.mark.parametrize(
    ("query", "since", "until"),
    [
        ({"since": "2026-02-03", "until": "2026-02-09"}, date(2026, 2, 3), date(2026, 2, 9)),
        ({"since": "2026-02-09", "until": "2026-02-03"}, date(2026, 2, 3), date(2026, 2, 9)),
        ({"since": "2026-02-09"}, date(2026, 2, 9), date(2026, 2, 9)),
        ({"since": "2026-11-20", "until": "9999-12-31"}, date(2026, 11, 20), TODAY),
        ({"since": "2030-01-01", "until": "2031-01-01"}, TODAY, TODAY),
        ({"since": "0001-01-01", "until": "2026-11-21"}, TODAY - timedelta(days=3 * 366 - 1), TODAY),
        ({"since": "0001-01-01", "until": "0001-01-02"}, date(2000, 1, 1), date(2000, 1, 1)),
    ],
)
def test_own_range_is_put_right(query, since, until):
    found = period(**query)
    assert (found.span, found.since, found.until) == (Span.OWN, since, until)


@pytest.mark.parametrize(
    "query", [{}, {"period": "own"}, {"period": "'"}, {"since": "yesterday"}, {"until": "2026-13-1"}]
)
def test_what_cannot_be_read_is_thirty_days(query):
    assert period(**query).span == Span.MONTH


@pytest.mark.parametrize("days", [1, 2, 7, 44, 45, 46, 90, 190, 191, 400])
def test_columns_cover_every_day_once(days):
    since = TODAY - timedelta(days=days - 1)
    slices = period(since=since.isoformat(), until=TODAY.isoformat()).slices()
    covered = [one.since + timedelta(days=n) for one in slices for n in range((one.until - one.since).days + 1)]
    assert covered == [since + timedelta(days=n) for n in range(days)]


def test_days_before_are_as_many_and_end_the_day_before():
    found = period(period="quarter")
    assert (found.before.days, found.before.until) == (91, found.since - timedelta(days=1))
