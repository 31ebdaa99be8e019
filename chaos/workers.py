"""Workers that are back at once: `python -m chaos.workers --pids FOLDER delivering-1 delivering-2 upkeep`.

A worker that is killed every second or two spends the run importing Django. Here one process imports everything and
forks the workers from itself; whatever is killed is forked again, as a service manager would start it again. Each is
the real worker with the options of production, in a process group of its own; `<name>.pid` says where it is now.
"""

import argparse
import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from local_services.processes import Stopped, die_with_parent, stop_on_signals

# What a worker imports only once it runs.
_LATE = (
    "celery.bin.celery",
    "celery.bin.worker",
    "celery.apps.worker",
    "celery.beat",
    "celery.concurrency.thread",
    "celery.worker.consumer",
    "celery.worker.autoscale",
    "celery.worker.control",
    "kombu.transport.redis",
    "django.db.backends.postgresql.base",
    "django.core.cache.backends.redis",
    "redis",
)
UPKEEP = "upkeep"
_KILLED = (-signal.SIGKILL, -signal.SIGSEGV)  # the second one leaves a trace of what it was at


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep the named workers running until a signal comes. A worker that ends by itself is an error."""
    parser = argparse.ArgumentParser(prog="python -m chaos.workers")
    parser.add_argument("--pids", type=Path, required=True, help="folder for the process ids")
    parser.add_argument("--threads", type=int, default=16, help="calls that one worker holds at once (16)")
    parser.add_argument("names", nargs="+", help=f"{UPKEEP} runs beat and the sweep, all others deliver")
    given = parser.parse_args(arguments)
    app = _everything_imported()
    running: dict[int, str] = {}
    try:
        with stop_on_signals():
            for name in given.names:
                running[_started(app, name, given)] = name
            return _kept_running(app, running, given)
    except Stopped:
        return 0
    finally:
        for pid in running:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _kept_running(app: Any, running: dict[int, str], given: argparse.Namespace) -> int:
    while True:
        pid, status = os.wait()
        name = running.pop(pid, None)
        if name is None:
            continue
        if os.waitstatus_to_exitcode(status) not in _KILLED:
            print(f"{name} ended by itself: {os.waitstatus_to_exitcode(status)}", file=sys.stderr)
            return 1
        running[_started(app, name, given)] = name


def _everything_imported() -> Any:
    from flexiti_portal.celery import app

    app.loader.import_default_modules()
    for module in _LATE:
        importlib.import_module(module)
    gc.freeze()
    return app


def _started(app: Any, name: str, given: argparse.Namespace) -> int:
    parent, pid = os.getpid(), os.fork()
    if pid == 0:
        _work(app, name, given.threads, parent)
    os.setpgid(pid, pid)
    new = given.pids / f"{name}.new"
    new.write_text(str(pid))
    new.replace(given.pids / f"{name}.pid")
    return pid


def _work(app: Any, name: str, threads: int, parent: int) -> NoReturn:
    try:
        os.setpgid(0, 0)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(signal.SIGKILL, parent)
        app.worker_main(["worker", "-P", "threads", *_options(name, threads)])
    except SystemExit as end:
        os._exit(int(end.code or 0))
    finally:
        os._exit(70)


def _options(name: str, threads: int) -> list[str]:
    role = ["-Q", UPKEEP, "-B", "-c", "4"] if name == UPKEEP else ["-Q", "deliveries", "-c", str(threads)]
    return ["-n", f"{name}@chaos", *role, "--without-gossip", "--without-mingle", "--without-heartbeat"]


if __name__ == "__main__":
    sys.exit(main())
