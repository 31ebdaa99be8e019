"""What is open in a store, told by the rooms that know: `merchants` itself knows nothing of applications."""

from collections.abc import Callable
from dataclasses import dataclass

from merchants.models import Store


@dataclass(frozen=True)
class OpenWork:
    """A kind of work that somebody in the store still has to do, or wait for."""

    label: str
    number: int


_tellers: list[Callable[[Store], list[OpenWork]]] = []


def told_by(teller: Callable[[Store], list[OpenWork]]) -> None:
    """Called once, when the room that knows is ready."""
    if teller not in _tellers:
        _tellers.append(teller)


def open_work(store: Store) -> list[OpenWork]:
    """What is open in a store; kinds of which there is none are left out."""
    return [work for teller in _tellers for work in teller(store) if work.number]
