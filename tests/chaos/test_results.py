"""Figures, the files they are kept in, and the document that is written from them."""

import json
from dataclasses import replace

import pytest

from chaos import report
from chaos.measure import Measure, Run, carried_out, main
from chaos.results import at_least, at_most, must_be, read_all, shown, told, write


def measure(*figures, note=""):
    def run(given: Run):
        given.notes += [note] if note else []
        return [told("taken", given.size), *figures]

    return Measure("staged", "A staged measure", "things", long=10, run=run)


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (told("seen", 3), None),
        (must_be("lost", 0, 0), True),
        (must_be("lost", 1, 0), False),
        (at_most("listed after", 60, 60), True),
        (at_most("listed after", 60.1, 60), False),
        (at_least("settled", 0.99, 0.99), True),
        (at_least("settled", 0.98, 0.99), False),
    ],
)
def test_figure_says_whether_its_demand_is_reached(figure, reached):
    assert figure.reached is reached


@pytest.mark.parametrize(("value", "text"), [(10000, "10,000"), (0.5, "0.5"), (59.0, "59"), ("none", "none")])
def test_value_is_shown_as_people_read_it(value, text):
    assert shown(value) == text


def test_main_keeps_the_result_and_fails_when_a_demand_is_missed(tmp_path, capsys):
    assert main(measure(must_be("lost", 0, 0)), ["--size", "3", "--results", str(tmp_path)]) == 0
    assert main(measure(must_be("lost", 2, 0)), ["--size", "3", "--seed", "7", "--results", str(tmp_path)]) == 1
    assert "MISSED" in capsys.readouterr().out
    kept = json.loads((tmp_path / "staged.json").read_text())
    assert kept["size"] == 3
    assert kept["command"] == "python -m chaos.staged --size 3 --seed 7"
    assert kept["versions"]["Django"]
    assert kept["machine"]["processor"]


def test_main_starts_in_an_empty_folder(tmp_path):
    leftover = tmp_path / "runs" / "staged" / "old"
    leftover.mkdir(parents=True)
    carried_out(measure(), size=1, seed=1, results=tmp_path)
    assert not leftover.exists()
    assert leftover.parent.exists()


def test_seed_stages_the_same_again(tmp_path):
    drawn = []
    one = Measure("drawn", "Drawn", "draws", long=1, run=lambda given: drawn.append(given.random.random()) or [])
    for _ in range(2):
        carried_out(one, size=1, seed=5, results=tmp_path)
    assert drawn[0] == drawn[1]


def test_run_on_another_database_is_kept_beside_the_usual_one(tmp_path):
    ran_on = []
    staged = measure()
    both = replace(staged, run=lambda given: ran_on.append(given.database) or staged.run(given), databases=("a", "b"))
    for database in ("a", "b"):
        assert main(both, ["--size", "3", "--results", str(tmp_path), "--database", database]) == 0
    usual, other = sorted(read_all(tmp_path), key=lambda result: result.measure)
    assert ran_on == ["a", "b"]
    assert (usual.measure, usual.title) == ("staged", "A staged measure")
    assert (other.measure, other.title) == ("staged-b", "A staged measure (b)")
    assert usual.command == "python -m chaos.staged --size 3 --seed 1"
    assert other.command == "python -m chaos.staged --size 3 --seed 1 --database b"


def test_report_has_the_other_database_after_the_usual_one(tmp_path):
    results = [
        replace(carried_out(measure(), size=1, seed=1, results=tmp_path), measure=name)
        for name in ("last", "staged-b", "staged")
    ]
    assert [result.measure for result in report.in_order(results, ("staged", "last"))] == ["staged", "staged-b", "last"]


def test_result_is_read_as_it_was_written(tmp_path):
    result = carried_out(measure(must_be("lost", 0, 0), note="Said."), size=2, seed=1, results=tmp_path)
    write(result, tmp_path)
    assert read_all(tmp_path) == [result]


def test_report_replaces_only_what_is_between_the_marks(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MEASURES", ("staged",))
    document = tmp_path / "reliability.md"
    document.write_text(f"# Before\n\n{report.BEGIN}\nold\n{report.END}\n\nAfter\n")
    result = carried_out(measure(must_be("lost", 1, 0), note="Said."), size=2000, seed=1, results=tmp_path)
    write(result, tmp_path)
    report.main(["--results", str(tmp_path), "--document", str(document)])
    written = document.read_text()
    assert written.startswith("# Before\n\n")
    assert written.endswith("\n\nAfter\n")
    assert "old" not in written
    assert "| lost | 1 | 0 | **missed** |" in written
    assert "| taken | 2,000 |  |  |" in written
    assert "`python -m chaos.staged --size 2000 --seed 1`" in written
    assert "Said." in written


def test_report_begins_with_what_was_reached_and_missed(tmp_path):
    figures = (must_be("lost", 1, 0), at_most("seconds", 3, 60))
    results = [carried_out(measure(*figures), size=2000, seed=1, results=tmp_path)]
    overview = report.figures(results).partition("\n\n")[0]
    assert overview.endswith("| A staged measure | 2,000 things | 1 of 2 | **missed**: lost |")


def test_report_refuses_a_document_without_marks():
    with pytest.raises(report.NoPlaceForFigures):
        report.with_figures("# No marks", [])
