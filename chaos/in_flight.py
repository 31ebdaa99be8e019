"""Fifty submissions in flight against a lender that takes three seconds: how other pages feel, how many get through.

    python -m chaos.in_flight --size 700

Everything is measured in one run, and only ratios are demanded: pages under load against the same pages at rest, and
the portal's workers against a synchronous view behind two web workers (synchronous.py).
"""

import os
import signal
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, at_most, told
from chaos.stack import Shape, Stack, portal_in_this_process, running
from chaos.workers import UPKEEP

_LENDER_TAKES = 3.0  # seconds
_GIVE_OR_TAKE = 1.0  # seconds; without it fifty calls that begin together would for ever end in the same moment
_SHAPE = Shape(delivering=2, threads=25)
_WINDOW, _SHORT_WINDOW = 24.0, 4.0  # seconds that each thing is measured for
_WARM_UP, _SHORT_WARM_UP = 8.0, 1.0  # seconds that the pages are opened for before they are measured
_SLOWER_AT_MOST, _FASTER_AT_LEAST = 1.5, 20.0

_NOTE = (
    f"`apply` takes {_LENDER_TAKES:g} s, give or take {_GIVE_OR_TAKE:g} s. Two workers of 25 threads hold fifty calls; "
    "the line behind them is never empty while it is measured. The other pages are the counter, a step of a form, a "
    "check page and the poll of a waiting page, opened in turns by two people without drafts of their own, of the same "
    "rows at rest (workers stopped) as under load. They are opened for "
    f"{_WARM_UP:g} s before either without counting: a web server that has just started is not what load is compared "
    "with, and fifty calls that began in one moment, when the workers were let go, are not what fifty in flight are. "
    "The synchronous view has two web workers, and four associates who submit without a break."
)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` submissions stand in line."""
    busy = os.getloadavg()[0]
    window, warm_up = (_SHORT_WINDOW, _SHORT_WARM_UP) if given.brisk else (_WINDOW, _WARM_UP)
    with running(given.folder, _SHAPE) as stack:
        portal_in_this_process(stack)
        from chaos import under_load
        from chaos.drafts import make_drafts

        stack.lender.latency(apply=[_LENDER_TAKES - _GIVE_OR_TAKE, _LENDER_TAKES + _GIVE_OR_TAKE])
        given.say("making drafts")
        drafts = make_drafts(given.size + int(window) * under_load.CLICKS, given.random, username="associate")
        line, others = drafts[: given.size], drafts[given.size :]
        pages = ["/", *(f"{others[0].path}{page}" for page in ("contact/", "check/")), f"{line[-1].path}status/"]
        with _resting_workers(stack):
            given.say("filling the line")
            under_load.stand_in_line([draft.id for draft in line])
            given.say("opening the pages for the first times")
            under_load.opened(stack, pages, warm_up)
            given.say("pages at rest")
            rest = under_load.opened(stack, pages, window)
        under_load.wait_until_being_sent(_SHAPE.delivering * _SHAPE.threads * 9 // 10)
        given.say("opening the pages under load")
        under_load.opened(stack, pages, warm_up)
        given.say("pages under load")
        before, began = under_load.finished(), time.monotonic()
        in_flight = under_load.Counted(under_load.being_sent)
        with in_flight:
            load = under_load.opened(stack, pages, window)
        rate = (under_load.finished() - before) / (time.monotonic() - began)
        left = under_load.in_line()
        given.say("the synchronous view")
        synchronous = under_load.submitted_synchronously(stack, others[1:], window)
    given.notes.append(_NOTE)
    return [
        told("load average of the machine before the run", round(busy, 2)),
        told("in flight at once, median", statistics.median(in_flight.counts)),
        told("in line when the measuring ended", left),
        told("other pages at rest, p95, ms", round(1000 * _p95(rest), 1)),
        told("other pages under load, p95, ms", round(1000 * _p95(load), 1)),
        at_most("other pages, load to rest", round(_p95(load) / _p95(rest), 2), _SLOWER_AT_MOST),
        told("answered per second by the portal's workers", round(rate, 2)),
        told("answered per second by the synchronous view", round(synchronous, 2)),
        at_least("workers to synchronous view", round(rate / synchronous, 1), _FASTER_AT_LEAST),
    ]


@contextmanager
def _resting_workers(stack: Stack) -> Iterator[None]:
    """Workers that take nothing until the line is long enough."""
    workers = [stack.worker(name) for name in _SHAPE.worker_names if name != UPKEEP]
    for worker in workers:
        os.killpg(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        for worker in workers:
            os.killpg(worker, signal.SIGCONT)


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


MEASURE = Measure("in_flight", "Fifty submissions in flight", "submissions in line", long=700, run=run)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
