"""The journey as a state machine for Hypothesis: one module of rules for each part of it, and what must hold.

stage.py          who is at the counter, and everything undone after each example
machine.py        the customers, and the promises after every step
drafting.py       filling in
delivering.py     sending
deciding.py       after the answer
promises.py       what must hold
watched_moves.py  changes of status, noted by the database itself
"""

from chaos.journey.deciding import Deciding
from chaos.journey.delivering import Delivering
from chaos.journey.drafting import Drafting
from chaos.journey.settling import Settling


class Journey(Drafting, Delivering, Deciding, Settling):
    """All of it."""
