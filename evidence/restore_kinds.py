"""What the rounds of the restore drill put back, and what is found (restoring.py)."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

SUBMISSIONS = 30  # of a round


class Kind(StrEnum):
    """What a round puts back, and what its operator does."""

    FORGOTTEN = "step forgotten"
    CONTROL = "control"
    NEWEST = "newest moment"
    BY_THE_BOOK = "by the book"
    FILES = "files put back, step forgotten"


@dataclass
class Found:
    """What the rounds of one kind came to, added up."""

    rounds: int = 0
    twice: int = 0
    lost: int = 0
    unsettled: int = 0
    wrong: int = 0
    sent_while_held: int = 0
    held: int = 0
    said_ok: int = 0
    said_rolled_back: int = 0
    ok_in_the_end: int = 0
    presumed: int = 0
    in_line_but_sent: int = 0
    drafts_again: int = 0
    in_backup: Counter[str] = field(default_factory=Counter)
