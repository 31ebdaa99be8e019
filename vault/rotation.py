"""Making anew what former keys made, while the portal runs.

Nothing is locked and no transaction is held: a row is read, made anew, and written back by one statement that matches
only what was read (compare and set). Whoever saves the row in between wins, and a later pass sees to it if need be. A
run that is killed has done what it has done; the next one finds the rest by the key ids in front of the tokens.

What is made anew is the ciphertext, not the content. So rows that are never edited (attempts, settlements, reveals) are
written too, by plain querysets, past the rules of their managers and models. A table whose triggers refuse every
change stops the command; encrypted columns do not belong there, and the table of events has none.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model, QuerySet

_BATCH = 500  # rows
_PASSES = 5
_SECONDS_BETWEEN_WORDS = 2.0

Say = Callable[[str], None]


@dataclass(frozen=True)
class Renewed:
    """New values by column, and whether that is all of the row: else something cannot be opened, or made again."""

    columns: dict[str, Any]
    is_whole: bool = True


class Place(Protocol):
    """The rows of one model that hold something made with a key."""

    @property
    def model(self) -> type[Model]: ...

    def left(self) -> QuerySet[Any]:
        """Rows in which something names a former key."""

    def renewed(self, row: Any) -> Renewed:
        """A row of `left`, made with the first key."""

    def unchanged(self, row: Any, columns: Iterable[str]) -> QuerySet[Any]:
        """This row, as long as the database holds in these columns what was read."""


@dataclass(frozen=True)
class Outcome:
    """What a rotation came to in one model. `lost` are primary keys of rows among those `left` that stay so."""

    model: type[Model]
    done: int
    lost: tuple[Any, ...]
    left: int


def rotate(place: Place, *, say: Say) -> Outcome:
    """Make anew what is left at one place, and once more what was written meanwhile by processes with former keys."""
    done = 0
    lost: list[Any] = []
    progress = _Progress(place, say)
    for _ in range(_PASSES):
        renewed, lost = _pass_through(place, progress)
        done += renewed
        left = place.left().count()
        if left <= len(lost):
            break
    return Outcome(place.model, done, tuple(lost), left)


def _pass_through(place: Place, progress: "_Progress") -> tuple[int, list[Any]]:
    done, lost = 0, []
    rows = place.left().order_by("pk")
    batch = list(rows[:_BATCH])
    while batch:
        for row in batch:
            new = place.renewed(row)
            if new.columns:
                done += place.unchanged(row, new.columns).update(**new.columns)
            if not new.is_whole:
                lost.append(row.pk)
        progress.add(len(batch))
        batch = list(rows.filter(pk__gt=batch[-1].pk)[:_BATCH])
    return done, lost


class _Progress:
    def __init__(self, place: Place, say: Say) -> None:
        self._label, self._total = place.model._meta.label, place.left().count()
        self._say, self._seen, self._said_at = say, 0, time.monotonic()

    def add(self, rows: int) -> None:
        self._seen += rows
        if time.monotonic() - self._said_at > _SECONDS_BETWEEN_WORDS:
            self._said_at = time.monotonic()
            self._say(f"{self._label}: {self._seen:,} of {self._total:,}")
