"""`python -m chaos`: every measure in its long form, one after the other, then the figures of docs/reliability.md."""

import argparse
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress

from chaos import report
from chaos.measure import MEASURES
from local_services.processes import Stopped, die_with_parent, stop_on_signals

_GRACE = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when any measure misses a demand or fails."""
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    return run_all("chaos", MEASURES, parser, arguments, lambda: report.main([]))


def run_all(
    package: str,
    measures: Sequence[str],
    parser: argparse.ArgumentParser,
    arguments: Sequence[str] | None,
    write: Callable[[], object],
) -> int:
    """Run the measures of a package that are asked for, or all of them, then write the document."""
    parser.add_argument("measures", nargs="*", metavar="measure", help=f"only these: {', '.join(measures)}")
    chosen = parser.parse_args(arguments).measures or measures
    if unknown := set(chosen) - set(measures):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        with stop_on_signals():
            failed = [name for name in chosen if _run(f"{package}.{name}")]
    except Stopped:
        return 130
    write()
    print(f"Missed or failed: {', '.join(failed)}" if failed else "Every demand was reached.")
    return 1 if failed else 0


def _run(name: str) -> int:
    """A process of its own for each: what one leaves behind in memory or settings is not the next one's."""
    print(f"\n── {name} ──", flush=True)
    command = [sys.executable, "-m", name]
    with subprocess.Popen(command, preexec_fn=die_with_parent) as child:
        try:
            return child.wait()
        except Stopped:
            child.terminate()
            with suppress(subprocess.TimeoutExpired):
                child.wait(_GRACE)
            child.kill()  # what it had started ends with it
            raise


if __name__ == "__main__":
    sys.exit(main())
