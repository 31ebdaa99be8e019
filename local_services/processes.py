"""Named child processes that live and die together.

`Supervisor` starts each child in its own process group with its output in a log file, waits until it is
ready, and stops all of them in stages. The kernel ends the children if their parent is killed
outright (`PR_SET_PDEATHSIG`, Linux), so nothing is left behind. Start children from the main thread only:
the kernel means the *thread* when it says parent.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_TAIL_LINES = 25


class ChildDied(Exception):
    """A child ended on its own; the message names it and shows the end of its log."""


class NotReady(Exception):
    """A child is alive but did not answer in time; the message names it and shows the end of its log."""


class Stopped(BaseException):
    """Somebody asked the whole set to stop by a signal."""


def die_with_parent(stop_signal: int = signal.SIGTERM, parent: int | None = None) -> None:
    """Have the kernel send this process `stop_signal` when its parent dies (Linux; elsewhere nothing).

    `parent` is the process id that the parent had; if it is already gone, the signal is sent at once.
    """
    if _LIBC is None:
        return
    _LIBC.prctl(_PR_SET_PDEATHSIG, stop_signal)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), stop_signal)


@dataclass
class Child:
    """One running child: its name, its process and where its output goes."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: int = signal.SIGTERM
    stage: int = 0

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def tail(self) -> str:
        """The last lines of the log, indented."""
        lines = self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return "\n".join(f"    {line}" for line in lines) or "    (its log is empty)"

    def death_notice(self) -> str:
        """Which child ended, how, and the end of its log."""
        code = self.process.returncode
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
        return f"{self.name} {how}. The end of {self.log}:\n{self.tail()}"

    def stop(self, grace: float) -> None:
        """Ask the child to end, wait up to `grace` seconds, then end its whole group by force."""
        self.ask_to_end()
        self.end_within(grace)

    def ask_to_end(self) -> None:
        """Send it its stop signal."""
        if self.is_running:
            with suppress(ProcessLookupError):
                os.kill(self.process.pid, self.stop_signal)

    def end_within(self, seconds: float) -> None:
        """Wait for it to end by itself, then end its whole group by force."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        self.kill()

    def kill(self) -> None:
        """End the whole group at once; a leader's own children may have outlived it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@dataclass
class Supervisor:
    """Children that start in order, are watched together and stop stage by stage, the highest first.

    The children of a stage are asked to end together, the last started first, and share one grace.

    logs: folder for one `<name>.log` each; the log of the start before is kept as `<name>.previous.log`.
    environment: what every child gets (complete: nothing is inherited beside it).
    grace: seconds a child has to end after being asked, before it is ended by force.
    held_open: file descriptors that every child inherits (a lock that must last as long as any of them).
    """

    logs: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    grace: float = 15.0
    held_open: tuple[int, ...] = ()
    children: list[Child] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        stop_signal: int = signal.SIGTERM,
        inherited: Sequence[int] = (),
        stage: int = 0,
    ) -> Child:
        """Start one child without waiting for it."""
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        log, parent = self.logs / f"{name}.log", os.getpid()
        if log.exists():
            log.replace(self.logs / f"{name}.previous.log")
        with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as output:
            process = subprocess.Popen(
                [str(part) for part in command],
                env={**self.environment, **(environment or {})},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                process_group=0,
                pass_fds=(*self.held_open, *inherited),
                preexec_fn=lambda: die_with_parent(stop_signal, parent),
            )
        child = Child(name, process, log, stop_signal, stage)
        self.children.append(child)
        return child

    def wait_until(self, child: Child, is_ready: Callable[[], bool], within: float = 30.0) -> None:
        """Return as soon as `is_ready()` says so; raise `ChildDied` or `NotReady` otherwise."""
        deadline = time.monotonic() + within
        while True:
            # Looked at first: a child may become ready and end in the moment between the two.
            is_running = child.is_running
            if is_ready():
                return
            if not is_running:
                raise ChildDied(child.death_notice())
            if time.monotonic() > deadline:
                raise NotReady(f"{child.name} was not ready within {within:.0f} s. Its log:\n{child.tail()}")
            time.sleep(0.02)

    def wait_until_finished(self, child: Child, within: float) -> None:
        """Wait for a child that is meant to end; it must end with exit code 0."""
        self.wait_until(child, lambda: child.process.poll() == 0, within)
        self.children.remove(child)

    def watch(self) -> None:
        """Wait for ever; raise `ChildDied` as soon as any child ends."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """Raise `ChildDied` if any child has ended."""
        for child in self.children:
            if not child.is_running:
                raise ChildDied(child.death_notice())

    def stop(self) -> None:
        """Stop all children, stage by stage. If interrupted (a second Ctrl-C), end the rest by force."""
        try:
            for stage in sorted({child.stage for child in self.children}, reverse=True):
                self._stop_together([child for child in reversed(self.children) if child.stage == stage])
        finally:
            for child in self.children:
                child.kill()
            self.children.clear()

    def _stop_together(self, children: Sequence[Child]) -> None:
        for child in children:
            child.ask_to_end()
        deadline = time.monotonic() + self.grace
        for child in children:
            child.end_within(max(deadline - time.monotonic(), 0.0))


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Turn Ctrl-C, SIGTERM and a closed terminal into `Stopped` in the main thread."""

    def stop(number: int, _frame: FrameType | None) -> None:
        raise Stopped(signal.Signals(number).name)

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
