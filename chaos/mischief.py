"""What goes wrong during a run: workers killed, the broker emptied, PostgreSQL restarted, answers lost."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import redis

from chaos.stack import Stack

if TYPE_CHECKING:
    from chaos.drafts import Draft

KILL_EVERY = (0.5, 3.0)  # seconds, as docs/reliability.md promises
DATABASE_IS_AWAY = 2.0  # seconds between its end and its new start
_LOOK_EVERY = 0.05

# Faults of `apply` (docs/sandbox.md), and for how many of a thousand submissions. Both truths behind each kind of
# silence: the lender has the application, or it has not. The last answer for good after the client's 45 s.
FAULTS: Sequence[tuple[int, str, dict[str, object]]] = (
    (10, "reset_after", {"processed": True}),
    (5, "reset_after", {"processed": False}),
    (5, "cut_off", {"processed": True}),
    (5, "bad_gateway_html", {"processed": True}),
    (8, "bad_gateway_html", {"processed": False}),
    (2, "late_answer", {"processed": True, "seconds": 50}),
    (1, "silent", {"processed": False, "seconds": 60}),
)


def stage_faults(stack: Stack, drafts: Sequence["Draft"], chance: random.Random) -> int:
    """Spoil the first `apply` of some drafts; how many. Every kind happens at least once."""
    wanted = [(fault, more) for share, fault, more in FAULTS for _ in range(max(1, len(drafts) * share // 1000))]
    for draft, (fault, more) in zip(chance.sample(list(drafts), len(wanted)), wanted, strict=True):
        stack.lender.fail("apply", fault, reference_id=draft.reference_id, **more)
    return len(wanted)


# At which share of the submissions; each once.
BROKER_EMPTIED_AT = (0.1, 0.3, 0.5, 0.7, 0.9)
DATABASE_STOPPED_AT = (0.2, 0.8)
DATABASE_KILLED_AT = (0.55,)


@dataclass
class Mischief:
    """Disturbs a stack while a measure goes on. Call it from the main thread: it starts processes.

    brisk: the broker is emptied once and the database killed once, for a moment.
    """

    stack: Stack
    chance: random.Random
    workers: Sequence[str]
    brisk: bool = False
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        plans = [
            *((share, self.empty_broker) for share in BROKER_EMPTIED_AT),
            *((share, self.stop_database) for share in DATABASE_STOPPED_AT),
            *((share, self.kill_database) for share in DATABASE_KILLED_AT),
        ]
        if self.brisk:
            plans = [(0.3, self.kill_database), (0.7, self.empty_broker)]
        self._planned = sorted(plans, key=lambda plan: plan[0])

    def go_on_until(self, is_over: Callable[[], bool], progress: Callable[[], float]) -> None:
        """Kill and disturb until `is_over`; `progress` tells the share that is done, 0 to 1."""
        next_kill = time.monotonic() + self.chance.uniform(*KILL_EVERY)
        while not is_over():
            if time.monotonic() >= next_kill:
                self.kill_a_worker()
                next_kill = time.monotonic() + self.chance.uniform(*KILL_EVERY)
            while self._planned and progress() >= self._planned[0][0]:
                self._planned.pop(0)[1]()
            self.stack.check()
            time.sleep(_LOOK_EVERY)

    def kill_a_worker(self) -> None:
        """SIGKILL for a whole worker: its process and whatever it has started."""
        with suppress(ProcessLookupError):
            os.killpg(self.stack.worker(self.chance.choice(self.workers)), signal.SIGKILL)
            self.done["workers killed"] += 1

    def empty_broker(self) -> None:
        """FLUSHDB of the broker's database: every message is gone, those being worked on included."""
        with redis.Redis(unix_socket_path=str(self.stack.valkey.socket), db=0) as broker:
            broker.flushdb()
        self.done["times the broker was emptied"] += 1

    def stop_database(self) -> None:
        """PostgreSQL is restarted; clients are cut off in mid-sentence."""
        self._restart(self.stack.database.stop)
        self.done["PostgreSQL restarts"] += 1

    def kill_database(self) -> None:
        """PostgreSQL is killed and recovers."""
        self._restart(self.stack.database.kill)
        self.done["of these after SIGKILL"] += 1
        self.done["PostgreSQL restarts"] += 1

    def _restart(self, end: Callable[[], None]) -> None:
        end()
        self.kill_a_worker()
        time.sleep(0.2 if self.brisk else DATABASE_IS_AWAY)
        self.stack.database.start()
