"""The books after a run: what was acknowledged, what the portal says, and the lender's own truth. Needs Django."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings

from applications.models import Application, SubmissionAttempt
from applications.persons import account_key
from applications.statuses import IN_FLIGHT, Status
from audit.models import Event
from audit.names import EventName
from chaos.drafts import Draft
from chaos.lender import NOTHING_RECEIVED, Flow

_UNDECIDED = frozenset({*IN_FLIGHT, Status.UNKNOWN, Status.DRAFT})
_DECLINED, _PENDING, _EXISTS = "application_declined", "application_marked_pending", "customer_already_exists"


@dataclass(frozen=True)
class Entry:
    """One submission. `moved_at` is when it came to its status; `account_key` the index of the account it names.

    alive_at: the last sign of life of the worker that sent it, while the call was not over.
    """

    acknowledged: bool
    status: Status
    account_key: str
    moved_at: datetime
    alive_at: datetime | None
    unknown_at: datetime | None
    truth: Flow

    @property
    def is_lost(self) -> bool:
        """Acknowledged, and yet nobody has it in hand any more, or it has not come to any outcome."""
        return self.acknowledged and self.status in IN_FLIGHT | {Status.DRAFT}

    @property
    def seconds_until_listed(self) -> float:
        """From the last sign of life: it cannot have become ambiguous earlier, and up to ten seconds later."""
        assert self.unknown_at
        assert self.alive_at
        return (self.unknown_at - self.alive_at).total_seconds()

    def is_settled_within(self, seconds: float) -> bool:
        """Whether an outcome that was listed as unknown came to be known in time."""
        assert self.unknown_at
        return self.status not in _UNDECIDED and (self.moved_at - self.unknown_at).total_seconds() <= seconds

    @property
    def is_wrong(self) -> bool:
        """Whether the portal says something that the lender knows to be otherwise."""
        return self.status not in _UNDECIDED and not self._agrees()

    def _agrees(self) -> bool:
        decided = self.truth.decided
        match self.status:
            case Status.APPROVED:
                return self.account_key in {account_key(str(number)) for number in self.truth.accounts}
            case Status.DECLINED:
                return any(decision.startswith(_DECLINED) for decision in decided)
            case Status.PENDING:
                return any(decision.startswith(_PENDING) for decision in decided)
            case Status.ALREADY_CUSTOMER:
                return _EXISTS in decided
            case Status.NO_ACCOUNT:
                return not self.truth.accounts
            case Status.FAILED:
                return not self.truth.accepted
        return False


@dataclass(frozen=True)
class Books:
    """All entries of a run."""

    entries: Sequence[Entry]

    @property
    def lost(self) -> int:
        return sum(entry.is_lost for entry in self.entries)

    @property
    def wrong(self) -> int:
        return sum(entry.is_wrong for entry in self.entries)

    @property
    def people_with_more_than_one_apply(self) -> int:
        """Applicants for whom the lender accepted more than one `apply`, whatever the reference ids."""
        return sum(count > 1 for count in self._accepted_by_person().values())

    @property
    def inquiries_too_many(self) -> int:
        """Accepted `apply` calls beyond the first for each applicant."""
        return sum(count - 1 for count in self._accepted_by_person().values() if count)

    def _accepted_by_person(self) -> Mapping[str, int]:
        accepted: Counter[str] = Counter()
        for entry in self.entries:
            accepted[entry.truth.person] += entry.truth.accepted
        return accepted - Counter({"": accepted[""]})

    @property
    def ambiguous(self) -> list[Entry]:
        """What was listed as unknown at any time."""
        return [entry for entry in self.entries if entry.unknown_at]

    @property
    def statuses(self) -> Mapping[str, int]:
        return Counter(entry.status.value for entry in self.entries)


def keep_books(drafts: Sequence[Draft], acknowledged: Collection[Draft], flows: Mapping[str, Flow]) -> Books:
    """What became of every draft."""
    rows = Application.objects.in_bulk([draft.id for draft in drafts])
    alive, unknown = _signs_of_life(), _listed_as_unknown()
    return Books(
        [
            Entry(
                acknowledged=draft in acknowledged,
                status=Status(rows[draft.id].status),
                account_key=rows[draft.id].account_key,
                moved_at=rows[draft.id].updated_at,
                alive_at=alive.get(draft.id),
                unknown_at=unknown.get(str(draft.id)),
                truth=flows.get(draft.reference_id, NOTHING_RECEIVED),
            )
            for draft in drafts
        ]
    )


def _signs_of_life() -> dict[UUID, datetime]:
    """Application to when its worker last renewed the lease of the call; a lease begins when the sending does."""
    leases = SubmissionAttempt.objects.exclude(sending_since=None).values_list("application_id", "lease_until")
    return {pk: lease - timedelta(seconds=settings.LEASE_SECONDS) for pk, lease in leases if lease}


def _listed_as_unknown() -> dict[str, datetime]:
    """Application to when its outcome was first listed as unknown."""
    events = Event.objects.filter(name=EventName.OUTCOME_UNKNOWN).order_by("-id").values_list("subject_id", "at")
    return dict(events)
