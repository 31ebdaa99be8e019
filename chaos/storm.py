"""The same load and the same faults for whatever pattern a stack runs. Needs Django (stack.py)."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection

from applications.models import Application
from applications.statuses import Status
from chaos.drafts import Draft, make_drafts
from chaos.measure import Run
from chaos.mischief import FAULTS, KILL_EVERY, Mischief, stage_faults
from chaos.results import Figure, told
from chaos.stack import Shape, Stack
from chaos.submitting import Submitting

LATENCY = (0.2, 0.8)  # seconds that the lender takes for `apply`
_ASSOCIATES = ("associate",) * 5 + ("manager",) * 3
_SAY_EVERY = 15.0


@dataclass(frozen=True)
class Weathered:
    """A storm that is over: everything was submitted, and is delivered or never will be."""

    drafts: list[Draft]
    submitting: Submitting
    mischief: Mischief
    faults: int
    seconds: float

    def figures(self) -> list[Figure]:
        """What was asked of the pattern, with no demand."""
        return [
            told("acknowledged", len(self.submitting.acknowledged)),
            told("acknowledged per second", round(len(self.submitting.acknowledged) / self.seconds, 1)),
            told("errors that associates saw before", self.submitting.errors),
            *(told(name, count) for name, count in sorted(self.mischief.done.items())),
            told("answers spoilt by the lender", self.faults),
        ]


def weather(given: Run, stack: Stack, shape: Shape, *, in_flight: Collection[Status], patience: float) -> Weathered:
    """Submit `given.size` drafts, disturb until nothing is `in_flight` any more or `patience` (seconds) ends."""
    given.say("making drafts")
    drafts = make_drafts(given.size, given.random, username="associate")
    stack.lender.latency(apply=list(LATENCY))
    stack.lender.switch(duplicate_check=False)  # a second `apply` for a person is accepted, and so it is seen
    faults = stage_faults(stack, drafts, given.random)
    submitting = Submitting(stack.url, _ASSOCIATES, drafts)
    mischief = Mischief(stack, given.random, shape.worker_names, given.brisk)
    given.say("submitting")
    began = time.monotonic()
    submitting.start()
    saying = _saying(given, lambda: f"{len(submitting.acknowledged)} acknowledged")
    mischief.go_on_until(
        lambda: saying() or submitting.is_over, lambda: len(submitting.acknowledged) / max(given.size, 1)
    )
    seconds = time.monotonic() - began
    given.say(f"{len(submitting.acknowledged)} acknowledged; delivering the rest")
    until = time.monotonic() + patience
    mischief.go_on_until(lambda: time.monotonic() > until or count(in_flight) == 0, lambda: 1.0)
    given.notes.append(_said(shape, brisk=given.brisk))
    return Weathered(drafts, submitting, mischief, faults, seconds)


def calm(given: Run, stack: Stack, waiting: Collection[Status], *, within: float) -> None:
    """Leave the portal alone until nothing is in these states, for `within` seconds at most."""
    until = time.monotonic() + within
    saying = _saying(given, lambda: f"{count(waiting)} {' or '.join(sorted(waiting))}")
    while count(waiting) != 0 and time.monotonic() < until:
        stack.check()
        saying()
        time.sleep(1)


def count(statuses: Collection[Status]) -> int | None:
    """How many applications are in these states; None while the database is away."""
    try:
        return Application.objects.filter(status__in=statuses).count()
    except (OperationalError, InterfaceError):
        connection.close()
        return None


def _saying(given: Run, text: Callable[[], str]) -> Callable[[], bool]:
    last = time.monotonic()

    def say() -> bool:
        nonlocal last
        if time.monotonic() - last > _SAY_EVERY:
            last = time.monotonic()
            given.say(text())
        return False

    return say


def _said(shape: Shape, *, brisk: bool) -> str:
    timings = "of seconds, for a quick look" if brisk else "the settings' defaults"
    every = f"{KILL_EVERY[0]:g} to {KILL_EVERY[1]:g} s"
    return (
        f"Web: {shape.web_workers} processes of {shape.web_threads} threads. Workers: {shape.delivering} of "
        f"{shape.threads} threads, and one with beat and the sweep; every {every} one of them is killed and started "
        f"again. {len(_ASSOCIATES)} associates submit without a break. `apply` takes {LATENCY[0]:g} to "
        f"{LATENCY[1]:g} s. The sandbox's check for a second application of the same person is off, so that each would "
        f"be accepted and counted. Timings are {timings}. Of a thousand first answers to `apply` "
        f"are spoilt: {', '.join(map(_spoilt, FAULTS))}."
    )


def _spoilt(fault: tuple[int, str, dict[str, object]]) -> str:
    share, name, more = fault
    return f"{share} {name} ({'processed' if more['processed'] else 'not processed'})"
