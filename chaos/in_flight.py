"""Fifty submissions in flight against a lender that takes three seconds: how other pages feel, and how many get through.

    python -m chaos.in_flight --size 700

Everything is measured in one run, and only ratios are demanded: pages under load against the same pages at rest, and
the portal's workers against a synchronous view behind two web workers (synchronous.py).
"""

import itertools
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chaos.associates import Associate
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, at_most, told
from chaos.stack import Shape, Stack, another_web_server, portal_in_this_process, running

if TYPE_CHECKING:
    from chaos.drafts import Draft

_LENDER_TAKES = 3.0  # seconds
_SHAPE = Shape(delivering=2, threads=25)
_WINDOW, _SHORT_WINDOW = 24.0, 6.0  # seconds that each thing is measured for
_PAUSE = 0.1  # seconds between two pages of one associate
_CLICKS = 4  # associates that submit to the synchronous view without a break
_SLOWER_AT_MOST, _FASTER_AT_LEAST = 1.5, 20.0

_NOTE = (
    f"`apply` takes {_LENDER_TAKES:g} s. Two workers of 25 threads hold fifty calls; the line behind them is never "
    "empty while it is measured. The other pages are the counter, a step of a form, a check page and the poll of a "
    "waiting page, opened in turns by two associates. The synchronous view has two web workers, and four associates "
    "who submit without a break."
)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` submissions stand in line."""
    window = _SHORT_WINDOW if given.brisk else _WINDOW
    with running(given.folder, _SHAPE) as stack:
        portal_in_this_process(stack)
        from chaos.drafts import make_drafts

        stack.lender.latency(apply=[_LENDER_TAKES, _LENDER_TAKES])
        given.say("making drafts")
        drafts = make_drafts(given.size + int(window) * _CLICKS, given.random, username="associate")
        line, others = drafts[: given.size], drafts[given.size :]
        pages = [f"{others[0].path}{page}" for page in ("contact/", "check/")]
        given.say("pages at rest")
        rest = _opened(stack, ["/", *pages, f"{others[0].path}status/"], window)
        given.say("filling the line")
        _stand_in_line([draft.id for draft in line])
        given.say("pages under load")
        before, began = _finished(), time.monotonic()
        in_flight = _Counted(_being_sent)
        with in_flight:
            load = _opened(stack, ["/", *pages, f"{line[-1].path}status/"], window)
        rate = (_finished() - before) / (time.monotonic() - began)
        left = _in_line()
        given.say("the synchronous view")
        synchronous = _submitted_synchronously(stack, others[1:], window)
    given.notes.append(_NOTE)
    return [
        told("in flight at once, median", statistics.median(in_flight.counts)),
        told("in line when the measuring ended", left),
        told("other pages at rest, p95, ms", round(1000 * _p95(rest), 1)),
        told("other pages under load, p95, ms", round(1000 * _p95(load), 1)),
        at_most("other pages, load to rest", round(_p95(load) / _p95(rest), 2), _SLOWER_AT_MOST),
        told("answered per second by the portal's workers", round(rate, 2)),
        told("answered per second by the synchronous view", round(synchronous, 2)),
        at_least("workers to synchronous view", round(rate / synchronous, 1), _FASTER_AT_LEAST),
    ]


def _opened(stack: Stack, paths: Sequence[str], seconds: float) -> list[float]:
    """Seconds that each page took two associates who open them in turns."""
    took: list[float] = []

    def work(associate: Associate) -> None:
        until = time.monotonic() + seconds
        for path in itertools.cycle(paths):
            began = time.monotonic()
            if began > until:
                return
            status, _ = associate.get(path)
            took.append(time.monotonic() - began)
            assert status < 400, f"{path} answered {status}"
            time.sleep(_PAUSE)

    _in_threads(work, [_signed_in(stack.url, name) for name in ("associate", "manager")])
    return took


def _submitted_synchronously(stack: Stack, drafts: "Sequence[Draft]", seconds: float) -> float:
    """Submissions per second that a view answers which calls the lender itself."""
    answered: list[float] = []
    waiting = iter(drafts)
    with another_web_server(stack, "chaos.synchronous_settings", workers=2) as url:
        until = time.monotonic() + seconds

        def work(associate: Associate) -> None:
            for draft in waiting:
                if time.monotonic() > until:
                    return
                associate.submit(draft)
                answered.append(time.monotonic())

        began = time.monotonic()
        _in_threads(work, [_signed_in(url, "associate") for _ in range(_CLICKS)])
    return len(answered) / (max(answered) - began)


def _in_threads(work: Callable[[Associate], None], associates: Sequence[Associate]) -> None:
    problems: list[BaseException] = []

    def guarded(associate: Associate) -> None:
        try:
            work(associate)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=guarded, args=[associate], daemon=True) for associate in associates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


def _signed_in(url: str, username: str) -> Associate:
    associate = Associate(url, username)
    associate.sign_in()
    return associate


def _stand_in_line(ids: Iterable[object]) -> None:
    from applications.models import Application
    from applications.submission.sealing import submit

    for application in Application.objects.filter(pk__in=list(ids)).select_related("created_by"):
        submit(application, by=application.created_by, revision=application.revision)


def _finished() -> int:
    from applications.models import SubmissionAttempt

    return SubmissionAttempt.objects.exclude(closed_at=None).count()


def _being_sent() -> int:
    from applications.models import Application
    from applications.statuses import Status

    return Application.objects.filter(status=Status.SENDING).count()


def _in_line() -> int:
    from applications.models import Application
    from applications.statuses import Status

    return Application.objects.filter(status=Status.QUEUED).count()


@dataclass
class _Counted:
    """What `count` says, once a second, as long as the block lasts."""

    count: Callable[[], int]
    counts: list[int] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def __enter__(self) -> None:
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def _work(self) -> None:
        from django.db import connection

        try:
            while not self._over.wait(1):
                self.counts.append(self.count())
        finally:
            connection.close()


def _p95(seconds: Sequence[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


MEASURE = Measure("in_flight", "Fifty submissions in flight", "submissions in line", long=700, run=run)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
