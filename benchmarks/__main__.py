"""`python -m benchmarks`: every benchmark in its long form, then the figures of docs/performance.md."""

import argparse
import sys
from collections.abc import Sequence

from benchmarks import report
from chaos.__main__ import run_all


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when any demand is missed or a benchmark fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    return run_all("benchmarks", report.BENCHMARKS, parser, arguments, report.main)


if __name__ == "__main__":
    sys.exit(main())
