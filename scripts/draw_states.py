"""Draw docs/states.md from the one table of moves (applications/statuses.py).

python -m scripts.draw_states          writes the page
python -m scripts.draw_states --check  writes nothing; fails if the page is not what the table says
"""

import os
import sys
from collections import defaultdict
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from applications.statuses import EDITABLE, FINAL, IN_FLIGHT, MOVES, UNDER_WAY, Status  # noqa: E402

PAGE = Path(__file__).resolve().parent.parent / "docs" / "states.md"

_HEAD = """# The states of an application

Drawn by `python -m scripts.draw_states` from the table of moves in `applications/statuses.py`: edit the table only.
What the states promise: [design.md §3](design.md#3-the-state-of-an-application).
"""
# What `/apply` can come to, drawn as one.
ANSWERS = frozenset(move.after for move in MOVES if move.before == Status.SENDING and move.when == "answered")
_GROUPS = {
    "Editable": EDITABLE,
    "In flight": IN_FLIGHT,
    "Under way (no second one for the same person)": UNDER_WAY,
    "Final (sensitive answers are purged)": FINAL,
}


_DRAWN_AS_ONE = """
An arrow to *answer* stands for one to each state in it. Not drawn are the moves from one answer to another: {reasons}.
"""


def page() -> str:
    """The whole page: a diagram, then every status and every move in words."""
    reasons = dict.fromkeys(move.when for move in MOVES if {move.before, move.after} <= ANSWERS)
    legend = _DRAWN_AS_ONE.format(reasons="; ".join(reasons))
    return "\n".join([_HEAD, "```mermaid", *_diagram(), "```", legend, *_statuses(), "", *_moves(), ""])


def _diagram() -> list[str]:
    """The answers in one box: sixty arrows between fifteen states show nothing."""
    box = ["    state answer {", *(f"        {status}" for status in Status if status in ANSWERS), "    }"]
    ends = [status for status in Status if all(move.before != status for move in MOVES)]
    return ["stateDiagram-v2", "    [*] --> draft", *box, *_arrows(), *(f"    {status} --> [*]" for status in ends)]


def _arrows() -> list[str]:
    arrows = []
    for (before, when), targets in _together().items():
        to_each = ["answer"] if set(targets) >= ANSWERS else [after for after in targets if after in ANSWERS]
        others = [after for after in targets if after not in ANSWERS]
        drawn = [*others, *([] if before in ANSWERS else to_each)]
        arrows += [f"    {before} --> {after}: {when}" for after in drawn]
    return arrows


def _together() -> dict[tuple[Status, str], list[Status]]:
    """Where the moves lead that have the same beginning and the same reason."""
    targets: dict[tuple[Status, str], list[Status]] = defaultdict(list)
    for move in MOVES:
        targets[move.before, move.when].append(move.after)
    return targets


def _statuses() -> list[str]:
    rows = ["| Status | In words | Groups |", "| --- | --- | --- |"]
    for status in Status:
        groups = "; ".join(name for name, members in _GROUPS.items() if status in members)
        rows.append(f"| `{status}` | {status.label} | {groups} |")
    return rows


def _moves() -> list[str]:
    rows = ["| From | To | When |", "| --- | --- | --- |"]
    for (before, when), targets in _together().items():
        rows.append(f"| `{before}` | {', '.join(f'`{after}`' for after in targets)} | {when} |")
    return rows


def main(arguments: list[str]) -> int:
    """0 if the page says what the table says, or has just been written."""
    if "--check" not in arguments:
        PAGE.write_text(page())
        return 0
    if PAGE.exists() and PAGE.read_text() == page():
        return 0
    print(f"{PAGE} is not what the table of moves says: python -m scripts.draw_states", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
