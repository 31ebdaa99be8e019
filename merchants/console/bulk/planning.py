"""From a file to what would be done with each row, or to why the whole of it is refused. Nothing is written."""

import hashlib
import json
from collections import Counter as Tally
from dataclasses import dataclass

from django.utils.translation import gettext as _

from merchants.console.bulk.columns import COLUMNS, KINDS, PERSON, STORE, folded
from merchants.console.bulk.people_rows import plan_person
from merchants.console.bulk.reading import Problem, Row, Sheet, Unreadable, read
from merchants.console.bulk.standing import Standing
from merchants.console.bulk.steps import Step, Verb, Wrong
from merchants.console.bulk.store_rows import plan_store
from merchants.models import Merchant, User


@dataclass(frozen=True)
class Plan:
    """What a file would do. With one problem nothing of it is done."""

    merchant: Merchant
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...]

    @property
    def is_refused(self) -> bool:
        return bool(self.problems)

    @property
    def does_something(self) -> bool:
        return any(step.verb != Verb.LEAVE for step in self.steps)

    @property
    def counts(self) -> Tally[tuple[str, str]]:
        """How many rows of a kind do what."""
        return Tally((step.kind, step.verb.value) for step in self.steps)

    @property
    def digest(self) -> str:
        """Another one as soon as anything that was shown would be different."""
        told = [str(self.merchant.pk), *(step.told for step in self.steps)]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def plan(merchant: Merchant, text: str, *, by: User) -> Plan:
    """What this text would do now. Stores come first, wherever they stand: people may work in them."""
    try:
        sheet = read(text)
    except Unreadable as unreadable:
        return Plan(merchant, (), tuple(unreadable.problems))
    standing = Standing(merchant, by=by)
    steps: list[Step] = []
    problems: list[Problem] = []
    for kind in (STORE, PERSON, ""):
        for row in sheet.rows:
            if _kind(row) == kind:
                _plan_row(row, kind, sheet, standing, steps, problems)
    return Plan(
        merchant,
        tuple(sorted(steps, key=lambda step: step.line)),
        tuple(sorted(problems, key=lambda problem: problem.line)),
    )


def _plan_row(
    row: Row, kind: str, sheet: Sheet, standing: Standing, steps: list[Step], problems: list[Problem]
) -> None:
    try:
        _refuse_what_is_not_of(kind, row)
        planned = plan_store if kind == STORE else plan_person
        steps.append(planned(row, standing, _labels(sheet)))
    except Wrong as wrong:
        problems += [Problem(row.line, sheet.headings.get(name, name), text) for name, text in wrong.problems.items()]


def _kind(row: Row) -> str:
    return KINDS.get(folded(row.values.get("kind", "")), "")


def _refuse_what_is_not_of(kind: str, row: Row) -> None:
    """A city beside a person is a slip of the mouse, and nobody knows which of the two was meant."""
    if not kind:
        raise Wrong({"kind": _("Give store or person.")})
    strange = [column.name for column in COLUMNS if kind not in column.of and row.values.get(column.name)]
    if strange:
        raise Wrong(dict.fromkeys(strange, _("This belongs to the other kind of line. Empty it, or correct the kind.")))


def _labels(sheet: Sheet) -> dict[str, str]:
    """The file's own headings in their order; for columns it does not have, ours."""
    return {
        column.name: sheet.headings.get(column.name, column.headings[0]) for column in COLUMNS if column.name != "kind"
    }
