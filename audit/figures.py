"""How far evidence is from being signed and witnessed, for whoever watches the portal."""

from django.utils import timezone

from audit.models import Checkpoint, Event, Standing
from audit.witnesses import witnesses


def unsigned_for() -> float:
    """Seconds since the oldest event that no checkpoint covers; 0.0 when all are covered."""
    newest = Checkpoint.newest()
    uncovered = Event.objects.filter(id__gt=newest.up_to if newest else 0)
    oldest = uncovered.order_by("id").values_list("at", flat=True).first()
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def witnesses_failing_for() -> dict[str, float]:
    """Seconds since each witness of the settings took nothing any more, by its label; 0.0 while it does."""
    now = timezone.now()
    since = dict(Standing.objects.values_list("witness", "failing_since"))
    labels = [witness.label[:200] for witness in witnesses()]
    return {label: (now - began).total_seconds() if (began := since.get(label)) else 0.0 for label in labels}
