"""How long an answer takes: one to two seconds for `apply` by default, so that waiting is seen; nothing elsewhere."""

from collections.abc import Mapping
from secrets import SystemRandom
from threading import Lock
from typing import Any

Range = tuple[float, float]

LONGEST = 600.0


def read_range(value: Any) -> Range:
    """Seconds as one number or as [from, to]. Raises ValueError."""
    pair = value if isinstance(value, list | tuple) else [value, value]
    if len(pair) != 2 or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in pair):
        raise ValueError("a latency is a number of seconds or a pair of them")
    low, high = float(pair[0]), float(pair[1])
    if not 0 <= low <= high <= LONGEST:
        raise ValueError(f"a latency lies between 0 and {LONGEST:.0f} seconds, the smaller number first")
    return low, high


class Latencies:
    """Seconds each endpoint waits before it answers, safe under threads."""

    def __init__(self, apply: Range = (1.0, 2.0)) -> None:
        self._lock = Lock()
        self._at_start: dict[str, Range] = {"apply": apply}
        self._now = dict(self._at_start)

    def pick(self, endpoint: str) -> float:
        """A number of seconds from the endpoint's range."""
        with self._lock:
            low, high = self._now.get(endpoint, (0.0, 0.0))
        return SystemRandom().uniform(low, high)

    def set(self, ranges: Mapping[str, Range]) -> None:
        """Change the ranges of these endpoints."""
        with self._lock:
            self._now.update(ranges)

    def as_json(self) -> dict[str, list[float]]:
        """Endpoint to [from, to]."""
        with self._lock:
            return {endpoint: list(pair) for endpoint, pair in self._now.items()}

    def reset(self) -> None:
        """Back to what it was at the start."""
        with self._lock:
            self._now = dict(self._at_start)
