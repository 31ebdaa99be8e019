"""When a request may be sent again."""

import pytest

from posapi.retries import Failure, pause_before_repeat


@pytest.mark.parametrize("outcome", [Failure.NOT_REACHED, Failure.BROKEN, 502, 503, 504])
def test_passing_trouble_is_repeated_twice(outcome: int | Failure) -> None:
    pauses = [pause_before_repeat(attempt, repeatable=True, outcome=outcome) for attempt in range(3)]
    assert pauses == [0.2, 0.6, None]


@pytest.mark.parametrize("outcome", [*Failure, 200, 401, 409, 500, 502, 503, 504])
def test_what_may_not_be_repeated_never_is(outcome: int | Failure) -> None:
    assert pause_before_repeat(0, repeatable=False, outcome=outcome) is None


@pytest.mark.parametrize("outcome", [Failure.TIMED_OUT, Failure.TOO_LARGE, 200, 401, 404, 409, 500])
def test_lasting_trouble_is_not_repeated(outcome: int | Failure) -> None:
    assert pause_before_repeat(0, repeatable=True, outcome=outcome) is None
