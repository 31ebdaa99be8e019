"""What is counted together."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from applications.statistics.models import NOBODY


class Kind(NamedTuple):
    """Everything of a row of figures but its count (models.py)."""

    store: UUID
    measure: str
    day: date
    key: str = ""
    tenths: int = 0
    associate: int = NOBODY
    language: str = ""

    @property
    def of_month(self) -> "Kind":
        """The same, counted by month."""
        return self._replace(day=self.day.replace(day=1))
