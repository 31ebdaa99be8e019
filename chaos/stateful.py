"""Stateful property tests of the journey: people, workers and a lender at random, the promises after every step.

    python -m chaos.stateful --size 1000
    python -m chaos.stateful --size 1000 --database postgres

Everything runs in this process, but for the sandbox. An example is one transaction, which is rolled back.
"""

import sys
import traceback
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from chaos.in_process import portal_here
from chaos.measure import POSTGRES, SQLITE, Measure, Run, main
from chaos.results import Figure, must_be, told

_STEPS_OF_AN_EXAMPLE = 25
_EXAMPLES_OF_A_SEED = 40


def run(given: Run) -> list[Figure]:
    """So many steps, each followed by every promise."""
    # An example is one transaction, through which no other thread can renew a lease: it need not try often.
    with portal_here(given.folder, on_postgres=given.database == POSTGRES, LEASE_SECONDS="600") as sandbox:
        from chaos.journey import Journey
        from chaos.journey.stage import set_up

        Journey.stage = set_up(sandbox)
        problem = ""
        while Journey.tally.steps < given.size and not problem:
            given.say(f"{Journey.tally.steps} steps")
            problem = walk(Journey, given.size - Journey.tally.steps, given.random.getrandbits(32))
    (given.folder / "problem.txt").write_text(problem)
    given.notes.append(_not_walked(Journey.tally))
    return _figures(Journey.tally, problem)


def walk(journey: Any, steps: int, seeded: int, *phases: Phase) -> str:
    """About so many steps at most; "" when every promise held, else the way to the one that did not."""
    unhurried = settings(
        max_examples=max(1, min(_EXAMPLES_OF_A_SEED, steps // _STEPS_OF_AN_EXAMPLE)),
        stateful_step_count=_STEPS_OF_AN_EXAMPLE,
        deadline=None,
        database=None,
        phases=phases or (Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(seeded)(journey), settings=unhurried)
    except Exception:
        return traceback.format_exc()
    return ""


def _not_walked(tally: Any) -> str:
    from applications.statuses import MOVES

    missing = sorted(
        {f"{move.before} → {move.after}" for move in MOVES if (move.before, move.after) not in tally.moves}
    )
    return f"Moves of the table that no example came to: {', '.join(missing) or 'none'}."


def _figures(tally: Any, problem: str) -> list[Figure]:
    return [
        told("steps", tally.steps),
        told("examples", tally.examples),
        told("different moves of the table walked", len(tally.moves)),
        must_be("uncaught errors and broken promises", int(bool(problem)), 0),
    ]


MEASURE = Measure(
    "stateful",
    "Stateful property tests of the journey",
    "steps",
    long=20_000,
    run=run,
    databases=(SQLITE, POSTGRES),
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
