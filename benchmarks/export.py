"""Exporting a long list: how soon it begins, and what it costs the web server's memory.

python -m benchmarks.export --size 100000
"""

import http.client
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.requests import signed_in
from benchmarks.stock import MANAGER, rss_of, stocked
from chaos.associates import Associate
from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, at_most, told
from chaos.stack import Stack

_TIMES_AS_MANY = 10  # applications in stock for each that is exported
_FIRST_BYTE_SECONDS, _MEGABYTES = 1.0, 50.0
_CHUNK = 64 * 1024


def run(given: Run) -> Iterable[Figure]:
    """`given.size` rows and a few more: whole days are exported."""
    with stocked(given, given.size * _TIMES_AS_MANY) as stack:
        day = _day_from(given.size)
        manager = signed_in(stack, MANAGER)
        for _ in range(20):
            manager.get("/review/")  # both processes have loaded what they need
        idle = max(rss_of(pid) for pid in _web_processes(stack))
        given.say("exporting")
        status, where = manager.post(f"/review/exports/new/?day_from={day}", {"language": "en", "contents": "masked"})
        if status != http.HTTPStatus.FOUND:
            raise AssertionError(f"answered {status}")
        with _highest(stack) as highest:
            first, whole, rows = _downloaded(manager, f"{where}file/")
    return [
        at_least("rows", rows, given.size),
        at_most("first byte, s", round(first, 3), _FIRST_BYTE_SECONDS),
        told("whole file, s", round(whole, 1)),
        told("memory of the largest web process when idle, MB", round(idle, 1)),
        at_most("more of it while exporting, MB", round(highest[0] - idle, 1), _MEGABYTES),
    ]


def _day_from(size: int) -> str:
    """The day since which about so many, and at least so many, applications were begun."""
    from applications.models import Application
    from benchmarks.stock import MERCHANT

    rows = Application.objects.filter(merchant__name=MERCHANT).order_by("-created_at", "-id")
    day: str = rows.values_list("day", flat=True)[size : size + 1][0].isoformat()
    return day


def _downloaded(manager: Associate, path: str) -> tuple[float, float, int]:
    """Seconds to the first byte and to the last, and how many lines there are below the heading."""
    began = time.perf_counter()
    answer = manager.posted(path, {})
    if answer.status != http.HTTPStatus.OK:
        raise AssertionError(f"answered {answer.status}")
    first, lines = 0.0, 0
    while chunk := answer.read1(_CHUNK):
        first = first or time.perf_counter() - began
        lines += chunk.count(b"\n")
    return first, time.perf_counter() - began, lines - 1


@contextmanager
def _highest(stack: Stack) -> Iterator[list[float]]:
    """The most memory that a web process had during the block, in megabytes."""
    found, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(0.05):
            found[0] = max([found[0], *(rss_of(pid) for pid in _web_processes(stack))])

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _web_processes(stack: Stack) -> list[int]:
    """Those that gunicorn's own process has started."""
    bound = f"WEB_BIND={urlsplit(stack.url).netloc}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (folder / "cmdline").read_bytes(), (folder / "environ").read_bytes()
        except OSError:
            continue  # it has ended, or is somebody else's
        if b"gunicorn" in command and bound in environment:
            found.append(int(folder.name))
    return found


MEASURE = Measure("export", "An export", "rows", long=100_000, run=run, package="benchmarks")

if __name__ == "__main__":
    sys.exit(main(MEASURE))
