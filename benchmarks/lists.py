"""A manager's list with millions of applications: first page, 10,000th page, narrowed, searched.

    python -m benchmarks.lists --size 5000000

Beside it, in the same run: the bare keyset statement on the same rows, the list of the Django admin as it comes, and
the same pages with a fifth of the applications.
"""

import json
import random
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from benchmarks.requests import median_ms, p95_ms, seconds_of, signed_in
from benchmarks.stock import MANAGER, MANAGER_OF_ONE, MANAGER_OF_SOME, OPERATOR, stocked
from chaos.associates import Associate
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, at_most, told
from chaos.stack import Stack, another_web_server

_ROUNDS, _BRISK_ROUNDS, _ADMIN_ROUNDS = 200, 3, 3
_ADMIN_SILENCE = 900.0  # seconds; it counts all rows, and skips half a million
_DEEP = 10_000
_PAGE_MS, _TO_BARE, _ADMIN_TO_LIST, _GROWTH = 100, 3, 50, 1.2
_FRACTION = 5

_BARE = """SELECT id, reference_id, status, language, province, amount, created_at, store_id, created_by_id, answers
FROM applications_application WHERE merchant_id = %s AND (created_at, id) < (%s, %s)
ORDER BY created_at DESC, id DESC LIMIT 51"""

_NOTE = (
    "A manager of all 40 stores of a merchant whose applications lie within three years, and one of 12 of them. Pages "
    "are fetched by one person after the other over HTTP from gunicorn with two processes, whole, with sign-in, counts "
    "of what needs a person and 50 lines whose sealed answers are opened for the initials. The bare statement fetches "
    "the same columns of 51 rows. The Django admin's list is a stock ModelAdmin over the same columns and 50 lines."
)


@dataclass(frozen=True)
class Case:
    """A page: by whom it is asked for, and how."""

    name: str
    person: str
    ask: Callable[[Associate], tuple[int, str]]


def run(given: Run) -> Iterable[Figure]:
    """`given.size` applications, and a fifth of them."""
    rounds = _BRISK_ROUNDS if given.brisk else _ROUNDS
    with ExitStack() as stacks:
        large = stacks.enter_context(stocked(given, given.size))
        small = stacks.enter_context(stocked(given, given.size // _FRACTION, in_this_process=False))
        from benchmarks import lists_in_process as within

        given.say("finding the 10,000th page")
        deep = min(_DEEP, given.size // _FRACTION // 50 // 2)
        cases = _cases(large, deep)
        given.say("pages")
        took, took_of_few = _timed(large, cases, rounds), _timed(small, _cases(small, deep), rounds)
        given.say("statements")
        bare, own = within.statements(_BARE, deep, rounds)
        given.say("the Django admin")
        admin = _admin(large, deep)
    given.notes.append(_NOTE)
    growths = {case.name: _growth(took[case.name], took_of_few[case.name]) for case in cases}
    pages = [at_most(f"{case.name}, p95, ms", p95_ms(took[case.name]), _PAGE_MS) for case in cases]
    middle = statistics.median(took[cases[1].name])
    return [
        *pages,
        told("bare keyset statement, p95, ms", p95_ms(bare)),
        told("the list's own statements for a page, p95, ms", p95_ms(own)),
        at_most("the list's statements to the bare one", round(_p95(own) / _p95(bare), 2), _TO_BARE),
        told(f"the Django admin's list at page {deep:,}, median, ms", median_ms(admin)),
        at_least(
            f"the Django admin's list to ours at page {deep:,}",
            round(statistics.median(admin) / middle, 1),
            _ADMIN_TO_LIST,
        ),
        *(told(f"{name}, {given.size:,} to {given.size // _FRACTION:,}", growth) for name, growth in growths.items()),
        at_most("growth, all pages together", round(statistics.geometric_mean(growths.values()), 2), _GROWTH),
    ]


def _cases(stack: Stack, deep: int) -> list[Case]:
    """The same pages for any stock: its own stores, people and applications are asked for."""
    sought, before = _told_by(stack, deep)
    narrowed = {
        "declined": "status=declined",
        "one store, a month": urlencode(sought["store and month"]),
        "one associate": urlencode(sought["associate"]),
        "Alberta, in French, 5,000 dollars and more": "province=AB&language=fr-CA&amount_from=5000",
        "outcome not known": "status=unknown",
    }
    pages = [
        Case("first page", MANAGER, _get("/review/")),
        Case(f"page {deep:,}", MANAGER, _get(f"/review/?before={quote(before)}")),
        Case("first page, 12 stores", MANAGER_OF_SOME, _get("/review/")),
        Case(f"page {deep:,}, 12 stores", MANAGER_OF_SOME, _get(f"/review/?before={quote(before)}")),
        *(Case(f"narrowed: {name}", MANAGER, _get(f"/review/?{query}")) for name, query in narrowed.items()),
        Case(
            f"narrowed: declined, from page {deep:,} on",
            MANAGER,
            _get(f"/review/?status=declined&before={quote(before)}"),
        ),
    ]
    searches = [
        Case(f"searched by {name}", MANAGER, _post("/review/search/", fields))
        for name, fields in sought.items()
        if name in ("phone", "e-mail", "name and birth date", "account", "reference")
    ]
    others = [
        Case("worklist: outcome not known", MANAGER, _get("/review/worklists/unknown/")),
        Case("worklist: under review", MANAGER, _get("/review/worklists/pending/")),
        Case("the counter of one store", MANAGER_OF_ONE, _get("/")),
    ]
    return [*pages, *searches, *others]


def _told_by(stack: Stack, deep: int) -> tuple[dict[str, dict[str, str]], str]:
    command = [sys.executable, "-m", "benchmarks.sought", str(deep)]
    told = subprocess.run(command, env=stack.supervisor.environment, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(told.stdout)
    return found["sought"], found["before"]


def _get(path: str) -> Callable[[Associate], tuple[int, str]]:
    return lambda person: person.get(path)


def _post(path: str, fields: dict[str, str]) -> Callable[[Associate], tuple[int, str]]:
    return lambda person: person.post(path, fields)


def _timed(stack: Stack, cases: list[Case], rounds: int) -> dict[str, list[float]]:
    """Cases take turns, in another order each time, so that none has the machine's best moments."""
    people = {name: signed_in(stack, name) for name in {case.person for case in cases}}
    took: dict[str, list[float]] = defaultdict(list)
    order = random.Random(1)
    for number in range(rounds + 3):
        for case in order.sample(cases, len(cases)):
            seconds = seconds_of(lambda: case.ask(people[case.person]), case.name)  # noqa: B023
            if number >= 3:  # the first ones fill caches
                took[case.name].append(seconds)
    return took


def _admin(stack: Stack, page: int) -> list[float]:
    with another_web_server(stack, "benchmarks.stock_admin_settings", workers=1) as url:
        operator = Associate(url, OPERATOR, silence=_ADMIN_SILENCE)
        operator.sign_in()
        path = f"/stock-admin/applications/application/?p={page}"
        return [seconds_of(lambda: operator.get(path)) for _ in range(_ADMIN_ROUNDS)]


def _p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def _growth(large: list[float], small: list[float]) -> float:
    return round(_p95(large) / _p95(small), 2)


MEASURE = Measure("lists", "A manager's list", "applications", long=5_000_000, run=run, package="benchmarks")

if __name__ == "__main__":
    sys.exit(main(MEASURE))
