"""Faults that can be staged: what each one does, and the queue the control plane fills.

`processed` says whether the request takes effect behind the fault; it can be set per fault, so that a lost answer and a
lost request look alike from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from sandbox.errors import BUSINESS_ERRORS

Json = dict[str, Any]

ENDPOINTS = (
    "token", "i18n", "login", "terms", "driverslicense", "apply", "close", "close_account", "search", "lookup",
)  # fmt: skip


@dataclass(frozen=True)
class FaultKind:
    """`group` picks the module that stages it: "socket", "answer" (replaces or spoils it), or "listener"."""

    group: str
    processed: bool
    seconds: float = 0


_DECISIONS = ("application_declined", "application_marked_pending", "customer_already_exists")

KINDS: Mapping[str, FaultKind] = {
    "reset_before": FaultKind("socket", processed=False),
    "reset_after": FaultKind("socket", processed=True),
    "close_after": FaultKind("socket", processed=True),
    "silent": FaultKind("socket", processed=True, seconds=120),
    "half_open": FaultKind("socket", processed=True, seconds=120),
    "cut_off": FaultKind("socket", processed=True),
    "slow_drip": FaultKind("socket", processed=True, seconds=0.5),
    "late_answer": FaultKind("answer", processed=True, seconds=20),
    "truncated_json": FaultKind("answer", processed=True),
    "duplicate_keys": FaultKind("answer", processed=True),
    "wrong_content_type": FaultKind("answer", processed=True),
    "empty_body": FaultKind("answer", processed=True),
    "oversized": FaultKind("answer", processed=True),
    "not_an_object": FaultKind("answer", processed=True),
    "ok_without_account": FaultKind("answer", processed=True),
    "ok_with_error_body": FaultKind("answer", processed=False),
    "hostile_html": FaultKind("answer", processed=False),
    "redirect": FaultKind("answer", processed=False),
    "unknown_code": FaultKind("answer", processed=False),
    "wrong_inputs": FaultKind("answer", processed=False),
    "invalid_token": FaultKind("answer", processed=False),
    "expired_token": FaultKind("answer", processed=False),
    "unauthorized": FaultKind("answer", processed=False),
    "invalid_client": FaultKind("answer", processed=False),
    "invalid_request": FaultKind("answer", processed=False),
    "insufficient_scope": FaultKind("answer", processed=False),
    "blocked_465": FaultKind("answer", processed=False),
    "blocked_466": FaultKind("answer", processed=False),
    "blocked_467": FaultKind("answer", processed=False),
    "internal_error": FaultKind("answer", processed=False),
    "error_code_in_500": FaultKind("answer", processed=False),
    "bad_gateway_html": FaultKind("answer", processed=False),
    "service_unavailable": FaultKind("answer", processed=False),
    "gateway_timeout_504": FaultKind("answer", processed=True),
    "refuse": FaultKind("listener", processed=False, seconds=5),
    **{code: FaultKind("answer", processed=False) for code in BUSINESS_ERRORS},
}


@dataclass(frozen=True)
class Fault:
    """A staged fault: the next `times` requests of `endpoint` ("*" for all), after letting `skip` pass.

    `reference_id` limits it to one flow; `seconds` is how long a silence, delay or drip interval lasts;
    `field_errors` and `message` go into the answers that have them.
    """

    name: str
    endpoint: str = "*"
    times: int = 1
    skip: int = 0
    reference_id: str = ""
    processed: bool = False
    seconds: float = 0
    field_errors: tuple[tuple[str, str], ...] = (("phone_number", "required"),)
    message: str = ""

    @property
    def kind(self) -> FaultKind:
        """Its row in the table."""
        return KINDS[self.name]

    @property
    def is_a_decision(self) -> bool:
        """A staged decline, pending or existing customer counts as adjudicated, though nothing is opened."""
        return self.name.startswith(_DECISIONS)

    def matches(self, endpoint: str, reference_id: str) -> bool:
        """Whether this request is one it waits for."""
        return self.endpoint in ("*", endpoint) and self.reference_id in ("", reference_id)

    def as_json(self) -> Json:
        """For the control plane."""
        return {
            "fault": self.name,
            "endpoint": self.endpoint,
            "times": self.times,
            "skip": self.skip,
            "reference_id": self.reference_id,
            "processed": self.processed,
            "seconds": self.seconds,
        }


def read_fault(wanted: Mapping[str, Any]) -> Fault:
    """A fault from the control plane's JSON. Raises ValueError naming what is wrong."""
    name, endpoint = wanted.get("fault"), wanted.get("endpoint", "*")
    if not isinstance(name, str) or name not in KINDS:
        raise ValueError(f"unknown fault {name!r}; known: {', '.join(sorted(KINDS))}")
    if endpoint not in ("*", *ENDPOINTS):
        raise ValueError(f"unknown endpoint {endpoint!r}; known: *, {', '.join(ENDPOINTS)}")
    unknown = set(wanted) - _MEMBERS
    if unknown:
        raise ValueError(f"unknown members: {', '.join(sorted(unknown))}")
    kind = KINDS[name]
    errors = wanted.get("field_errors") or [{"param": "phone_number", "msg": "required"}]
    return Fault(
        name=name,
        endpoint=endpoint,
        times=int(wanted.get("times", 1)),
        skip=int(wanted.get("skip", 0)),
        reference_id=str(wanted.get("reference_id", "")),
        processed=bool(wanted.get("processed", kind.processed)),
        seconds=float(wanted.get("seconds", kind.seconds)),
        field_errors=tuple((str(e["param"]), str(e["msg"])) for e in errors),
        message=str(wanted.get("message", "")),
    )


_MEMBERS = {
    "fault", "endpoint", "times", "skip", "reference_id", "processed", "seconds", "field_errors", "message",
}  # fmt: skip


class FaultQueue:
    """Faults waiting for their request, first come first served. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Wait for the fault's next requests."""
        with self._lock:
            self._waiting.append(fault)

    def take(self, endpoint: str, reference_id: str) -> Fault | None:
        """The fault for this request, if any; it is used up once."""
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.matches(endpoint, reference_id):
                    return self._use(index, fault)
        return None

    def waiting(self) -> list[Fault]:
        """What has not happened yet."""
        with self._lock:
            return list(self._waiting)

    def clear(self) -> None:
        """Nothing will go wrong any more."""
        with self._lock:
            self._waiting.clear()

    def _use(self, index: int, fault: Fault) -> Fault | None:
        if fault.skip:
            self._waiting[index] = replace(fault, skip=fault.skip - 1)
            return None
        if fault.times > 1:
            self._waiting[index] = replace(fault, times=fault.times - 1)
        else:
            del self._waiting[index]
        return fault
