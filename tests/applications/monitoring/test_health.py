from datetime import timedelta

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from applications.monitoring import health, heartbeats
from applications.monitoring.models import Heartbeat
from applications.submission.sweep import sweep

pytestmark = pytest.mark.django_db


def test_all_parts_answer_after_a_sweep():
    sweep()
    found = health.look()
    assert found.parts == dict.fromkeys(("database", "migrations", "sweep", "sending", "cache", "broker"), "ok")
    assert found.status == "ready"


def test_sweep_that_never_ran_is_named():
    found = health.look()
    assert found.parts["sweep"] == "never ran"
    assert found.status == "degraded"
    assert found.can_serve


def test_sweep_that_is_late_is_named_with_its_age(settings):
    Heartbeat.objects.create(name=heartbeats.SWEEP, at=timezone.now() - timedelta(seconds=200))
    assert health.look().parts["sweep"] == "last ran 200 s ago"
    settings.SWEEP_LATE_SECONDS = 300
    assert health.look().parts["sweep"] == "ok"


def test_migration_that_is_not_applied_makes_it_unavailable():
    MigrationRecorder.Migration.objects.filter(app="applications", name="0001_applications").delete()
    found = health.look()
    assert found.parts["migrations"] == "1 not applied"
    assert found.status == "unavailable"


@pytest.mark.parametrize("age", [0, 90])
def test_age_of_a_heartbeat_counts_from_its_last(age):
    heartbeats.note("sweep")
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=age))
    assert heartbeats.age("sweep") == pytest.approx(age, abs=1)
    heartbeats.note("sweep")
    assert heartbeats.age("sweep") == pytest.approx(0, abs=1)
