"""Submitting drafts from several associates at once, as fast as the portal takes them."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from chaos.associates import Associate, NotAcknowledged
from chaos.drafts import Draft


@dataclass
class Submitting:
    """Client threads that take draft after draft. What the portal acknowledged is in `acknowledged`, with the seconds
    from the first click."""

    url: str
    usernames: Sequence[str]
    drafts: Sequence[Draft]
    acknowledged: dict[Draft, float] = field(default_factory=dict)
    errors: int = 0
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Sign everybody in, one after the other, then let them begin together."""
        waiting: SimpleQueue[Draft] = SimpleQueue()
        for draft in self.drafts:
            waiting.put(draft)
        associates = [Associate(self.url, name) for name in self.usernames]
        for associate in associates:
            associate.sign_in()
        self._threads = [threading.Thread(target=self._work, args=(one, waiting), daemon=True) for one in associates]
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    def _work(self, associate: Associate, waiting: "SimpleQueue[Draft]") -> None:
        with suppress(Empty):
            while True:
                draft = waiting.get_nowait()
                began = time.monotonic()
                with suppress(NotAcknowledged):
                    associate.submit(draft)
                    self.acknowledged[draft] = time.monotonic() - began
        self.errors += associate.errors
