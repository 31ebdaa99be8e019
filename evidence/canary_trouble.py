"""Errors that nobody foresaw, while an applicant's values are in hand: in code, in the database, in a dying worker."""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import requests
from django.http import HttpRequest, HttpResponse

from chaos.stack import Stack
from chaos.till import Page
from evidence.canary_people import canary
from evidence.canary_walk import ClumsyTab, ListeningTill, Walk

BREAK = "X-Break"
_LOOKS = 3
_UNDER_WAY = 2.0  # seconds; in them an `apply` has begun, and no longer ends by itself before
_SENT, _ANSWERS = "applications_submissionattempt", "applications_application"


def breaks_when_told(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware with an error of the worst kind: values in its message, in that of its cause, and in variables."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if BREAK in request.headers:
            typed = request.POST.dict()
            nothing: dict[str, str] = {}
            try:
                return HttpResponse(nothing[" ".join(map(str, typed.values()))])
            except KeyError as problem:
                raise ValueError(f"cannot go on with {typed} after {response.content!r}") from problem
        return response

    return middleware


def make_trouble(stack: Stack, walk: Walk, numbers: Sequence[int], workers: Sequence[str]) -> None:
    """Take these three applicants, whom the walk has not had, through code that breaks, a database that refuses what
    it is told, and workers that die with a trace of what they were at."""
    of_code, of_database, of_workers = (_tab(stack, walk, number) for number in numbers)
    _until(of_code, "identity")
    with of_code.till.headed(BREAK):
        _look(of_code)
    _until(of_code, "")
    _until(of_database, "contact")
    with _refusing(_ANSWERS):
        _look(of_database)
    stack.lender.latency(apply=[2 * _UNDER_WAY, 2 * _UNDER_WAY])
    _until(of_database, "")
    with _refusing(_SENT):  # the lender's answer cannot be written down
        time.sleep(3 * _UNDER_WAY)
    _until(of_workers, "")
    time.sleep(_UNDER_WAY)
    for name in workers:
        with suppress(ProcessLookupError):
            os.killpg(stack.worker(name), signal.SIGSEGV)
    stack.lender.latency(apply=[0, 0.2])


def _tab(stack: Stack, walk: Walk, number: int) -> ClumsyTab:
    till = ListeningTill(stack.url, ("associate",), walk.chance, walk.overheard)
    return ClumsyTab(till, canary(number), Page("/sign-in/", "", 200))


def _until(tab: ClumsyTab, step: str) -> None:
    """Up to this step, or to the end. Raises TimeoutError."""
    for _ in range(100):
        if tab.is_over or tab.page.step == step or (tab.address and tab.page.path == tab.address):
            return
        tab.go_on()
    raise TimeoutError(tab.page.path)


def _look(tab: ClumsyTab) -> None:
    """Send the form, load the page, go back, send it again."""
    before = tab.page
    for _ in range(_LOOKS):
        tab.page = before
        with suppress(requests.RequestException):
            tab.go_on()
            tab.refresh()
    tab.page = before


@contextmanager
def _refusing(table: str) -> Iterator[None]:
    """Meanwhile PostgreSQL refuses every row that is written, and says of it all that it knows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT canaries CHECK (false) NOT VALID")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT canaries")
