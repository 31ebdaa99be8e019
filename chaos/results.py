"""Figures with their demands, and the file that keeps them: docs/reliability.md is written from those files alone."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Value = int | float | str

RESULTS = Path(__file__).resolve().parent.parent / "var" / "chaos"


@dataclass(frozen=True)
class Figure:
    """One line of a result. `reached` is None where nothing is demanded."""

    name: str
    value: Value
    demand: str = ""
    reached: bool | None = None


def told(name: str, value: Value) -> Figure:
    """A figure without a demand."""
    return Figure(name, value)


def must_be(name: str, value: Value, wanted: Value) -> Figure:
    return Figure(name, value, str(wanted), value == wanted)


def at_most(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, f"≤ {limit:g}", value <= limit)


def at_least(name: str, value: float, limit: float) -> Figure:
    return Figure(name, value, f"≥ {limit:g}", value >= limit)


@dataclass(frozen=True)
class Result:
    """One run of one measure. `size` counts `unit`; `seconds` is the whole run; `notes` say what the figures need."""

    measure: str
    title: str
    unit: str
    size: int
    seed: int
    command: str
    began: str
    seconds: float
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def missed(self) -> list[Figure]:
        """The figures that miss their demand."""
        return [figure for figure in self.figures if figure.reached is False]

    def table(self) -> str:
        """For a terminal."""
        width = max(len(figure.name) for figure in self.figures)
        head = f"{self.title}: {self.size:,} {self.unit}, {self.seconds:.0f} s, seed {self.seed}"
        return "\n".join([head, *(_line(figure, width) for figure in self.figures), *self.notes])


def _line(figure: Figure, width: int) -> str:
    verdict = {True: "reached", False: "MISSED", None: ""}[figure.reached]
    return f"  {figure.name:<{width}}  {shown(figure.value):>12}  {figure.demand:<10} {verdict}".rstrip()


def shown(value: Value) -> str:
    """A value as people read it: thousands apart, three digits at most after the point."""
    if isinstance(value, float):
        return f"{value:,.3f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else value


def write(result: Result, folder: Path) -> Path:
    """Keep the result in `folder`, in place of the measure's last one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result.measure}.json"
    file.write_text(json.dumps(asdict(result), ensure_ascii=False, indent=2) + "\n")
    return file


def read_all(folder: Path) -> list[Result]:
    """The last result of every measure."""
    return [_read(json.loads(file.read_text())) for file in sorted(folder.glob("*.json"))]


def _read(kept: dict[str, Any]) -> Result:
    figures: Iterable[dict[str, Any]] = kept.pop("figures")
    return Result(**{**kept, "figures": tuple(Figure(**one) for one in figures), "notes": tuple(kept["notes"])})
