"""What would be done with one row, and what is wrong with one."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from merchants.models import Membership, Store


class Verb(TextChoices):
    CREATE = "create", _("Add")
    CHANGE = "change", _("Change")
    LEAVE = "leave", _("Unchanged")


class Wrong(Exception):
    """A row that is refused: by column name, what to do."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


@dataclass(frozen=True)
class Change:
    """A value that would become another; `label` is the heading, `before` is empty for what is new."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Step:
    """One row and what would be done. `values` are for the service; the row's store or membership if there is one."""

    line: int
    kind: str
    verb: Verb
    name: str
    changes: tuple[Change, ...] = ()
    values: dict[str, Any] = field(default_factory=dict, repr=False)
    store: Store | None = None
    membership: Membership | None = None

    @property
    def told(self) -> list[Any]:
        """What a person was shown of it, for the digest of the plan."""
        return [
            self.line,
            self.kind,
            self.verb,
            self.name,
            *((one.label, one.before, one.after) for one in self.changes),
        ]


def changes_between(labels: dict[str, str], before: dict[str, str], after: dict[str, str]) -> tuple[Change, ...]:
    """Those of the labelled values that differ, in their order."""
    names = [name for name in labels if before.get(name, "") != after.get(name, "")]
    return tuple(Change(labels[name], before.get(name, ""), after.get(name, "")) for name in names)
