"""Sends whose outcome nobody knows, in the order a manager takes them.

Quick however many there are: of each kind no more keys are read than are shown, in the order of an index
(`attempts_for_a_person`, `narrowed_by_status` and the one by status and last change).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from typing import Self
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from applications.branches import first_of
from applications.models import Application, SubmissionAttempt
from applications.statuses import CONTRADICTABLE, UNSETTLED, Status
from applications.verdicts import Verdict
from merchants.models import Store

# By then a search has told what became of an unknown outcome, unless the lender cannot be asked.
_TOLD_BY_THEN = timedelta(minutes=15)


@dataclass(frozen=True)
class ToSettle:
    """Keys of applications, each kind in its order and cut at a limit.

    `urgent`: only a person can tell, the oldest first: no search told in time, none can tell the accounts apart, or a
    late answer contradicts what was settled. `searched`: not known, the oldest first; the urgent are among them.
    `missing`: no account was found, the latest first.
    """

    urgent: list[UUID]
    searched: list[UUID]
    missing: list[UUID]

    @classmethod
    def in_stores(cls, stores: Sequence[Store], *, limit: int) -> Self:
        """What waits in these stores, which are a manager's own."""
        mine = Application.objects.filter(store__in=stores)
        unknown = mine.filter(status=Status.UNKNOWN)
        ambiguous = _sends(stores, Verdict.AMBIGUOUS, UNSETTLED)
        urgent = merge(
            _oldest(unknown.filter(updated_at__lt=timezone.now() - _TOLD_BY_THEN), limit),
            _oldest(_of(mine, ambiguous), limit),
            _oldest(_of(mine, contradicted(stores)), limit),
        )
        kept = Application.objects.filter(status=Status.NO_ACCOUNT, erased_at=None)
        without = [kept.filter(store=store) for store in stores]
        return cls(
            urgent=list(dict.fromkeys(key for _since, key in urgent))[:limit],
            searched=[key for _since, key in _oldest(unknown, limit)],
            missing=[key for _since, key in first_of(without, ("-updated_at", "-pk"), limit)] if without else [],
        )


def contradicted(stores: Iterable[Store]) -> QuerySet[SubmissionAttempt]:
    """The sends whose late answer contradicts what was settled, while nobody has looked into it."""
    return _sends(stores, Verdict.CONTRADICTED, CONTRADICTABLE)


def _sends(stores: Iterable[Store], verdict: Verdict, statuses: Iterable[Status]) -> QuerySet[SubmissionAttempt]:
    return SubmissionAttempt.objects.filter(
        store__in=list(stores), look_verdict=verdict, application__status__in=list(statuses)
    )


def _of(applications: QuerySet[Application], sends: QuerySet[SubmissionAttempt]) -> QuerySet[Application]:
    # A list of keys: with a subquery PostgreSQL may walk all that the stores ever took.
    return applications.filter(pk__in=list(sends.values_list("application", flat=True)))


def _oldest(applications: QuerySet[Application], limit: int) -> QuerySet[Application, tuple[datetime, UUID]]:
    """Where they stand in the order of waiting; the wide rows are read only of what is shown."""
    return applications.order_by("updated_at", "pk").values_list("updated_at", "pk")[:limit]
