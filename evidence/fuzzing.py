"""Anything at all for every parser and validator, and everything that no browser sends for every address.

python -m evidence.fuzzing --size 50000

Hypothesis writes the inputs: what a parser reads, with a few changes, and what it has never seen. A parser gives a
value or raises its own error; where more is promised of it (the same again on a second reading, nothing active in what
was made harmless, no changed bundle that is OK), that is asked as well. Then a portal is run, and for every fifteen
inputs one of its addresses is asked, by everybody, with hostile methods, headers, cookies, bodies and sizes.
"""

import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from chaos.measure import Measure, Run, main
from chaos.results import Figure, must_be, told
from chaos.stack import Shape, portal_in_this_process, running

_SETTINGS = "chaos.quick_sign_in_settings"
_NO_LIMITS = {
    "RATE_LIMIT_SIGN_IN": "10000000/m/ip",
    "RATE_LIMIT_SIGN_IN_FAILED": "10000000/m/ip,10000000/m/key",
    "RATE_LIMIT_WELCOME": "10000000/m/ip",
    "RATE_LIMIT_BROWSER_REPORTS": "10000000/m/ip,10000000/m/key",
    "METRICS_TOKEN": "fuzzing",
}
_INPUTS_FOR_A_REQUEST = 15
_SESSIONS = 10  # of each person: some requests sign out
_EXAMPLES = 20
_LOG_SECONDS = 2.0


def run(given: Run) -> Iterable[Figure]:
    """`given.size` inputs, and a request for every fifteen of them."""
    with running(given.folder, Shape(delivering=1, settings=_SETTINGS), **_NO_LIMITS) as stack:
        portal_in_this_process(stack)
        yield from of_parsers(given)
        from evidence.fuzz_world import keeping_whole, made

        world = made(_SESSIONS, stack.lender.base_url)
        yield from of_addresses(given, stack.url, world, given.folder / "log" / "web.log", keeping_whole(world))
        stack.check()


def of_parsers(given: Run) -> Iterator[Figure]:
    """The figures of the first half. Django is set up."""
    from evidence import fuzz_answers, fuzz_bundles, fuzz_html, fuzz_lender, fuzz_settings
    from evidence.fuzz_parsers import fuzz

    rooms = (fuzz_lender, fuzz_answers, fuzz_html, fuzz_bundles, fuzz_settings)
    parsers = [parser for room in rooms for parser in room.PARSERS]
    fuzzed = fuzz(parsers, given.size, lambda: given.random.getrandbits(32), given.say)
    (given.folder / "problems.txt").write_text("\n\n".join(fuzzed.problems.values()))
    given.notes += [f"{name}: {_in_short(problem)}" for name, problem in fuzzed.problems.items()]
    yield told("parsers and validators", len(parsers))
    yield told("inputs", fuzzed.inputs.total())
    yield must_be("errors that are not the parser's own, and broken promises", len(fuzzed.problems), 0)
    given.notes.append("Inputs: " + ", ".join(f"{name} ({count:,})" for name, count in fuzzed.inputs.items()) + ".")


def of_addresses(
    given: Run, url: str, world: dict[str, Any], log: Path, renew: Callable[[], None] = lambda: None
) -> Iterator[Figure]:
    """The figures of the second half. A portal with this world (fuzz_world.py) is at `url`; its web server's `log`."""
    from evidence.fuzz_urls import Asker, errors_in

    begin = log.stat().st_size
    asker = Asker(url, world, random.Random(given.random.random()), renew)
    given.say("addresses")
    asked = asker.ask(max(1, given.size // _INPUTS_FOR_A_REQUEST))
    is_alive = asker.still_answers()
    time.sleep(_LOG_SECONDS)
    errors = errors_in(log, begin)
    given.notes += _examples(asked.wrong) + _examples(errors)
    yield told("addresses asked", len(asker.addresses))
    yield told("kinds of requests", len(asked.by_kind))
    yield told("requests", asked.statuses.total())
    yield must_be("answers with a 5xx that is not documented", asked.errors, 0)
    yield must_be("requests without an answer", asked.unanswered, 0)
    yield must_be("pages with a traceback or a word of one", asked.shown, 0)
    yield must_be("errors in the web server's log", len(errors), 0)
    yield must_be("an ordinary page afterwards", "yes" if is_alive else "no", "yes")
    statuses = ", ".join(f"{status} ({count:,})" for status, count in sorted(asked.statuses.items()))
    given.notes.append(f"Answers: {statuses}.")


def _in_short(problem: str) -> str:
    """What was raised, and by which input."""
    before, _, after = problem.partition("Failing test case")
    return f"{before.strip().splitlines()[-1][:200]}, by {' '.join(after.split())[:400]}"


def _examples(found: Sequence[str]) -> list[str]:
    return [one[:400] for one in found[:_EXAMPLES]]


MEASURE = Measure(
    "fuzzing",
    "Anything at all for parsers, validators and addresses",
    "inputs",
    long=1_000_000,
    run=run,
    package="evidence",
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
