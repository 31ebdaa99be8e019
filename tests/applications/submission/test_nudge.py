"""A broker that is down loses nothing: the row waits for the sweep."""

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone

from applications.models import SubmissionAttempt
from applications.statuses import Status
from applications.submission import sweep as sweeping
from applications.submission.nudge import LOOK, messages_waiting, nudge_delivery, nudge_looks
from applications.submission.sealing import submit
from flexiti_portal.celery import app
from tests.applications.people import another_person


@pytest.fixture
def broker_at(monkeypatch):
    """Messages go to this address."""

    def use(address):
        monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery prefers it to what it is told
        other = Celery("other", broker=address, set_as_current=False)
        other.conf.broker_transport_options = app.conf.broker_transport_options
        other.conf.task_routes, other.conf.task_default_queue = app.conf.task_routes, app.conf.task_default_queue
        other.set_current()

    yield use
    app.set_current()


@pytest.fixture
def dead_broker(broker_at):
    """Nobody listens where messages go."""
    broker_at("redis://127.0.0.1:9/0")


@pytest.fixture
def valkey_broker(broker_at, valkey):
    """A real Valkey, empty, with no worker behind it."""
    broker_at(valkey.broker_url)


def test_submit_without_a_broker_is_queued_all_the_same(
    ready, associate, dead_broker, django_capture_on_commit_callbacks, caplog
):
    application = ready()
    with django_capture_on_commit_callbacks(execute=True):
        submit(application, by=associate, revision=application.revision)
    application.refresh_from_db()
    assert application.status == Status.QUEUED
    assert "The broker is not answering" in caplog.text


def test_sweep_nudges_what_no_message_covers(ready, associate, monkeypatch):
    for number in range(3):
        application = ready(**another_person(number))
        submit(application, by=associate, revision=application.revision)
    nudged = []
    monkeypatch.setattr(sweeping, "nudge_delivery", nudged.append)
    monkeypatch.setattr(sweeping, "messages_waiting", lambda: 1)
    sweeping.sweep()
    assert nudged == [], "a message just sent is given its time"
    SubmissionAttempt.objects.update(sealed_at=timezone.now() - timedelta(minutes=1))
    sweeping.sweep()
    assert nudged == [2]


@pytest.mark.parametrize(("due", "waiting", "sent"), [(1, 0, 1), (3, 0, 2), (3, 1, 1), (3, None, 2), (3, 5, 0)])
def test_sweep_has_few_workers_search_however_much_is_due(unknown, monkeypatch, due, waiting, sent):
    for number in range(due):
        unknown("reset_before", **another_person(number))
    SubmissionAttempt.objects.update(next_look_at=timezone.now())
    nudged = []
    monkeypatch.setattr(sweeping, "MOST_LOOKS", 2)
    monkeypatch.setattr(sweeping, "nudge_looks", nudged.append)
    monkeypatch.setattr(sweeping, "messages_waiting", lambda _task=None: waiting)
    sweeping.sweep()
    assert nudged == [sent]


def test_sweep_sends_no_look_while_none_is_due(unknown, monkeypatch):
    unknown("reset_before")
    monkeypatch.setattr(sweeping, "nudge_looks", lambda times: pytest.fail("nothing is due yet"))
    sweeping.sweep()


def test_looks_wait_in_the_queue_of_upkeep(valkey_broker):
    nudge_looks(2)
    assert (messages_waiting(LOOK), messages_waiting()) == (2, 0)


def test_messages_waiting_counts_what_no_worker_took(valkey_broker):
    assert messages_waiting() == 0
    nudge_delivery(3)
    assert messages_waiting() == 3


def test_messages_waiting_of_a_dead_broker_is_not_known(dead_broker):
    assert messages_waiting() is None
