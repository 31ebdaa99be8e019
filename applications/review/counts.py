"""How many applications need a person, told at once however many there are: only the rows concerned are looked at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from applications.follow_ups import FollowUp
from applications.models import Application
from applications.statuses import UNSETTLED, Status
from applications.to_settle import contradicted
from merchants.models import Store

# Beyond that nobody counts; a page says "999+".
MOST = 999


@dataclass(frozen=True)
class Count:
    """A number that stops at MOST."""

    number: int

    @classmethod
    def of(cls, *kinds: QuerySet[Any]) -> Self:
        """Each kind is looked at until there are too many to count."""
        return cls(sum(kind.order_by()[: MOST + 1].count() for kind in kinds))

    def __str__(self) -> str:
        return f"{MOST}+" if self.number > MOST else str(self.number)


@dataclass(frozen=True)
class NeedsAPerson:
    """What waits for somebody in these stores.

    `unknown`: the outcome is not known, no account was found, or a late answer contradicts what was settled.
    `pending`: under review at the lender for longer than its follow-up allows.
    `corrections`: the lender asked for a correction, and nobody touched it for CORRECTION_ABANDONED_HOURS.
    """

    unknown: Count
    pending: Count
    corrections: Count

    @classmethod
    def in_stores(cls, stores: Iterable[Store]) -> Self:
        """The stores are a manager's own."""
        chosen = list(stores)
        applications = Application.objects.filter(store__in=chosen)
        return cls(
            unknown=Count.of(applications.filter(status__in=UNSETTLED, erased_at=None), contradicted(chosen)),
            pending=Count.of(FollowUp.objects.filter(store__in=chosen, closed_at=None, due_at__lt=timezone.now())),
            corrections=Count.of(abandoned_corrections(applications)),
        )


def abandoned_corrections(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Those of which the lender asked for a correction that nobody made."""
    since = timezone.now() - timedelta(hours=settings.CORRECTION_ABANDONED_HOURS)
    return applications.filter(status=Status.NEEDS_CORRECTION, updated_at__lt=since)
