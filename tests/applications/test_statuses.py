"""The table of moves and the one door to a change of status."""

import pytest
from django.db import transaction

from applications.models import Application
from applications.moves import move
from applications.statuses import FINAL, MOVES, IllegalMove, Status, may_move
from audit.events import timeline
from audit.names import EventName
from scripts import draw_states
from tests.factories import ApplicationFactory


def test_every_status_can_be_reached():
    assert {Status.DRAFT} | {move.after for move in MOVES} == set(Status)


def test_diagram_says_what_the_table_says():
    assert draw_states.PAGE.read_text() == draw_states.page(), "python -m scripts.draw_states"


def test_page_of_the_states_lists_every_move():
    rows = [line.split(" | ") for line in draw_states.page().splitlines() if line.startswith("| `")]
    listed = {(row[0].strip("| `"), after.strip("`")) for row in rows for after in row[1].split(", ")}
    assert {(move.before, move.after) for move in MOVES} <= listed


def test_words_of_a_move_can_stand_in_the_diagram():
    assert not [move.when for move in MOVES if set(":;\n") & set(move.when)], "the diagram's language ends there"


def test_no_move_is_listed_twice():
    assert len({(move.before, move.after) for move in MOVES}) == len(MOVES)


def test_nothing_leads_back_to_the_lender_after_an_answer():
    for status in FINAL | {Status.UNKNOWN}:
        assert not may_move(status, Status.QUEUED)
        assert not may_move(status, Status.DRAFT)


def test_move_that_the_table_forbids_changes_nothing(db):
    application = ApplicationFactory()
    with pytest.raises(IllegalMove), transaction.atomic():
        move(application, Status.UNKNOWN, by=None, event=EventName.OUTCOME_UNKNOWN)
    assert Application.objects.get().status == Status.DRAFT
    assert not timeline(application).exists()


def test_move_that_somebody_else_made_first_is_refused(db):
    application = ApplicationFactory()
    Application.objects.update(status=Status.EXPIRED)
    with pytest.raises(IllegalMove), transaction.atomic():
        move(application, Status.QUEUED, by=None, event=EventName.SUBMITTED)
