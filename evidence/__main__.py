"""`python -m evidence`: every measure in its long form, then the figures of docs/evidence.md."""

import argparse
import sys
from collections.abc import Sequence

from chaos.__main__ import run_all
from evidence import report


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when any demand is missed or a measure fails."""
    parser = argparse.ArgumentParser(prog="python -m evidence", description=__doc__)
    return run_all("evidence", report.MEASURES, parser, arguments, report.main)


if __name__ == "__main__":
    sys.exit(main())
