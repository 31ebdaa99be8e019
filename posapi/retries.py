"""When the same request may be sent again, as a pure function."""

from enum import Enum

PAUSES = (0.2, 0.6)
PASSING_STATUSES = frozenset({502, 503, 504})


class Failure(Enum):
    """How a request ended without an answer."""

    NOT_REACHED = "no connection"
    REFUSED_ADDRESS = "the host's name leads to an address that is not public"
    BROKEN = "connection broken before the answer was complete"
    TIMED_OUT = "no complete answer in time"
    TOO_LARGE = "answer too large"


def pause_before_repeat(attempt: int, *, repeatable: bool, outcome: int | Failure) -> float | None:
    """Seconds to wait before attempt `attempt + 1` (the first is 0), or None for: do not repeat.

    Only calls that change nothing are repeatable. A read timeout is not repeated: somebody is waiting, and
    has waited long enough.
    """
    passing = outcome in (Failure.NOT_REACHED, Failure.BROKEN) or outcome in PASSING_STATUSES
    if not repeatable or not passing or attempt >= len(PAUSES):
        return None
    return PAUSES[attempt]
