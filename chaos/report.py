"""`python -m chaos.report`: the figures part of docs/reliability.md, from the kept results and from nothing else."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from chaos.measure import MEASURES
from chaos.results import RESULTS, Figure, Result, read_all, shown

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "reliability.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


class NoPlaceForFigures(Exception):
    """The document does not have the two marks, in their order."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos.report", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder of the results (var/chaos)")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="what to write into (docs/reliability.md)")
    given = parser.parse_args(arguments)
    write_into(given.document, given.results, MEASURES)
    return 0


def write_into(document: Path, kept: Path, measures: Sequence[str]) -> None:
    """Bring the figures of a document up to date with the results in a folder."""
    results = in_order(read_all(kept), measures)
    document.write_text(with_figures(document.read_text(), results))
    print(f"{document}: {len(results)} measures")


def in_order(results: Sequence[Result], measures: Sequence[str]) -> list[Result]:
    """As they are run one after the other, and after each the same on another database."""
    return sorted(results, key=lambda result: (measures.index(result.measure.partition("-")[0]), result.measure))


def with_figures(document: str, results: Sequence[Result]) -> str:
    """The document with the part between its marks replaced. Raises NoPlaceForFigures."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise NoPlaceForFigures(f"{BEGIN} and {END} are needed")
    return f"{before}{BEGIN}\n\n{figures(results)}\n\n{END}{after}"


def figures(results: Sequence[Result]) -> str:
    """Markdown: what was reached, then one section for each measure."""
    if not results:
        return "No measure has been run."
    return "\n\n".join([_overview(results), *map(_section, results)])


def _overview(results: Sequence[Result]) -> str:
    head = "| Measure | Size | Demands reached | |\n| --- | ---: | ---: | --- |"
    return "\n".join([head, *map(_line, results)])


def _line(result: Result) -> str:
    demanded = [figure for figure in result.figures if figure.reached is not None]
    reached = len(demanded) - len(result.missed)
    missed = ", ".join(figure.name for figure in result.missed)
    size = f"{result.size:,} {result.unit}"
    return f"| {result.title} | {size} | {reached} of {len(demanded)} | {missed and f'**missed**: {missed}'} |"


def _section(result: Result) -> str:
    rows = "\n".join(_row(figure) for figure in result.figures)
    parts = [
        f"### {result.title}",
        f"`{result.command}` · {result.size:,} {result.unit} in {result.seconds:,.0f} s · {result.began[:10]}",
        f"| Figure | Measured | To reach | |\n| --- | ---: | --- | --- |\n{rows}",
        *result.notes,
        f"{_listed(result.machine)}. {_listed(result.versions)}.",
    ]
    return "\n\n".join(parts)


def _row(figure: Figure) -> str:
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.reached]
    return f"| {figure.name} | {shown(figure.value)} | {figure.demand} | {verdict} |"


def _listed(values: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())


if __name__ == "__main__":
    sys.exit(main())
