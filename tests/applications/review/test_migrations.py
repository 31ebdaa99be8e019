"""What was pending before there were follow-ups gets one."""

from datetime import timedelta
from importlib import import_module

from django.apps import apps

from applications.follow_ups import FollowUp
from applications.statuses import Status
from tests.factories import ApplicationFactory

follow_what_is_pending = import_module("applications.review.migrations.0003_follow_what_is_pending")


def test_what_is_pending_is_followed_up_from_when_it_became_so(db, settings, monkeypatch):
    monkeypatch.setattr(follow_what_is_pending, "AT_ONCE", 2)
    settings.PENDING_DUE_HOURS = 6
    pending = [ApplicationFactory(status=Status.PENDING) for _ in range(3)]
    ApplicationFactory(status=Status.APPROVED)
    follow_what_is_pending.open_follow_ups(apps, None)
    follow_what_is_pending.open_follow_ups(apps, None)
    found = {row.application: row for row in FollowUp.objects.all()}
    assert set(found) == set(pending)
    for application, follow_up in found.items():
        assert follow_up.due_at == application.updated_at + timedelta(hours=6)
        assert follow_up.store == application.store
