"""A large merchant with years of applications, on a PostgreSQL cluster that is kept from one run to the next.

A cluster of five million takes a quarter of an hour and some thirty gigabytes; removing its folder makes it anew.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from chaos.measure import Run
from chaos.stack import Shape, Stack, portal_in_this_process, running
from local_services import portal

MERCHANT = "Grands magasins Boréal"
STORES, ASSOCIATES_OF_A_STORE, YEARS = 40, 5, 3
# Who signs in: the managers of all stores, of a dozen and of one, and the operator of the portal.
MANAGER, MANAGER_OF_SOME, MANAGER_OF_ONE, OPERATOR = "manager-of-all", "manager-of-some", "manager-of-one", "operator"
SOME = 12

# A small server of PostgreSQL's own defaults has 128 MB; a chain of stores gives it more.
_POSTGRESQL = {
    "max_connections": "200",
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "random_page_cost": "1.1",
}
_WHILE_FILLING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "16GB"}
_MAKERS = 2


@contextmanager
def stocked(given: Run, size: int, *, in_this_process: bool = True) -> Iterator[Stack]:
    """The portal with `size` applications, started; `in_this_process` sets Django up here for its database.

    The cluster is kept beside the results of the run.
    """
    folder = given.folder.parent.parent / "stock" / str(size)
    folder.mkdir(parents=True, exist_ok=True)
    is_complete = folder / "complete"
    if not is_complete.exists():
        with running(folder, Shape(delivering=0, postgresql=_POSTGRESQL | _WHILE_FILLING)) as stack:
            _fill(stack, size, given.say)
        is_complete.touch()
    with running(folder, Shape(delivering=0, postgresql=_POSTGRESQL)) as stack:
        if in_this_process:
            portal_in_this_process(stack)
        yield stack


def _fill(stack: Stack, size: int, say: Callable[[str], None]) -> None:
    environment = stack.supervisor.environment
    say(f"{size:,} applications: people and places")
    _run(environment, sys.executable, "-m", "benchmarks.merchant")
    say(f"{size:,} applications: making them")
    share = size // _MAKERS
    makers = [_maker(environment, number, share) for number in range(_MAKERS)]
    codes = [maker.wait() for maker in makers]
    if any(codes):
        raise RuntimeError("making applications failed; see above")
    say(f"{size:,} applications: figures")
    _run(environment, *_manage("check_statistics", "--rebuild"))
    say(f"{size:,} applications: vacuum")
    _run(environment, sys.executable, "-m", "benchmarks.merchant", "--vacuum")


def _maker(environment: Mapping[str, str], number: int, share: int) -> subprocess.Popen[bytes]:
    given = ["--count", share, "--days", 365 * YEARS, "--seed", number, "--first", number * share]
    command = _manage("make_applications", MERCHANT, *given)
    return subprocess.Popen(command, env=environment, cwd=portal.ROOT, stdout=subprocess.DEVNULL)


def _manage(*arguments: object) -> list[str]:
    return [sys.executable, "manage.py", *map(str, arguments)]


def _run(environment: Mapping[str, str], *command: str) -> None:
    subprocess.run(command, env=environment, cwd=portal.ROOT, check=True, stdout=subprocess.DEVNULL)


def rss_of(pid: int) -> float:
    """Resident memory of a process, in megabytes."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
