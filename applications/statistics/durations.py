"""Durations as they are counted: rounded, so that a store's year has few different ones. In tenths of a second."""

from math import log10

_LONGEST_STEP = 3600.0  # seconds; whoever takes longer has gone away
_STEPS_PER_DECADE = 20


def of_decision(seconds: float) -> int:
    """Two significant digits, a tenth of a second at least: off by 5 % at most."""
    tenths = max(1, round(seconds * 10))
    unit = int(10 ** max(0, len(str(tenths)) - 2))
    return (tenths + unit // 2) // unit * unit


def of_step(seconds: float) -> int:
    """Whole seconds, from one to an hour, in twenty steps to a power of ten: above ten seconds off by 10 % at most."""
    measured = min(max(seconds, 1.0), _LONGEST_STEP)
    return 10 * round(10 ** (round(log10(measured) * _STEPS_PER_DECADE) / _STEPS_PER_DECADE))
