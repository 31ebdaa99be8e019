"""A database that is older than what was sent from it is noticed by itself."""

import logging
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from applications.monitoring import health, set_back
from applications.monitoring.metrics import text
from applications.monitoring.models import Mark
from audit.checkpoints import catch_up
from audit.events import timeline
from audit.handing_over import hand_over
from audit.models import Checkpoint
from evidence.chains import raw, unguarded
from tests.audit.test_checkpoints import append

pytestmark = pytest.mark.django_db


@pytest.fixture
def witness(settings, tmp_path):
    """A file that has two checkpoints, as the database has."""
    file = tmp_path / "kept.jsonl"
    settings.AUDIT_WITNESSES = [f"file:{file}"]
    for name in "ab":
        append(name)
        catch_up()
        hand_over()
    return file


def forget_newest_checkpoint():
    """As in a database from before it."""
    unguarded()
    raw(Checkpoint).filter(number=2).delete()


def test_new_portal_may_send_and_keeps_in_mind_where_it_is():
    assert set_back.may_send()
    assert set_back.look()
    assert not set_back.is_set_back()
    assert Mark.objects.get().place == set_back.here().place


def test_database_in_another_place_is_not_sent_from(caplog):
    assert set_back.may_send()
    Mark.objects.update(place="where the backup was taken")
    assert not set_back.may_send()
    assert set_back.is_set_back()
    assert set_back.noticed_at() is None
    set_back._said.clear()
    with caplog.at_level(logging.ERROR):
        assert not set_back.look()
        assert not set_back.look()
    assert caplog.text.count("Nothing is sent, because the database was set back or moved") == 1
    assert timezone.now() - set_back.noticed_at() < timedelta(minutes=1)


def test_it_is_noticed_once_and_anew_where_it_is_put_back_once_more():
    set_back.may_send()
    Mark.objects.update(place="elsewhere")
    set_back.look()
    noticed = set_back.noticed_at()
    set_back.look()
    assert set_back.noticed_at() == noticed
    Mark.objects.update(set_back_to="where another backup was put")
    set_back.look()
    assert set_back.noticed_at() > noticed


def test_after_a_start_of_the_server_the_sweep_looks_before_anything_is_sent():
    set_back.may_send()
    Mark.objects.update(started="yesterday")
    assert not set_back.may_send()
    assert not set_back.is_set_back()
    assert set_back.look()
    assert set_back.may_send()


def test_witness_with_a_checkpoint_that_is_missing_tells(witness):
    assert set_back.look()
    forget_newest_checkpoint()
    assert not set_back.look()
    assert not set_back.may_send()
    assert Mark.objects.get().sign == f"file:{witness} has a checkpoint that it does not have"


def test_line_that_nobody_signed_holds_nothing_back(witness):
    with witness.open("ab") as file:
        file.write(b'{"number": 9}\n{"number": 10, "at"')
    assert set_back.look()


def test_witness_that_is_away_holds_nothing_back(witness):
    witness.unlink()
    assert set_back.look()


def test_what_was_given_up_is_not_asked_for_again(witness):
    set_back.look()
    forget_newest_checkpoint()
    set_back.look()
    append("c")
    catch_up()  # signed before somebody came: another one with the same number
    set_back.accept({"presumed": 0})
    assert set_back.look()
    assert set_back.may_send()
    (event,) = timeline(Mark.objects.get())
    assert (event.name, event.detail) == ("sending_resumed", {"presumed": 0})


def test_it_is_shown_to_probes_and_in_the_metrics():
    assert health.look().parts["sending"] == "ok"
    assert b"portal_sending_held_back 0.0" in text()
    set_back.may_send()
    Mark.objects.update(place="elsewhere")
    found = health.look()
    assert found.parts["sending"] == "held back: the database was set back or moved"
    assert (found.status, found.can_serve) == ("degraded", True)
    assert b"portal_sending_held_back 1.0" in text()


def test_database_that_moved_whole_is_sent_from_when_somebody_says_so():
    set_back.may_send()
    Mark.objects.update(place="the server before")
    with pytest.raises(CommandError, match="--nothing-was-lost"):
        call_command("resume_sending")
    assert not set_back.may_send()
    call_command("resume_sending", "--nothing-was-lost")
    assert set_back.may_send()


@pytest.mark.postgres
def test_place_has_four_names_and_the_servers_start():
    place = set_back.here()
    assert len(place.place.split()) == 4
    assert float(place.started) < timezone.now().timestamp()


@pytest.mark.postgres
def test_table_made_anew_in_the_same_database_is_another_place():
    before = set_back.here()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE monitoring_mark RENAME TO gone; CREATE TABLE monitoring_mark (LIKE gone)")
    assert set_back.here().place != before.place


@pytest.mark.postgres
def test_server_that_does_not_tell_where_it_is_can_be_sent_from(monkeypatch):
    monkeypatch.setattr(set_back, "_HERE", "SELECT nobody_tells()")
    assert set_back.here() == set_back.Here()
    assert set_back.may_send()
