"""Reading by whole months where it can, and never anything of other stores or days."""

from datetime import date

import pytest

from applications.statistics.folding import fold
from applications.statistics.models import Change, Measure
from applications.statistics.reading import Selection, count, count_by_day
from tests.factories import StoreFactory

TODAY = date(2026, 11, 21)


def selection(store, since, until=TODAY):
    return Selection([store.pk], since, until, TODAY)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 11, 1), date(2026, 11, 21), [11]),
        (date(2026, 11, 2), date(2026, 11, 21), []),
        (date(2026, 9, 1), date(2026, 10, 31), [9, 10]),
        (date(2026, 9, 2), date(2026, 10, 30), []),
        (date(2026, 8, 31), date(2026, 10, 30), [9]),
        (date(2026, 11, 1), date(2026, 11, 20), []),
        (date(2026, 5, 5), date(2026, 5, 9), []),
    ],
)
def test_months_that_lie_in_it_from_end_to_end(since, until, months):
    found = Selection([], since, until, TODAY).months
    assert [month.month for month in found] == months
    assert all(month.day == 1 for month in found)


@pytest.mark.django_db
@pytest.mark.parametrize("is_folded", [True, False])
def test_every_range_counts_its_own_days_once(is_folded):
    store, other = StoreFactory(), StoreFactory()
    days = [date(2026, month, day) for month in (8, 9, 10, 11) for day in (1, 2, 15, 21)]
    for day in days:
        Change.objects.create(store=store, measure=Measure.STATUS, day=day, key="draft", count=1)
        Change.objects.create(store=other, measure=Measure.STATUS, day=day, key="draft", count=7)
    if is_folded:
        fold()
    for since in days:
        for until in (day for day in days if day >= since):
            expected = [day for day in days if since <= day <= until]
            wanted = selection(store, since, until)
            assert count(wanted, [Measure.STATUS], "key") == {("status", "draft"): len(expected)}, (since, until)
            by_day = count_by_day(wanted, [Measure.STATUS])
            assert by_day == {("status", day): 1 for day in expected}


@pytest.mark.django_db
def test_figures_are_one_statement(django_assert_num_queries):
    store = StoreFactory()
    with django_assert_num_queries(1):
        count(selection(store, date(2025, 12, 1)), [Measure.STATUS], "key")
