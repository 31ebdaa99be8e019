"""What has been answered so far: a typed view of the one encrypted column of an application.

Saved values are in wire form under the API's own field names: money as a decimal string, dates as YYYY-MM-DD, phones as
ten digits, postal codes as six characters (contract §6.1).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Self

from applications.page_text import printable

Values = dict[str, Any]

# Gone once a final answer has arrived (design.md §4).
SENSITIVE_FIELDS = frozenset({"sin", "security_answer", "piw", "govid_number"})


@dataclass(frozen=True)
class Answers:
    """Immutable: every change is a new value, so a half-made change can never be saved."""

    saved: Mapping[str, Values] = field(default_factory=dict)
    typed: Mapping[str, Values] = field(default_factory=dict)
    scanned: frozenset[str] = frozenset()
    corrections: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            saved=data.get("saved", {}),
            typed=data.get("typed", {}),
            scanned=frozenset(data.get("scanned", ())),
            corrections=data.get("corrections", {}),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "saved": dict(self.saved),
            "typed": dict(self.typed),
            "scanned": sorted(self.scanned),
            "corrections": dict(self.corrections),
        }

    def flat(self) -> Values:
        """Every saved answer under its API field name."""
        return {name: value for values in self.saved.values() for name, value in values.items()}

    @property
    def province(self) -> str:
        return str(self.saved.get("start", {}).get("province", ""))

    @property
    def amount(self) -> Decimal | None:
        """The amount requested, in dollars."""
        asked = self.saved.get("start", {}).get("amount_requested")
        return Decimal(asked) if asked else None

    def of_step(self, step: str) -> Values:
        """What the step's form starts from: saved answers, overlaid by what was typed since."""
        return {**self.saved.get(step, {}), **self.typed.get(step, {})}

    def with_step(self, step: str, values: Values, asked: Iterable[str]) -> Self:
        """The step answered: what was typed is over, and so are complaints about any of the fields it asks."""
        return replace(
            self,
            saved={**self.saved, step: values},
            typed=_without(self.typed, {step}),
            corrections=_without(self.corrections, asked),
        )

    def with_language(self, language: str) -> Self:
        """The customer's language changed elsewhere than on its step: everything else stays as it is."""
        return replace(
            self,
            saved=_with_language(self.saved, language),
            typed=_with_language(self.typed, language),
            corrections=_without(self.corrections, {"language"}),
        )

    def with_typed(self, step: str, typed: Values) -> Self:
        """Text that cannot be saved yet, kept as the pages that show it can hold it."""
        kept = {name: printable(text) for name, text in typed.items()}
        return replace(self, typed={**self.typed, step: kept})

    def with_scan(self, by_step: Mapping[str, Values]) -> Self:
        """A licence was read: its values wait in the forms, marked, for the associate to look over."""
        typed = {**self.typed, **{step: {**self.of_step(step), **values} for step, values in by_step.items()}}
        names = frozenset(name for values in by_step.values() for name in values)
        return replace(self, typed=typed, scanned=names)

    def with_corrections(self, corrections: Mapping[str, str]) -> Self:
        return replace(self, corrections=corrections)

    def without_sensitive(self) -> Self:
        """What may stay after a final answer."""
        return type(self)(
            saved={step: _without(values, SENSITIVE_FIELDS) for step, values in self.saved.items()},
            scanned=self.scanned,
        )


def full_name(identity: Values) -> str:
    """First and last name, as far as the answers of the identity step have them."""
    return " ".join(str(identity[part]) for part in ("first_name", "last_name") if identity.get(part))


def _with_language(by_step: Mapping[str, Values], language: str) -> dict[str, Values]:
    return {
        step: {**values, "language": language} if "language" in values else values for step, values in by_step.items()
    }


def _without(mapping: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    dropped = set(names)
    return {name: value for name, value in mapping.items() if name not in dropped}
