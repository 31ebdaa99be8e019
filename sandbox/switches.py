"""Switches: one default for every contradiction in the vendor's pages, and a way to choose the other reading.

The defaults are those of contract §15; docs/sandbox.md has the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from threading import Lock
from typing import Any

_ALLOWED: Mapping[str, tuple[Any, ...]] = {
    "decision_status": (409, 200),
    "address_rule": ("later", "doc_002", "doc_002_strict"),
    "answer_types": ("doc_002", "later"),
    "input_errors": ("doc_002", "error_page"),
    "pending_codes": ("doc_002", "numbered"),
    "wrong_scope_status": (403, 401),
    "search_without_match": (404, 200),
    "close_again_status": (200, 404),
    "debt_ratio_unit": ("percent", "fraction"),
}


@dataclass(frozen=True)
class Switches:
    """How this instance reads what the vendor's pages leave open. Immutable; `changed` gives a new set."""

    decision_status: int = 409
    address_rule: str = "later"
    answer_types: str = "doc_002"
    input_errors: str = "doc_002"
    pending_codes: str = "doc_002"
    reference_id_required: bool = True
    wrong_scope_status: int = 403
    refresh_tokens_rotate: bool = True
    refresh_after_expiry: bool = False
    i18n_accepts_post: bool = False
    response_keys: bool = True
    standard_account: bool = False
    duplicate_check: bool = True
    sin_check_digit: bool = False
    ascii_only: bool = False
    offer_types_everywhere: bool = False
    business_accounts: bool = False
    registered_locations: tuple[str, ...] = ()
    search_without_match: int = 404
    close_outside_quebec: bool = False
    close_again_status: int = 200
    debt_ratio_unit: str = "percent"
    terms_revision: int = 1

    def changed(self, **changes: Any) -> "Switches":
        """A copy with `changes`. Raises ValueError for an unknown name or a value that cannot be."""
        for name, value in changes.items():
            _check(name, value, getattr(self, name, None))
        if "registered_locations" in changes:
            changes["registered_locations"] = tuple(changes["registered_locations"])
        return replace(self, **changes)

    def as_json(self) -> dict[str, Any]:
        """Every switch and its value."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


def _check(name: str, value: Any, present: Any) -> None:
    if present is None:
        raise ValueError(f"there is no switch {name!r}")
    if name in _ALLOWED:
        if value not in _ALLOWED[name] or isinstance(value, bool):
            raise ValueError(f"{name} must be one of {_ALLOWED[name]}")
    elif isinstance(present, tuple):
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ValueError(f"{name} must be a list of strings")
    elif type(value) is not type(present):
        raise ValueError(f"{name} must be a {type(present).__name__}")


class Switchboard:
    """The switches in force, safe to read and change from many threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now = Switches()

    @property
    def now(self) -> Switches:
        """The switches in force."""
        return self._now

    def change(self, **changes: Any) -> Switches:
        """Apply `changes` on top of what is in force. Raises ValueError (see `Switches.changed`)."""
        with self._lock:
            self._now = self._now.changed(**changes)
            return self._now

    def reset(self) -> None:
        """Back to the defaults."""
        with self._lock:
            self._now = Switches()
