"""Months and years end on a day that there is."""

from datetime import UTC, datetime

import pytest

from applications.spans import after, before


@pytest.mark.parametrize(
    ("number", "unit", "wanted"),
    [
        (48, "hours", "2028-02-27"),
        (30, "days", "2028-01-30"),
        (1, "months", "2028-01-29"),
        (12, "months", "2027-02-28"),
        (25, "months", "2026-01-29"),
        (7, "years", "2021-02-28"),
        (4, "years", "2024-02-29"),
        (2, "months", "2027-12-29"),
    ],
)
def test_before_a_leap_day(number, unit, wanted):
    moment = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert before(moment, number, unit).date().isoformat() == wanted
    assert before(moment, number, unit).hour == 12


def test_after_the_last_of_a_month():
    assert after(datetime(2026, 1, 31, tzinfo=UTC), 25, "months").date().isoformat() == "2028-02-29"
