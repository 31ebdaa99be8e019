"""What arrived: every API request in order, and how many `apply` came and were adjudicated per reference id."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

Json = dict[str, Any]

KEPT = 10_000
_NEVER_SHOWN = {"client_secret", "refresh_token", "merchant_password"}


@dataclass
class Arrival:
    """One request. `status` is None until it is answered, and stays None when a fault leaves it without an answer."""

    method: str
    path: str
    endpoint: str
    reference_id: str
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    status: int | None = None
    fault: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None

    def as_json(self, bodies: bool) -> Json:
        """For the control plane; values of query and body are replaced by their lengths unless `bodies`."""
        return {
            "method": self.method,
            "path": self.path,
            "endpoint": self.endpoint,
            "reference_id": self.reference_id,
            "status": self.status,
            "fault": self.fault,
            "at": self.at.isoformat(),
            "query": _shown(self.query, bodies),
            "body": _shown(self.body, bodies) if self.body is not None else None,
        }


def _shown(values: Mapping[str, Any], bodies: bool) -> Json:
    return {name: value if bodies and name not in _NEVER_SHOWN else len(str(value)) for name, value in values.items()}


class Journal:
    """The last ten thousand requests and the `apply` counts since the start or the last reset. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrivals: deque[Arrival] = deque(maxlen=KEPT)
        self._applies: dict[str, dict[str, int]] = {}

    def arrived(self, arrival: Arrival) -> None:
        """Record a request before anything else is done with it."""
        with self._lock:
            self._arrivals.append(arrival)
            if arrival.endpoint == "apply":
                self._counts(arrival.reference_id)["received"] += 1

    def accepted(self, reference_id: str) -> None:
        """An application passed every input check and was adjudicated, whatever was decided."""
        with self._lock:
            self._counts(reference_id)["accepted"] += 1

    def applies(self) -> dict[str, dict[str, int]]:
        """Reference id to {"received": n, "accepted": n}."""
        with self._lock:
            return {reference_id: dict(counts) for reference_id, counts in self._applies.items()}

    def requests(self, reference_id: str | None, bodies: bool) -> list[Json]:
        """The requests, oldest first, optionally of one reference id."""
        with self._lock:
            arrivals = list(self._arrivals)
        return [a.as_json(bodies) for a in arrivals if reference_id is None or a.reference_id == reference_id]

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._arrivals.clear()
            self._applies.clear()

    def _counts(self, reference_id: str) -> dict[str, int]:
        return self._applies.setdefault(reference_id, {"received": 0, "accepted": 0})
