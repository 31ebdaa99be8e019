"""The command line of a measure: its size, its seed, a table at the end, and the file that keeps the result."""

import argparse
import random
import shlex
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from chaos import machine
from chaos.results import RESULTS, Figure, Result, write
from local_services.processes import Stopped, stop_on_signals

# The modules of this package that have a MEASURE, in the order of the document.
MEASURES: tuple[str, ...] = (
    "submissions",
    "control",
    "faults",
    "double_submission",
    "two_customers",
    "in_flight",
    "stateful",
)

POSTGRES, SQLITE = "postgres", "sqlite"


@dataclass
class Run:
    """What one run is given. `folder` is empty and its own; `notes` are printed and kept with the figures.

    brisk: timings of seconds instead of production's, so that a test need not wait for minutes. database: what the
    portal keeps its rows in, one of the measure's.
    """

    size: int
    random: random.Random
    folder: Path
    brisk: bool = False
    database: str = POSTGRES
    notes: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        """Progress, with the seconds since the start."""
        print(f"{time.monotonic() - self.began:7.1f}  {text}", flush=True)


@dataclass(frozen=True)
class Measure:
    """A promise that is put to the test. `name` is its module in `package`, `unit` what its size counts.

    databases: what it can be run on, the usual one first.
    """

    name: str
    title: str
    unit: str
    long: int
    run: Callable[[Run], Iterable[Figure]]
    databases: tuple[str, ...] = (POSTGRES,)
    package: str = "chaos"


def main(measure: Measure, arguments: Sequence[str] | None = None) -> int:
    """Run it once. The exit code: 0 when every demand is reached, 1 when one is missed, 130 when it was stopped."""
    given = _parser(measure).parse_args(arguments)
    try:
        with stop_on_signals():
            result = carried_out(measure, **vars(given))
    except Stopped:
        return 130
    print(f"\n{result.table()}\n{write(result, given.results)}", flush=True)
    return 1 if result.missed else 0


def carried_out(
    measure: Measure, *, size: int, seed: int, results: Path, brisk: bool = False, database: str = ""
) -> Result:
    """The result of one run, which is not kept yet. One on another database than the usual has a name of its own."""
    is_usual = database in ("", measure.databases[0])
    name = measure.name if is_usual else f"{measure.name}-{database}"
    run = Run(size, random.Random(seed), _empty(results / "runs" / name), brisk, database or measure.databases[0])
    command = ["python", "-m", f"{measure.package}.{measure.name}", "--size", str(size), "--seed", str(seed)]
    command += [*(["--brisk"] if brisk else []), *([] if is_usual else ["--database", database])]
    began = datetime.now(UTC)
    figures = tuple(measure.run(run))
    return Result(
        measure=name,
        title=measure.title if is_usual else f"{measure.title} ({database})",
        unit=measure.unit,
        size=size,
        seed=seed,
        command=shlex.join(command),
        began=began.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - run.began, 1),
        machine=machine.machine(),
        versions=machine.versions(),
        figures=figures,
        notes=tuple(run.notes),
    )


def _parser(measure: Measure) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {measure.package}.{measure.name}", description=measure.title)
    parser.add_argument("--size", type=int, default=measure.long, help=f"how many {measure.unit} ({measure.long})")
    parser.add_argument("--seed", type=int, default=1, help="what the random choices start from (1)")
    kept = RESULTS.parent / measure.package
    parser.add_argument("--results", type=Path, default=kept, help=f"folder of the results (var/{measure.package})")
    parser.add_argument("--brisk", action="store_true", help="timings of seconds, for a quick look and for tests")
    parser.add_argument("--database", choices=measure.databases, default=measure.databases[0])
    return parser


def _empty(folder: Path) -> Path:
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    return folder
