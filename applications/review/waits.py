"""How long something took, from how often it took how long."""

from collections import Counter
from dataclasses import dataclass, field
from math import ceil


@dataclass
class Waits:
    """Durations in tenths of a second, and how often each was measured."""

    tenths: Counter[int] = field(default_factory=Counter)

    @property
    def number(self) -> int:
        return self.tenths.total()

    @property
    def median(self) -> float | None:
        return self.quantile(0.5)

    @property
    def p95(self) -> float | None:
        return self.quantile(0.95)

    def quantile(self, share: float) -> float | None:
        """Seconds within which this share of them was over (nearest rank); None when nothing was measured."""
        left = ceil(round(self.number * share, 6))
        for tenths in sorted(self.tenths):
            left -= self.tenths[tenths]
            if left <= 0 and self.number > 0:
                return tenths / 10
        return None

    def within(self, bounds: tuple[int, ...]) -> list[int]:
        """How many took up to the first bound (seconds), up to each next one, and longer than the last."""
        found = [0] * (len(bounds) + 1)
        for tenths, number in self.tenths.items():
            found[sum(tenths > bound * 10 for bound in bounds)] += number
        return found
