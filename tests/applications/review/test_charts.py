"""What stands where in a drawing."""

import pytest

from applications.review import charts

KINDS = ["approved", "declined"]


def test_columns_stand_on_each_other_and_are_as_tall_as_their_numbers():
    chart = charts.columns(["Mon", "Tue"], [[6, 2], [0, 4]], KINDS)
    below, above, alone = chart.marks
    assert (below.kind, above.kind, alone.kind) == ("approved", "declined", "declined")
    assert below.height == pytest.approx(3 * above.height, abs=0.2)
    assert above.y + above.height == pytest.approx(below.y, abs=0.2)
    assert below.y + below.height == alone.y + alone.height == chart.rules[0].y
    assert [rule.text for rule in chart.rules] == ["0", "4", "8"]


def test_columns_never_leave_the_drawing():
    chart = charts.columns([str(n) for n in range(45)], [[n, n * n] for n in range(45)], KINDS)
    assert all(mark.x >= 0 and mark.x + mark.width <= charts.WIDTH and mark.y >= 0 for mark in chart.marks)


@pytest.mark.parametrize("number", range(1, 60))
def test_names_are_few_and_the_last_one_is_among_them(number):
    labels = charts.columns([str(n) for n in range(number)], [[1, 1]] * number, KINDS).labels
    assert labels[-1].text == str(number - 1)
    assert not labels[-1].is_minor
    assert len(labels) <= 8


@pytest.mark.parametrize(
    ("number", "end"), [(0, 2), (1, 2), (3, 4), (7, 8), (10, 10), (11, 20), (99, 100), (6001, 8000)]
)
def test_scale_ends_at_a_round_number(number, end):
    assert charts.round_up(number) == end


def test_line_leaves_out_what_is_not_there():
    chart = charts.line(["a", "b", "c"], [0.0, None, 1.0], ["0%", "50%", "100%"])
    (_x, low), (_other, high) = chart.line
    assert (low, high) == (chart.rules[0].y, chart.rules[2].y)
    assert len(chart.points.split()) == 2


def test_longest_bar_is_as_wide_as_the_drawing():
    chart = charts.bars(["a", "b"], [5, 10], ["5", "10"])
    assert [mark.width for mark in chart.marks if mark.kind == "approved"] == [360, 720]


def test_thin_line_reaches_further_than_its_bar():
    chart = charts.bars(["a"], [5], ["5"], until=[20])
    assert {mark.kind: mark.width for mark in chart.marks} == {"trough": 720, "reach": 720, "approved": 180}


def test_strip_is_divided_as_its_parts():
    chart = charts.strip([3, 0, 1], ["approved", "declined", "pending"], width=400)
    assert [(mark.kind, mark.x, mark.width) for mark in chart.marks] == [("approved", 0, 300), ("pending", 300, 100)]


@pytest.mark.parametrize("chart", [charts.columns([], [], KINDS), charts.bars([], [], []), charts.strip([0, 0], KINDS)])
def test_nothing_draws_nothing(chart):
    assert not chart.marks
