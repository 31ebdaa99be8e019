from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from applications.monitoring import metrics
from audit import figures
from audit.models import Event, Standing
from audit.tasks import checkpoint
from tests.audit.test_checkpoints import append

pytestmark = pytest.mark.django_db


@pytest.fixture
def an_hour_later(monkeypatch: Any) -> None:
    moment = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(figures, "timezone", SimpleNamespace(now=lambda: moment))


def test_nothing_is_unsigned_where_nothing_was_recorded() -> None:
    assert figures.unsigned_for() == 0.0


def test_oldest_event_without_checkpoint_counts(an_hour_later: None) -> None:
    append("first")
    append("second")
    assert figures.unsigned_for() == pytest.approx(3600, abs=10)
    assert "portal_evidence_unsigned_seconds 3" in metrics.text().decode()
    checkpoint()
    assert figures.unsigned_for() == 0.0
    assert Event.objects.exists()


def test_witness_that_fails_is_shown_until_it_takes_again(tmp_path: Path, settings: Any, an_hour_later: None) -> None:
    kept = tmp_path / "away" / "checkpoints.jsonl"
    settings.AUDIT_WITNESSES = [f"file:{kept}", "stdout"]
    append("first")
    checkpoint()
    Standing.objects.filter(witness=f"file:{kept}").update(failing_since=figures.timezone.now() - timedelta(minutes=5))
    assert figures.witnesses_failing_for() == {f"file:{kept}": 300.0, "stdout": 0.0}
    assert f'portal_witness_failing_seconds{{witness="file:{kept}"}} 300.0' in metrics.text().decode()
    kept.parent.mkdir()
    append("second")
    checkpoint()
    assert figures.witnesses_failing_for()[f"file:{kept}"] == 0.0


def test_witness_that_is_no_longer_named_is_not_shown(settings: Any) -> None:
    Standing.objects.create(witness="stdout", number=1, failing_since=timezone.now())
    assert figures.witnesses_failing_for() == {}
