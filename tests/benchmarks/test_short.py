"""The short forms of the benchmarks: that they run and count rightly. How fast they are is never asserted here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import report
from chaos.results import read_all

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Path:
    """A folder for results, and for a stock that the benchmarks share."""
    return tmp_path_factory.mktemp("benchmarks")


def carried_out(name: str, size: int, results: Path) -> dict[str, object]:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--size", str(size), "--results", str(results), "--brisk"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    # A demand on speed may be missed, on a machine that does other work.
    assert (results / f"{name}.json").exists(), done.stdout + done.stderr
    kept = json.loads((results / f"{name}.json").read_text())
    return {figure["name"]: figure["value"] for figure in kept["figures"]}


def test_export_is_whole(results):
    figures = carried_out("export", 100, results)
    assert 100 <= figures["rows"] <= 1000


def test_dashboard_says_what_a_full_scan_finds(results):
    figures = carried_out("dashboard", 1000, results)
    assert figures["figures that a full scan finds otherwise"] == 0
    assert figures["applications of the store, all years"] > 0


def test_lists_are_asked_in_every_way(results):
    figures = carried_out("lists", 1000, results)
    assert (
        len([name for name in figures if name.endswith(", p95, ms") and name.startswith(("searched", "narrowed"))]) >= 9
    )


def test_document_takes_the_results(results):
    assert {one.measure for one in read_all(results)} <= set(report.BENCHMARKS)
