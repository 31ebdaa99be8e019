"""`python -m evidence.report`: the figures part of docs/evidence.md, from the kept results and nothing else."""

from chaos.report import DOCUMENT, write_into
from chaos.results import RESULTS

# The modules of this package that have a MEASURE, in the order of the document.
MEASURES = ("tampering", "append", "canaries", "hostile_html", "fuzzing", "restoring", "scans")


def main() -> None:
    write_into(DOCUMENT.with_name("evidence.md"), RESULTS.parent / "evidence", MEASURES)


if __name__ == "__main__":
    main()
