"""The figures of a dashboard as rows of its tables, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.journey.steps import FORM_STEPS
from applications.numerals import change, counted, duration, percent
from applications.review.charts import Chart, strip
from applications.review.figures import Summary
from applications.review.outcomes import Group, Layer, Outcomes, layer_of
from applications.review.waits import Waits

# Bounds of the distribution of the time to a decision, in seconds.
BOUNDS = (2, 5, 10, 30, 60, 300)


@dataclass(frozen=True)
class Figure:
    """One number to look at first, and what it was in the days before."""

    label: str
    value: str
    before: str
    change: str = ""


@dataclass(frozen=True)
class Row:
    """A line of a table: its name, its numbers, and the fill it is drawn with."""

    name: str
    cells: list[str]
    kind: str = ""
    strip: Chart | None = None


def key_figures(now: Summary, before: Summary) -> list[Figure]:
    """What a manager looks at first."""
    pairs = [
        (pgettext("applications", "Started"), now.outcomes.started, before.outcomes.started),
        (pgettext("applications", "Submitted"), now.outcomes.submitted, before.outcomes.submitted),
        (pgettext("applications", "Approved"), now.outcomes.of(Group.APPROVED), before.outcomes.of(Group.APPROVED)),
    ]
    return [
        *(Figure(label, counted(one), counted(other), change(one, other)) for label, one, other in pairs),
        Figure(_("Approval rate"), percent(now.outcomes.approval_rate), percent(before.outcomes.approval_rate)),
        Figure(_("Median time to a decision"), duration(now.decisions.median), duration(before.decisions.median)),
        Figure(_("19 of 20 decided within"), duration(now.decisions.p95), duration(before.decisions.p95)),
    ]


def outcome_rows(now: Outcomes, before: Outcomes) -> list[Row]:
    """Every group that occurs now or occurred before, with its share of what was started."""
    return [
        Row(
            str(group.label),
            [counted(now.of(group)), percent(_share(now.of(group), now.started)), counted(before.of(group))],
            layer_of(group).value,
        )
        for group in Group
        if now.of(group) or before.of(group)
    ]


def comparison_row(name: str, outcomes: Outcomes) -> Row:
    """One slice of time, person, language or store beside the others."""
    unclear = outcomes.of(Group.UNKNOWN, Group.NO_ACCOUNT)
    numbers = [
        outcomes.started,
        outcomes.submitted,
        outcomes.of(Group.APPROVED),
        outcomes.of(Group.DECLINED),
        outcomes.of(Group.PENDING),
        unclear,
    ]
    drawn = strip(outcomes.layers, Layer.values, width=240, height=16)
    return Row(name, [*map(counted, numbers), percent(outcomes.approval_rate)], strip=drawn)


def comparison_rows(parts: Iterable[tuple[str, Outcomes]]) -> list[Row]:
    return [comparison_row(name, outcomes) for name, outcomes in parts]


def wait_names() -> list[str]:
    """How long, in the words of a distribution."""
    within = [_("up to %(time)s") % {"time": _bound(bound)} for bound in BOUNDS]
    return [*within, pgettext("durations", "longer")]


def _bound(seconds: int) -> str:
    if seconds >= 60:
        return _("%(minutes)s min") % {"minutes": seconds // 60}
    return _("%(seconds)s s") % {"seconds": seconds}


def wait_rows(waits: Waits) -> list[Row]:
    numbers = zip(wait_names(), waits.within(BOUNDS), strict=True)
    return [Row(name, [counted(number), percent(_share(number, waits.number))]) for name, number in numbers]


def steps_in_order(steps: Mapping[str, Waits]) -> list[tuple[str, Waits]]:
    """The steps that were saved, by their titles."""
    return [(str(step.title), steps[step.name]) for step in FORM_STEPS if step.name in steps]


def step_rows(steps: Iterable[tuple[str, Waits]]) -> list[Row]:
    """How often each was saved, and how long it took."""
    return [Row(title, [counted(one.number), duration(one.median), duration(one.p95)]) for title, one in steps]


def abandoned_places(abandoned: Mapping[str, int]) -> list[tuple[str, int]]:
    """How many drafts ended after which step, in the order of the steps."""
    places = [("", _("Nothing was saved")), *((step.name, str(step.title)) for step in FORM_STEPS)]
    return [(title, abandoned[name]) for name, title in places if abandoned.get(name)]


def abandoned_rows(places: list[tuple[str, int]]) -> list[Row]:
    whole = sum(number for _title, number in places)
    return [Row(title, [counted(number), percent(_share(number, whole))]) for title, number in places]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
