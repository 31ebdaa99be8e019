"""The short form of the stateful measure, and that every promise notices when it is broken."""

from uuid import uuid4

import pytest
from hypothesis import Phase

from applications.models import Application, ConsentKind, CustomerConsent, DeviceHolder
from applications.statuses import Status
from audit.events import record
from audit.names import EventName
from chaos.journey import Journey, promises, watched_moves
from chaos.journey.stage import set_up
from chaos.journey.watched_moves import WatchedMove
from chaos.stateful import walk
from tests.factories import ApplicationFactory


def test_journey_keeps_its_promises(db, sandbox):
    Journey.stage = set_up(sandbox)
    problem = walk(Journey, 160, 7, Phase.generate)
    assert not problem, problem
    assert Journey.tally.steps > 80
    assert len(Journey.tally.moves) > 3


@pytest.fixture
def application(db):
    watched_moves.watch()
    return ApplicationFactory()


def moved(application, *statuses, told=()):
    """Change the status behind everybody's back."""
    for status in statuses:
        Application.objects.filter(pk=application.pk).update(status=status)
    for name, detail in told:
        record(name, subject=application, merchant_id=application.merchant_id, by=None, detail=detail)
    application.refresh_from_db()
    return watched_moves.moves_since(0)


def test_move_behind_the_back_of_the_code_is_noticed(application):
    moves = moved(application, Status.QUEUED, Status.DRAFT)
    assert [(move.application, move.before, move.after) for move in moves] == [
        (application.pk, "draft", "queued"),
        (application.pk, "queued", "draft"),
    ]
    with pytest.raises(promises.Broken, match="illegal move from queued to draft"):
        promises.moves_are_allowed(moves)


def test_move_without_its_event_is_noticed(application):
    moves = moved(application, Status.QUEUED)
    with pytest.raises(promises.Broken, match="no event tells"):
        promises.moves_are_told(application, moves, after=0)


def test_answer_that_was_told_otherwise_is_noticed(application):
    told = [(EventName.SUBMITTED, {}), (EventName.SENT, {}), (EventName.ANSWERED, {"outcome": "pending"})]
    moves = moved(application, Status.QUEUED, Status.SENDING, Status.DECLINED, told=told)
    with pytest.raises(promises.Broken, match="no event tells of the move from sending to declined"):
        promises.moves_are_told(application, moves, after=0)


def test_moves_that_are_told_in_order_pass(application):
    moves = moved(application, Status.QUEUED, Status.SENDING, told=[(EventName.SUBMITTED, {}), (EventName.SENT, {})])
    promises.moves_are_allowed(moves)
    latest = promises.moves_are_told(application, moves, after=0)
    promises.moves_are_told(application, [], after=latest)


def test_second_inquiry_needs_consent(application):
    with pytest.raises(promises.Broken, match="adjudicated 2 times"):
        promises.bureau_is_asked_once([application], {application.reference_id: 2})
    CustomerConsent.objects.create(
        application=application,
        kind=ConsentKind.ANOTHER_INQUIRY,
        language="en",
        recorded_by=application.created_by,
        device_holder=DeviceHolder.CUSTOMER,
    )
    promises.bureau_is_asked_once([application], {application.reference_id: 2})


def test_second_inquiry_about_the_same_person_needs_consent(application):
    other = ApplicationFactory()
    accepted = {application.reference_id: 1, other.reference_id: 1}
    application.person_key = other.person_key = "the same"
    with pytest.raises(promises.Broken, match="adjudicated 2 times"):
        promises.bureau_is_asked_once([application, other], accepted)
    other.person_key = "another"
    promises.bureau_is_asked_once([application, other], accepted)


@pytest.mark.parametrize(
    ("status", "accepted", "account"),
    [
        ("approved", 1, ""),
        ("approved", 1, "C"),
        ("cancelled", 1, "N"),
        ("declined", 0, ""),
        ("declined", 1, "N"),
        ("pending", 0, ""),
        ("failed", 1, "N"),
        ("queued", 1, "N"),
        ("no_account", 1, "N"),
    ],
)
def test_status_that_the_lender_knows_to_be_otherwise_is_noticed(status, accepted, account):
    with pytest.raises(promises.Broken):
        promises.status_is_true(Application(status=status), accepted, account)


@pytest.mark.parametrize(
    ("status", "accepted", "account"),
    [("approved", 1, "N"), ("cancelled", 1, "C"), ("declined", 1, ""), ("failed", 0, ""), ("unknown", 1, "N")],
)
def test_status_that_the_lender_confirms_passes(status, accepted, account):
    promises.status_is_true(Application(status=status), accepted, account)


@pytest.mark.parametrize(("before", "needed"), [("held", 1), ("no_account", 1), ("failed", 0), ("sending", 0)])
def test_send_that_needs_consent_is_noticed(application, before, needed):
    sends = promises.sends_that_need_consent([WatchedMove(1, application.pk, before, "queued")])
    assert sends == needed
    if needed:
        with pytest.raises(promises.Broken, match="given 0 times"):
            promises.consent_was_given(application, sends)
    else:
        promises.consent_was_given(application, sends)


def test_allowed_moves_pass():
    promises.moves_are_allowed([WatchedMove(1, uuid4(), "draft", "queued")])
