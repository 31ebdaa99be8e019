"""What a lender might send: agreements and attacks in turn."""

import random
from dataclasses import dataclass

from evidence.lender_agreements import AGREEMENTS
from evidence.lender_attacks import ATTACKS


@dataclass(frozen=True)
class Sent:
    """One document. `kind` names what it tries, or how an agreement is built."""

    html: str
    kind: str
    is_benign: bool


def documents(size: int, chance: random.Random) -> list[Sent]:
    """So many: benign and hostile in turn, every kind of both as soon as there is room."""
    benign, hostile = list(AGREEMENTS.items()), list(ATTACKS.items())
    made = []
    for number in range(size):
        kinds, place = (hostile if number % 2 else benign), number // 2
        kind, build = kinds[place % len(kinds)]
        made.append(Sent(build(chance), kind, is_benign=not number % 2))
    return made
