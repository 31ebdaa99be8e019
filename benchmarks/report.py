"""`python -m benchmarks.report`: the figures part of docs/performance.md, from the kept results and nothing else."""

from chaos.report import DOCUMENT, write_into
from chaos.results import RESULTS

# The modules of this package that have a MEASURE, in the order of the document.
BENCHMARKS = ("lists", "dashboard", "export", "rotation")


def main() -> None:
    write_into(DOCUMENT.with_name("performance.md"), RESULTS.parent / "benchmarks", BENCHMARKS)


if __name__ == "__main__":
    main()
