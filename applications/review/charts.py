"""Where the marks of a chart stand: geometry in units of the drawing, which a template writes as SVG (review/charts/).

A chart has no numbers of its own: whoever draws one sets the same figures in a table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor, log10

WIDTH = 720
_HEIGHT = 264  # of the field in which columns and lines stand
_TOP, _LEFT = 40, 44  # room for the highest label and for the numbers of the scale
_MOST_LABELS = 8
_NARROW = 60  # a column under which its own name does not fit


@dataclass(frozen=True)
class Mark:
    """A rectangle. `kind` names its fill."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


@dataclass(frozen=True)
class Label:
    """Words in a drawing, `anchor` as SVG has it. A minor one is left out where there is little room."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    is_minor: bool = False


@dataclass(frozen=True)
class Chart:
    """What a template draws."""

    height: float
    marks: list[Mark]
    labels: list[Label]
    rules: list[Label] = field(default_factory=list)  # lines of the scale at `y`, with what they stand for
    line: list[tuple[float, float]] = field(default_factory=list)
    width: int = WIDTH

    @property
    def points(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.line)


def columns(names: Sequence[str], stacks: Sequence[Sequence[int]], kinds: Sequence[str]) -> Chart:
    """A column for each name, its parts stacked from the bottom up in the order of `kinds`."""
    top = round_up(max((sum(stack) for stack in stacks), default=0))
    across = (WIDTH - _LEFT) / max(1, len(names))
    wide = min(across * 0.72, 56.0)
    marks = []
    for place, stack in enumerate(stacks):
        x, y = _LEFT + (place + 0.5) * across - wide / 2, float(_TOP + _HEIGHT)
        for number, kind in zip(stack, kinds, strict=True):
            tall = number / top * _HEIGHT
            y -= tall
            if number:
                marks.append(_mark(x, y, wide, tall, kind))
    return Chart(_TOP + _HEIGHT + 40, marks, _names(names, across), _rules(top))


def line(names: Sequence[str], shares: Sequence[float | None], scale: Sequence[str]) -> Chart:
    """Shares of one over time, as a line with a point for each; where there is none, the line goes on to the next.

    `scale` is what stands at nothing, at one half and at one.
    """
    across = (WIDTH - _LEFT) / max(1, len(names))
    points = [
        (round(_LEFT + (place + 0.5) * across, 1), round(_TOP + (1 - share) * _HEIGHT / 2, 1))
        for place, share in enumerate(shares)
        if share is not None
    ]
    foot = _TOP + _HEIGHT / 2
    rules = [Label(0, round(foot - n * _HEIGHT / 4, 1), text) for n, text in enumerate(scale)]
    return Chart(foot + 40, [], _names(names, across, foot), rules, points)


def bars(names: Sequence[str], values: Sequence[float], told: Sequence[str], *, until: Sequence[float] = ()) -> Chart:
    """A bar for each name, the longest as wide as the drawing; `until` draws a thin line on to a second value.

    The words stand above their bar, so that they have room on a narrow screen as well.
    """
    longest = max([*values, *until], default=0) or 1
    marks, labels, row = [], [], 62
    for place, (name, value, words) in enumerate(zip(names, values, told, strict=True)):
        y = place * row
        labels += [Label(0, y + 24, name), Label(WIDTH, y + 24, words, "end")]
        marks.append(_mark(0, y + 34, WIDTH, 16, "trough"))
        if until:
            marks.append(_mark(0, y + 40, until[place] / longest * WIDTH, 4, "reach"))
        marks.append(_mark(0, y + 34, value / longest * WIDTH, 16, "approved"))
    return Chart(row * len(names), marks, labels)


def strip(parts: Sequence[int], kinds: Sequence[str], *, width: int = WIDTH, height: int = 40) -> Chart:
    """One bar, divided into its parts."""
    whole, x, marks = sum(parts) or 1, 0.0, []
    for number, kind in zip(parts, kinds, strict=True):
        wide = number / whole * width
        if number:
            marks.append(_mark(x, 0, wide, height, kind))
        x += wide
    return Chart(height, marks, [], width=width)


def round_up(number: int) -> int:
    """The end of a scale: the next 1, 2, 4, 6, 8 or 10 of its power of ten, so that half of it is whole as well."""
    if number <= 2:
        return 2
    unit = int(10 ** floor(log10(number)))
    return next(step * unit for step in (1, 2, 4, 6, 8, 10) if step * unit >= number)


def _mark(x: float, y: float, width: float, height: float, kind: str) -> Mark:
    return Mark(round(x, 1), round(y, 1), round(width, 1), round(height, 1), kind)


def _rules(top: int) -> list[Label]:
    """The foot, the middle and the end of the scale."""
    parts = (0, top // 2, top)
    return [Label(0, round(_TOP + _HEIGHT * (1 - part / top), 1), str(part)) for part in parts]


def _names(names: Sequence[str], across: float, foot: float = _TOP + _HEIGHT) -> list[Label]:
    """As many as have room, evenly; of these every third is kept where there is little room, the last one always."""
    every = -(-len(names) // _MOST_LABELS) or 1
    shown = range((len(names) - 1) % every, len(names), every)
    labels = [
        Label(round(_LEFT + (place + 0.5) * across, 1), foot + 26, names[place], "middle", (len(shown) - n) % 3 != 1)
        for n, place in enumerate(shown)
    ]
    if across < _NARROW and labels:
        labels[-1] = Label(WIDTH, foot + 26, names[-1], "end")
    return labels
