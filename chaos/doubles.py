"""Many double submissions at many counters at once, and everything that was clicked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaos.clicks import Device, were_at_once
from chaos.twice import REPLAYED, WAYS, WITH_OLD_ANSWERS, Desk, Done, at_desks, from_two_drafts

if TYPE_CHECKING:
    from chaos.drafts import Draft

_SAY_EVERY = 100


@dataclass
class Doubles:
    """What was clicked for single drafts, by way; and for the pairs of drafts of one person."""

    by_way: dict[str, list[Done]] = field(default_factory=lambda: {name: [] for name in WAYS})
    pairs: list[tuple[Done, Done]] = field(default_factory=list)

    @property
    def single(self) -> list[Done]:
        return [done for of_way in self.by_way.values() for done in of_way]

    @property
    def all(self) -> list[Done]:
        return [*self.single, *(done for pair in self.pairs for done in pair)]

    @property
    def drafts(self) -> "list[Draft]":
        return [done.draft for done in self.all]

    @property
    def replayed(self) -> list[Done]:
        return self.by_way[REPLAYED]

    @property
    def edited(self) -> list[Done]:
        """Those of which a page with old answers was submitted too."""
        return self.by_way[WITH_OLD_ANSWERS]

    @property
    def percent_at_once(self) -> float:
        """How many doubles were: every one of their clicks came before the first of them was answered."""
        together = [done.together for done in self.single if len(done.together) > 1]
        together += [[*one.together, *other.together] for one, other in self.pairs]
        return round(100 * sum(map(were_at_once, together)) / max(len(together), 1), 1)


def open_desks(url: str, count: int) -> list[Desk]:
    """Counters of one store, each with two people signed in at two devices."""
    return [Desk(Device(url, "associate"), Device(url, "manager")) for _ in range(count)]


def click(
    desks: Sequence[Desk], drafts: "Sequence[Draft]", pairs: "Sequence[tuple[Draft, Draft]]", say: Callable[[str], None]
) -> Doubles:
    """Submit every draft in the next of the ways, and the drafts of each pair at the same moment."""
    doubles, names = Doubles(), list(WAYS)

    def single(desk: Desk, work: "tuple[int, Draft]") -> None:
        number, draft = work
        name = names[number % len(names)]
        doubles.by_way[name].append(WAYS[name](desk, draft))
        if number % _SAY_EVERY == 0:
            say(f"{number} of {len(drafts)}")

    def pair(desk: Desk, two: "tuple[Draft, Draft]") -> None:
        doubles.pairs.append(from_two_drafts(desk, *two))

    at_desks(desks, enumerate(drafts), single)
    at_desks(desks, pairs, pair)
    return doubles


def replay_all(desks: Sequence[Desk], doubles: Doubles) -> None:
    """The requests of those that are replayed, once more."""
    at_desks(desks, doubles.replayed, lambda _, done: done.once_more())
