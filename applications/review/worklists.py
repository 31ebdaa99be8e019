"""What waits for managers over all their stores: follow-ups by their due time, and outcomes that nobody knows.

Both stay quick however many applications there are: of each kind no more rows are read than a page shows, in the order
of an index (`open_follow_ups_of_store`; applications/to_settle.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from applications.branches import first_of
from applications.models import Application, SubmissionAttempt
from applications.review.counts import Count
from applications.review.models import FollowUp
from applications.review.scope import applications_under_review, stores_of_manager
from applications.statuses import UNSETTLED, Status
from applications.to_settle import ToSettle, contradicted
from applications.verdicts import Verdict
from merchants.counter import Counter
from merchants.models import Store, User

PAGE_SIZE = 50
_ENOUGH = PAGE_SIZE + 1


class Whose(StrEnum):
    """Which follow-ups are asked for."""

    ALL = "all"
    MINE = "mine"
    NOBODYS = "nobodys"


@dataclass(frozen=True)
class Place:
    """Where a page of follow-ups begins: after this one."""

    due_at: datetime
    application_id: UUID

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """The place that an address names; None where it names none."""
        moment, _, key = text.partition("~")
        try:
            due_at = datetime.fromisoformat(moment)
            return cls(due_at.astimezone(UTC), UUID(key)) if due_at.tzinfo else None
        except (ValueError, OverflowError):
            return None

    def __str__(self) -> str:
        return f"{self.due_at.isoformat()}~{self.application_id}"


@dataclass(frozen=True)
class FollowUps:
    """A page of the open follow-ups, oldest due first. `next_page` is empty on the last one."""

    rows: list[FollowUp]
    next_page: str
    total: Count
    overdue: Count


def open_follow_ups(counter: Counter, *, by: User, whose: Whose, after: Place | None) -> FollowUps:
    """What the stores of this manager have under review at the lender."""
    stores = list(stores_of_manager(counter))
    found = _of(FollowUp.objects.filter(closed_at=None), whose, by)
    everything = found.filter(store__in=stores)
    places = _places(found, stores, after)
    rows = _opened(places[:PAGE_SIZE])
    return FollowUps(
        rows=rows,
        next_page=str(places[PAGE_SIZE - 1]) if len(places) > PAGE_SIZE else "",
        total=Count.of(everything),
        overdue=Count.of(everything.filter(due_at__lt=timezone.now())),
    )


def _of(follow_ups: QuerySet[FollowUp], whose: Whose, by: User) -> QuerySet[FollowUp]:
    if whose == Whose.MINE:
        return follow_ups.filter(owner=by)
    return follow_ups.filter(owner=None) if whose == Whose.NOBODYS else follow_ups


def _places(found: QuerySet[FollowUp], stores: Sequence[Store], after: Place | None) -> list[Place]:
    """One store is a walk along the index; several are merged, each cut to a page."""
    if after:
        later = Q(due_at__gt=after.due_at) | Q(application_id__gt=after.application_id)
        found = found.filter(later, due_at__gte=after.due_at)
    branches = [found.filter(store=store) for store in stores]
    return [Place(*row) for row in first_of(branches, ("due_at", "application_id"), _ENOUGH)]


def _opened(places: Sequence[Place]) -> list[FollowUp]:
    rows = FollowUp.objects.filter(pk__in=[place.application_id for place in places])
    return sorted(rows.select_related("application__store", "owner"), key=lambda row: (row.due_at, row.pk))


@dataclass(frozen=True)
class Unsettled:
    """An application whose outcome nobody knows, or whose settlement a late answer contradicts.

    `attempt` is the send in question. `is_urgent`: only a person can tell.
    """

    application: Application
    attempt: SubmissionAttempt | None
    is_urgent: bool

    @property
    def verdict(self) -> str:
        return self.attempt.look_verdict if self.attempt else ""

    @property
    def is_contradicted(self) -> bool:
        return self.verdict == Verdict.CONTRADICTED


def unsettled(counter: Counter) -> tuple[list[Unsettled], Count]:
    """What has to be settled with the lender, and how many are not shown.

    First what only a person can tell, the oldest first; then what the portal still searches for; then those without an
    account, the latest first: they may stay so for good, and must not push the others off the list.
    """
    stores = list(stores_of_manager(counter))
    waiting = ToSettle.in_stores(stores, limit=_ENOUGH)
    keys = list(dict.fromkeys([*waiting.urgent, *waiting.searched, *waiting.missing]))[:PAGE_SIZE]
    unsettled = applications_under_review(counter).filter(status__in=UNSETTLED, erased_at=None)
    total = Count.of(unsettled, contradicted(stores)).number
    return _with_attempts(keys, set(waiting.urgent)), Count(max(total - len(keys), 0))


def _with_attempts(keys: Sequence[UUID], urgent: set[UUID]) -> list[Unsettled]:
    """The applications in this order, each with the send in question: the latest that is unknown or contradicted."""
    applications = Application.objects.select_related("store").in_bulk(keys)
    in_question = Q(outcome=Status.UNKNOWN) | Q(look_verdict=Verdict.CONTRADICTED)
    attempts = SubmissionAttempt.objects.filter(in_question, application__in=keys).order_by("number")
    latest = {one.application_id: one for one in attempts.defer("snapshot", "sensitive", "found")}
    return [Unsettled(applications[key], latest.get(key), key in urgent) for key in keys if key in applications]
