"""Pages opened and submissions answered while the lender is slow (in_flight.py). Needs Django (stack.py)."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from applications.models import Application, SubmissionAttempt
from applications.statuses import Status
from applications.submission.sealing import submit
from chaos.associates import Associate
from chaos.drafts import Draft
from chaos.stack import Stack, another_web_server

PAUSE = 0.1  # seconds between two pages of one associate
CLICKS = 4  # associates that submit to the synchronous view without a break


def opened(stack: Stack, paths: Sequence[str], seconds: float) -> list[float]:
    """Seconds that each page took two people of the store who open them in turns."""
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
            time.sleep(PAUSE)

    # Of the same store, but not who began the drafts: a counter lists one's own.
    _in_threads(work, [_signed_in(stack.url, "manager") for _ in range(2)])
    return took


def submitted_synchronously(stack: Stack, drafts: Sequence[Draft], seconds: float) -> float:
    """Submissions per second that a view answers which calls the lender itself."""
    answered: list[float] = []
    waiting = iter(drafts)
    with another_web_server(stack, "chaos.synchronous_settings", workers=2) as url:
        associates = [_signed_in(url, "associate") for _ in range(CLICKS)]
        began = time.monotonic()

        def work(associate: Associate) -> None:
            for draft in waiting:
                associate.submit(draft)
                answered.append(time.monotonic())
                if time.monotonic() > began + seconds:
                    return

        _in_threads(work, associates)
    return len(answered) / (max(answered) - began)


def _in_threads(work: Callable[[Associate], None], associates: Sequence[Associate]) -> None:
    problems: list[BaseException] = []

    def guarded(associate: Associate) -> None:
        try:
            work(associate)
        except BaseException as problem:
            problems.append(problem)
        finally:
            associate.close()

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


def stand_in_line(ids: Iterable[object]) -> None:
    for application in Application.objects.filter(pk__in=list(ids)).select_related("created_by"):
        submit(application, by=application.created_by, revision=application.revision)


def wait_until_being_sent(wanted: int, *, within: float = 60) -> None:
    """Return once so many are being sent at the same time."""
    until = time.monotonic() + within
    while being_sent() < wanted:
        assert time.monotonic() < until, f"only {being_sent()} are being sent"
        time.sleep(0.2)


def finished() -> int:
    return SubmissionAttempt.objects.exclude(closed_at=None).count()


def being_sent() -> int:
    return Application.objects.filter(status=Status.SENDING).count()


def in_line() -> int:
    return Application.objects.filter(status=Status.QUEUED).count()


@dataclass
class Counted:
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
        try:
            while not self._over.wait(1):
                self.counts.append(self.count())
        finally:
            connection.close()
