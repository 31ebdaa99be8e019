import pytest

from applications.statistics import durations


@pytest.mark.parametrize(
    ("seconds", "tenths"),
    [(-3, 1), (0, 1), (0.04, 1), (0.94, 9), (9.96, 100), (12.34, 120), (12.5, 130), (99.4, 990), (99.6, 1000)],
)
def test_decision_keeps_two_significant_digits(seconds, tenths):
    assert durations.of_decision(seconds) == tenths


@pytest.mark.parametrize(
    ("seconds", "tenths"), [(-1, 10), (0.2, 10), (4.4, 40), (61, 630), (3600, 35480), (90_000, 35480)]
)
def test_step_is_whole_seconds_up_to_an_hour(seconds, tenths):
    assert durations.of_step(seconds) == tenths


def test_step_is_rounded_to_few_values_near_it():
    found = {seconds: durations.of_step(seconds) for seconds in range(10, 3601)}
    assert len(set(found.values())) <= 53
    assert all(abs(tenths / 10 - seconds) <= 0.1 * seconds for seconds, tenths in found.items())
