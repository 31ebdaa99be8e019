"""Stateful property tests of the journey: people, workers and a lender at random, the promises after every step.

The measure runs in one process on SQLite. tests/chaos/test_stateful.py walks the same machine on PostgreSQL too.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from chaos.measure import Measure, Run, main
from chaos.results import Figure, must_be, told
from local_services import valkey
from local_services.processes import Supervisor

_STEPS_OF_AN_EXAMPLE = 40
_EXAMPLES_OF_A_SEED = 25


def run(given: Run) -> list[Figure]:
    """So many steps, each followed by every promise."""
    with _database(), Supervisor(given.folder / "log", dict(os.environ)) as supervisor:
        from chaos.journey import Journey
        from chaos.journey.stage import set_up
        from tests.stack.lender import start_sandbox

        Journey.stage = set_up(start_sandbox(supervisor))
        problem = ""
        while Journey.tally.steps < given.size and not problem:
            given.say(f"{Journey.tally.steps} steps")
            problem = walk(Journey, given.size - Journey.tally.steps, given.random.getrandbits(32))
    (given.folder / "problem.txt").write_text(problem)
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


def _figures(tally: Any, problem: str) -> list[Figure]:
    return [
        told("steps", tally.steps),
        told("examples", tally.examples),
        told("different moves of the table walked", len(tally.moves)),
        must_be("uncaught errors and broken promises", int(bool(problem)), 0),
    ]


@contextmanager
def _database() -> Iterator[None]:
    """Django with the settings of the tests, an empty database and a cache of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from django.conf import settings as django_settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    setup_test_environment()
    cache = Path(urlsplit(str(django_settings.CACHES["default"]["LOCATION"])).path)
    with valkey.running(at=cache):
        name = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


MEASURE = Measure("stateful", "Stateful property tests of the journey", "steps", long=20_000, run=run)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
