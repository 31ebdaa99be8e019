"""Submitting at a steady rate, as many stores do together, whatever each submission takes."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import count

from chaos.associates import Associate, NotAcknowledged
from chaos.drafts import Draft


class Paced:
    """Associates who submit `per_second` drafts together. A portal that is slower gets them later, none is left out."""

    def __init__(self, url: str, usernames: Sequence[str], drafts: Sequence[Draft], *, per_second: float) -> None:
        self._associates = [Associate(url, name) for name in usernames]
        self._drafts, self._per_second = drafts, per_second
        self._turn, self._lock = count(), threading.Lock()
        self._threads: list[threading.Thread] = []
        self.acknowledged: list[Draft] = []
        self.errors = 0
        self.began = self.ended = 0.0

    def start(self) -> None:
        """Sign everybody in, one after the other, then let them begin together."""
        for associate in self._associates:
            associate.sign_in()
            associate.close()  # the web server keeps an idle connection for two seconds only
        self._threads = [threading.Thread(target=self._work, args=(one,), daemon=True) for one in self._associates]
        self.began = time.monotonic()
        for thread in self._threads:
            thread.start()

    @property
    def is_over(self) -> bool:
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def rate(self) -> float:
        """Acknowledged per second, from the first click to the last acknowledgement."""
        return len(self.acknowledged) / max(self.ended - self.began, 0.001)

    def _work(self, associate: Associate) -> None:
        while True:
            with self._lock:
                turn = next(self._turn)
            if turn >= len(self._drafts):
                break
            time.sleep(max(0.0, self.began + turn / self._per_second - time.monotonic()))
            with suppress(NotAcknowledged):
                associate.submit(self._drafts[turn])
                self.acknowledged.append(self._drafts[turn])
                self.ended = time.monotonic()
        self.errors += associate.errors
        associate.close()
