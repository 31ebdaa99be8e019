"""Events about a person's own account."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from audit.events import Subject, record
from audit.names import EventName
from merchants.models import User


@transaction.atomic
def record_of_person(
    name: EventName, person: User | None, *, by: User | None = None, detail: Mapping[str, str] | None = None
) -> None:
    """Record what happened to a person's account, for the merchant they belong to; None is somebody nobody knows."""
    membership = person.memberships.order_by("pk").first() if person else None
    record(
        name,
        subject=person or _nobody(),
        merchant_id=membership.merchant_id if membership else None,
        by=by,
        detail=dict(detail) if detail else None,
    )


def _nobody() -> Subject:
    """Where nobody has the name, the day (UTC): its chain ends, and guesses of another day do not wait for these."""
    return Subject("merchants.sign_in", f"{timezone.now():%Y-%m-%d}")
