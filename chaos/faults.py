"""Network and protocol faults on `apply`, and on the look before it: what is said of each submission must be true.

    python -m chaos.faults --size 20
    python -m chaos.faults --size 20 --database sqlite

Every submission is another applicant's, with a credential of its own, so that no circuit opens. It is sealed and
delivered by the portal's code in many threads at once; the truth is what the lender says it did.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from chaos.fault_cases import CONNECT, KINDS, NO_FAULT, READ, TOTAL, Variant
from chaos.in_process import portal_here
from chaos.lender import Lender
from chaos.measure import POSTGRES, SQLITE, Measure, Run, main
from chaos.results import Figure, must_be, told

if TYPE_CHECKING:
    from chaos.books import Entry
    from chaos.faulty_deliveries import Planned

_ROUND = 150
_LOOK = "the look before it"
_LOOKS_SHARE = 5  # one in so many, of each kind
_TIMEOUTS = {
    "POSAPI_CONNECT_SECONDS": CONNECT,
    "POSAPI_READ_SECONDS": READ,
    "POSAPI_TOTAL_SECONDS": TOTAL,
    "POSAPI_APPLY_READ_SECONDS": READ,
    "POSAPI_APPLY_TOTAL_SECONDS": TOTAL,
}


def run(given: Run) -> Iterable[Figure]:
    """`given.size` of each kind."""
    timeouts = {name: str(seconds) for name, seconds in _TIMEOUTS.items()}
    with portal_here(given.folder, on_postgres=given.database == POSTGRES, **timeouts) as sandbox:
        from chaos.books import keep_books
        from chaos.faulty_deliveries import FaultyCounter

        lender = Lender(sandbox.url)
        counter = FaultyCounter(lender, given.folder, given.random)
        plan, delivered = _plan(given.size, given.random), []
        for start in range(0, len(plan), _ROUND):
            given.say(f"{start} of {len(plan)} submissions")
            delivered += list(counter.deliver(plan[start : start + _ROUND]))
        drafts = [one.draft for one in delivered]
        books = keep_books(drafts, drafts, lender.flows())
    given.notes.append(_outcomes(books.entries))
    return _figures([one.planned for one in delivered], books.entries)


def _plan(size: int, chance: random.Random) -> "list[Planned]":
    """So many of each kind, its variants in turn, in any order."""
    from chaos.faulty_deliveries import Planned

    plan = [Planned(NO_FAULT, "apply", Variant(is_clear=True)) for _ in range(size)]
    for kind, variants in KINDS.items():
        plan += [Planned(kind, "apply", variants[number % len(variants)]) for number in range(size)]
        staged = [variant for variant in variants if variant.fault]
        for number in range(-(-size // _LOOKS_SHARE) if staged else 0):
            plan.append(Planned(_LOOK, "search", staged[number % len(staged)], times=chance.choice([1, 4])))
    chance.shuffle(plan)
    return plan


def is_mislabelled(planned: "Planned", entry: "Entry") -> bool:
    """Whether the portal says something untrue, nothing, or "not known" where it could know."""
    from applications.statuses import IN_FLIGHT, Status

    knows_better = planned.variant.is_clear or planned.endpoint != "apply"
    is_open = entry.status in IN_FLIGHT | {Status.HELD, Status.DRAFT}
    return entry.is_wrong or is_open or (entry.status == Status.UNKNOWN and knows_better)


def _figures(planned: "Sequence[Planned]", entries: "Sequence[Entry]") -> list[Figure]:
    lines = Counter(one.line for one in planned)
    wrong = Counter(one.line for one, entry in zip(planned, entries, strict=True) if is_mislabelled(one, entry))
    processed = Counter(one.line for one, entry in zip(planned, entries, strict=True) if entry.truth.accepted)
    return [
        *(must_be(f"{line}: mislabelled of {lines[line]:,}", wrong[line], 0) for line in (*KINDS, _LOOK, NO_FAULT)),
        must_be("mislabelled", wrong.total(), 0),
        must_be("sent more than once", sum(entry.truth.received > 1 for entry in entries), 0),
        told("processed by the lender", processed.total()),
        told("not processed", lines.total() - processed.total()),
    ]


def _outcomes(entries: "Sequence[Entry]") -> str:
    counted = Counter(str(entry.status) for entry in entries)
    return f"Said of them: {', '.join(f'{number:,} {status}' for status, number in sorted(counted.items()))}."


MEASURE = Measure(
    "faults",
    "Network and protocol faults",
    "submissions of each kind",
    long=500,
    run=run,
    databases=(POSTGRES, SQLITE),
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
