from collections import Counter

import pytest

from applications.review.waits import Waits


@pytest.mark.parametrize("number", [1, 2, 3, 19, 20, 21, 100, 101])
def test_quantiles_are_those_of_the_sorted_list(number):
    seconds = sorted((n * 37) % 101 + 1 for n in range(number))
    waits = Waits(Counter(second * 10 for second in seconds))
    assert waits.median == seconds[(number + 1) // 2 - 1]
    assert waits.p95 == seconds[-(-number * 95 // 100) - 1]


def test_nothing_measured_has_no_median():
    assert (Waits().median, Waits().p95, Waits().number) == (None, None, 0)


def test_bound_belongs_to_what_is_within_it():
    waits = Waits(Counter({20: 1, 21: 2, 50: 4, 3000: 8, 3001: 16}))
    assert waits.within((2, 5, 300)) == [1, 6, 8, 16]
    assert sum(waits.within((2, 5, 300))) == waits.number
