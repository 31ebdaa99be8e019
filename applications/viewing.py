"""Who looked at a decision, who printed it, and what the customer said to it, are evidence too."""

from django.db import transaction

from applications.models import Application
from audit.events import record
from audit.names import EventName
from merchants.models import User


def record_event(application: Application, event: EventName, *, by: User, detail: dict[str, str] | None = None) -> None:
    """Leave an audit line about an application that changes in nothing else."""
    with transaction.atomic():
        record(event, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
