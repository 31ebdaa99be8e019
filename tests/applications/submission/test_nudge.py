"""A broker that is down loses nothing: the row waits for the sweep."""

from datetime import timedelta

import pytest
from celery import Celery
from django.utils import timezone

from applications.models import SubmissionAttempt
from applications.statuses import Status
from applications.submission import sweep as sweeping
from applications.submission.sealing import submit
from flexiti_portal.celery import app


@pytest.fixture
def dead_broker(monkeypatch):
    """Nobody listens where messages go."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery prefers it to what it is told
    dead = Celery("dead", broker="redis://127.0.0.1:9/0", set_as_current=False)
    dead.conf.broker_transport_options = app.conf.broker_transport_options
    dead.set_current()
    yield
    app.set_current()


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
    application = ready()
    attempt = submit(application, by=associate, revision=application.revision)
    nudged = []
    monkeypatch.setattr(sweeping, "nudge_delivery", nudged.append)
    sweeping.sweep()
    assert nudged == [], "a message just sent is given its time"
    SubmissionAttempt.objects.filter(pk=attempt.pk).update(sealed_at=timezone.now() - timedelta(minutes=1))
    sweeping.sweep()
    assert nudged == [attempt.pk]
