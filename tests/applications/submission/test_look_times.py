"""When to search next."""

from datetime import UTC, datetime, timedelta

import pytest

from applications.submission import look_times

UNKNOWN = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def after(seconds):
    return UNKNOWN + timedelta(seconds=seconds)


def test_looks_follow_the_plan_to_its_end():
    looks, moments, moment = 0, [], look_times.first_look(UNKNOWN)
    while moment:
        looks += 1
        moments.append((moment - UNKNOWN).total_seconds())
        moment = look_times.after_absence(UNKNOWN, moment, looks)
    assert moments == [10, 30, 60, 120, 240, 3600, 86400]


@pytest.mark.parametrize(
    ("seconds", "looks", "is_long"),
    [(240, 3, True), (239, 5, False), (240, 2, False), (90000, 2, False), (3600, 6, True)],
)
def test_absence_counts_after_time_and_looks(seconds, looks, is_long):
    assert look_times.is_absent_for_long(UNKNOWN, after(seconds), looks) is is_long


def test_looks_missed_while_the_house_stood_still_are_made_up_for():
    assert look_times.after_absence(UNKNOWN, after(1800), 1) == after(1830)
    assert look_times.after_absence(UNKNOWN, after(1830), 2) == after(1860)
    assert look_times.after_absence(UNKNOWN, after(1860), 3) == after(3600)
    assert look_times.after_absence(UNKNOWN, after(90000), 2) == after(90030)


def test_absence_is_looked_at_again_when_it_may_count(settings):
    settings.RECONCILE_LOOKS_SECONDS = [10, 20, 30, 3600]
    assert look_times.after_absence(UNKNOWN, after(30), 3) == after(240)


def test_lender_that_cannot_be_asked_is_tried_later_and_later():
    waits = [(look_times.after_failure(UNKNOWN, after(age)) - after(age)).total_seconds() for age in (1, 60, 600, 9e5)]
    assert waits == [10, 30, 300, 900]


def test_close_is_what_a_person_waits_for():
    assert look_times.is_close(after(120), UNKNOWN)
    assert look_times.is_close(after(-5), UNKNOWN)
    assert not look_times.is_close(after(3600), UNKNOWN)
    assert not look_times.is_close(after(-3600), UNKNOWN), "nobody searches: the page must not say so"
    assert not look_times.is_close(None, UNKNOWN)
