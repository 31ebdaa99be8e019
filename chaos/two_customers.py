"""Two customers, two tabs, one till: back, refresh and sign-out in any order, and no field crosses.

    python -m chaos.two_customers --size 40
    python -m chaos.two_customers --size 40 --database sqlite

Each run is two applications from the first page to the click, in two tabs of one browser, over HTTP; people sign out
and in between, under another name. At the end every field of both is compared with what that customer said: as the
pages show it, and in the body that arrived at the lender.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from chaos.customers import two_customers
from chaos.interleaving import Interleaving, Tally
from chaos.lender import Lender
from chaos.measure import POSTGRES, SQLITE, Measure, Run, main
from chaos.results import Figure, must_be, told
from chaos.stack import Shape, running
from chaos.till import Page, Tab, Till

PEOPLE = ("associate", "manager")
_TILLS = 6
_SETTINGS = "chaos.quick_sign_in_settings"
_NO_LIMITS = {"RATE_LIMIT_SIGN_IN": "1000000/m/ip", "RATE_LIMIT_SIGN_IN_FAILED": "1000000/m/ip,1000000/m/key"}


def run(given: Run) -> Iterable[Figure]:
    """`given.size` runs."""
    sqlite = f"sqlite:///{given.folder / 'portal.sqlite3'}"
    environment = {**_NO_LIMITS, **({"DATABASE_URL": sqlite} if given.database == SQLITE else {})}
    with running(given.folder, Shape(delivering=1, settings=_SETTINGS), **environment) as stack:
        stack.lender.latency(apply=[0, 0])
        given.notes.append("Sign-ins were not limited, as all come from one address, and hash passwords quickly.")
        return interleaved(given, stack.url, stack.lender)


def interleaved(given: Run, url: str, lender: Lender) -> list[Figure]:
    """The same at a portal that runs already."""
    seeds = [given.random.getrandbits(32) for _ in range(given.size)]
    with ThreadPoolExecutor(_TILLS) as threads:
        tallies = list(threads.map(lambda number: one_run(url, lender, number, seeds[number]), range(given.size)))
    return _figures(given, tallies)


def one_run(url: str, lender: Lender, number: int, seed: int) -> Tally:
    """The run with this number, always the same for the same seed."""
    chance = random.Random(seed)
    till = Till(url, PEOPLE, chance)
    nothing = Page("/sign-in/", "", 200)
    try:
        first, second = (Tab(till, customer, nothing) for customer in two_customers(number, chance))
        return Interleaving(first, second, chance).run(lender)
    finally:
        till.close()


def _figures(given: Run, tallies: list[Tally]) -> list[Figure]:
    crossed = Counter(name for tally in tallies for name in tally.crossed)
    changed = Counter(name for tally in tallies for name in tally.changed)
    actions = sum((tally.actions for tally in tallies), Counter())
    if crossed or changed:
        given.notes.append(f"Crossed: {dict(crossed)}. Otherwise not as said: {dict(changed)}.")
    return [
        must_be("fields crossed", crossed.total(), 0),
        must_be("fields otherwise not as said", changed.total(), 0),
        must_be("pages that showed the other customer", sum(tally.shown_elsewhere for tally in tallies), 0),
        must_be("applications not finished and read through", sum(tally.unfinished for tally in tallies), 0),
        must_be("pages that failed", sum(tally.errors for tally in tallies), 0),
        told("fields compared", sum(tally.compared for tally in tallies)),
        *(told(f"times: {action}", number) for action, number in sorted(actions.items())),
    ]


MEASURE = Measure(
    "two_customers",
    "Two customers in two tabs of one till",
    "runs",
    long=1000,
    run=run,
    databases=(POSTGRES, SQLITE),
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
