"""The sign of life of what should happen every few seconds, or every day."""

from datetime import datetime

from django.utils import timezone

from applications.monitoring.models import Heartbeat

SWEEP, PURGE = "sweep", "purge"


def note(name: str) -> None:
    """It was done just now."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": timezone.now()})


def last(name: str) -> datetime | None:
    """When it was last done; None if never."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def age(name: str) -> float | None:
    """Seconds since it was last done; None if never."""
    at = last(name)
    return None if at is None else max(0.0, (timezone.now() - at).total_seconds())
