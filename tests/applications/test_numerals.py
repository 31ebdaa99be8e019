import pytest
from django.utils.translation import override

from applications.numerals import change, counted, duration, percent


@pytest.mark.parametrize(
    ("seconds", "english", "french"),
    [
        (None, "–", "–"),
        (0.1, "0.1 s", "0,1\u00a0s"),
        (9.94, "9.9 s", "9,9\u00a0s"),
        (45, "45 s", "45\u00a0s"),
        (60, "1 min", "1\u00a0min"),
        (130, "2 min 10 s", "2\u00a0min 10\u00a0s"),
        (3599.7, "1 h 0 min", "1\u00a0h 0\u00a0min"),
        (86400 * 2, "48 h 0 min", "48\u00a0h 0\u00a0min"),
    ],
)
def test_duration_is_read_as_people_say_it(seconds, english, french):
    with override("en"):
        assert duration(seconds) == english
    with override("fr"):
        assert duration(seconds) == french


def test_numbers_are_grouped_as_the_language_does():
    with override("en"):
        assert (counted(12345), percent(0.626), percent(None)) == ("12,345", "63%", "–")
    with override("fr"):
        assert (counted(12345), percent(0.626)) == ("12\u00a0345", "63\u00a0%")


@pytest.mark.parametrize(("now", "before", "told"), [(12, 10, "+20%"), (5, 10, "−50%"), (5, 5, ""), (5, 0, "")])
def test_change_is_told_where_there_was_something_before(now, before, told):
    with override("en"):
        assert change(now, before) == told
