"""The kinds of network and protocol fault, each with the ways in which it can happen."""

from collections.abc import Mapping
from dataclasses import dataclass

APPROVED, DECIDED_OTHERWISE = ("", "A-RR_L", "A-RR_H"), ("D-FRAUD", "D-NO_HIT", "P-CREDIT", "P-MISSING_INFO")
EITHER = APPROVED + DECIDED_OTHERWISE

# Ours, in seconds: short, so that silence is cheap, and long enough for an answer on a busy machine.
CONNECT, READ, TOTAL = 1.0, 1.5, 2.0
_AFTER_OUR_TIMEOUT = TOTAL + 1


@dataclass(frozen=True)
class Variant:
    """One way in which a fault happens. What `apply` meets is `fault`, staged at the lender, or a `door` (gate.py).

    keys: response keys of the applicants, which decide what the lender answers behind the fault.
    is_processed: whether the lender acts on it. is_clear: it is certain that nothing was sent, or the answer can be
    read, so that an unknown outcome would be a definite answer lost.
    """

    fault: str = ""
    is_processed: bool = False
    seconds: float | None = None
    door: str = ""
    is_clear: bool = False
    keys: tuple[str, ...] = EITHER

    def staged(self) -> dict[str, object]:
        """For the lender's control plane."""
        seconds = {} if self.seconds is None else {"seconds": self.seconds}
        return {"fault": self.fault, "processed": self.is_processed, **seconds}


def both(fault: str, **more: float) -> tuple[Variant, ...]:
    """The lender acted, or it did not: from here both look alike."""
    return Variant(fault, is_processed=True, **more), Variant(fault, **more)  # type: ignore[arg-type]


KINDS: Mapping[str, tuple[Variant, ...]] = {
    "connection refused": (Variant(door="closed", is_clear=True), Variant(door="closes", is_clear=True)),
    "reset before the request was read": (Variant("reset_before"),),
    "reset after the request": both("reset_after"),
    "half-open": both("half_open"),
    "slow drip": (
        *both("slow_drip", seconds=READ / 4),
        Variant("slow_drip", is_processed=True, seconds=0.0002, is_clear=True),  # slow, but in time
    ),
    "502 with HTML": both("bad_gateway_html"),
    "truncated JSON": both("truncated_json"),
    "wrong content type": both("wrong_content_type"),
    "200 with an error body": (
        *both("ok_with_error_body"),
        Variant("ok_without_account", is_processed=True, keys=DECIDED_OTHERWISE, is_clear=True),  # it says what it is
    ),
    "200 without an account": (
        Variant("ok_without_account", is_processed=True, keys=APPROVED),
        Variant("ok_without_account"),
    ),
    "duplicate keys": both("duplicate_keys"),
    "answer after our timeout": both("late_answer", seconds=_AFTER_OUR_TIMEOUT),
    "TLS failure": (Variant(door="untrusted", is_clear=True), Variant(door="turns untrusted", is_clear=True)),
}
NO_FAULT = "no fault"
