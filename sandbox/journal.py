"""What arrived: every API request in order, and what came of the `apply` calls of each reference id."""

import hashlib
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Any

Json = dict[str, Any]

KEPT = 10_000
APPROVED = "approved"
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


@dataclass
class Flow:
    """The `apply` calls of one reference id. `decided` has one entry per accepted call: `APPROVED` or an error code."""

    received: int = 0
    accepted: int = 0
    decided: list[str] = field(default_factory=list)
    person: str = ""


class Journal:
    """The last ten thousand requests and every flow since the start or the last reset. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._arrivals: deque[Arrival] = deque(maxlen=KEPT)
        self._flows: dict[str, Flow] = {}

    def arrived(self, arrival: Arrival) -> None:
        """Record a request before anything else is done with it."""
        with self._lock:
            self._arrivals.append(arrival)
            if arrival.endpoint == "apply":
                self._flow(arrival.reference_id).received += 1

    def read(self, arrival: Arrival, body: Mapping[str, Any]) -> None:
        """Record what a request says; of an application also whom it is about."""
        arrival.body = body
        if arrival.endpoint == "apply":
            with self._lock:
                self._flow(arrival.reference_id).person = person_digest(body)

    def accepted(self, reference_id: str) -> None:
        """An application passed every input check and is adjudicated, whatever will be decided."""
        with self._lock:
            self._flow(reference_id).accepted += 1

    def decided(self, reference_id: str, decision: str) -> None:
        """What an accepted application came to: `APPROVED` or an error code."""
        with self._lock:
            self._flow(reference_id).decided.append(decision)

    def applies(self) -> dict[str, dict[str, int]]:
        """Reference id to {"received": n, "accepted": n}."""
        with self._lock:
            return {of: {"received": flow.received, "accepted": flow.accepted} for of, flow in self._flows.items()}

    def flows(self) -> dict[str, Json]:
        """Reference id to counts, decisions and person."""
        with self._lock:
            return {of: asdict(flow) for of, flow in self._flows.items()}

    def requests(self, reference_id: str | None, bodies: bool) -> list[Json]:
        """The requests, oldest first, optionally of one reference id."""
        with self._lock:
            arrivals = list(self._arrivals)
        return [a.as_json(bodies) for a in arrivals if reference_id is None or a.reference_id == reference_id]

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self._arrivals.clear()
            self._flows.clear()

    def _flow(self, reference_id: str) -> Flow:
        return self._flows.setdefault(reference_id, Flow())


def person_digest(application: Mapping[str, Any]) -> str:
    """The same for the same names and date of birth; names stay out of what the control plane tells."""
    said = (str(application.get(name, "")).strip().casefold() for name in ("first_name", "last_name", "dob"))
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]
