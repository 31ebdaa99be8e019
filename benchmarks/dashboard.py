"""The dashboard of one store and year among millions of applications, and whether its figures are a full scan's.

python -m benchmarks.dashboard --size 5000000
"""

import sys
from collections.abc import Iterable

from benchmarks.requests import median_ms, p95_ms, seconds_of, signed_in
from benchmarks.stock import MANAGER, stocked
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_most, must_be, told

_ROUNDS, _BRISK_ROUNDS = 100, 5
_PAGE_MS = 150


def run(given: Run) -> Iterable[Figure]:
    """Among `given.size` applications."""
    with stocked(given, given.size) as stack:
        from applications.statistics.checking import differences
        from benchmarks.stock import MERCHANT
        from merchants.models import Store

        stores = Store.objects.filter(merchant__name=MERCHANT)
        store = max(stores, key=lambda one: one.applications.count())
        of_store = store.applications.count()
        manager = signed_in(stack, MANAGER)
        given.say("pages")
        paths = {
            "one store, one year": f"/review/dashboard/?store={store.pk}&period=year",
            "all 40 stores, one year": "/review/dashboard/?period=year",
            "all 40 stores, 30 days": "/review/dashboard/?period=month",
        }
        took = {name: _timed(lambda: manager.get(path), given) for name, path in paths.items()}  # noqa: B023
        given.say("a full scan")
        wrong = sum(abs(count) for count in differences().values())
    first, *others = took
    return [
        told("applications of the store, all years", of_store),
        at_most(f"{first}, p95, ms", p95_ms(took[first]), _PAGE_MS),
        *(told(f"{name}, median, ms", median_ms(took[name])) for name in others),
        must_be("figures that a full scan finds otherwise", wrong, 0),
    ]


def _timed(ask: object, given: Run) -> list[float]:
    rounds = _BRISK_ROUNDS if given.brisk else _ROUNDS
    return [seconds_of(ask) for _ in range(rounds + 3)][3:]  # type: ignore[arg-type]


MEASURE = Measure("dashboard", "The dashboard", "applications", long=5_000_000, run=run, package="benchmarks")

if __name__ == "__main__":
    sys.exit(main(MEASURE))
