"""The close of a store's day: everything that was submitted is accounted for, and what is not settled is named.

A submission belongs to the day on which it was sealed, by the store's clock. The books of a day are
submitted = sent + not sent, and sent = answered + unknown; `Day` refuses to exist if they are not, or if a submission
and its application contradict each other.
"""

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextChoices
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from applications.models import SettledBy, Settlement, SubmissionAttempt
from applications.statuses import Status
from merchants.counter import Counter
from merchants.models import Role, Store
from merchants.selectors import stores_for


class Standing(TextChoices):
    """Where one submission stands when the books are closed."""

    ANSWERED = "answered", _("Answered by Flexiti")
    SETTLED_BY_SEARCH = "settled_by_search", _("Settled later by a search")
    SETTLED_BY_PERSON = "settled_by_person", _("Settled later by a person")
    NO_ACCOUNT = "no_account", _("No account found: all that is known")
    UNKNOWN = "unknown", _("Outcome not known")
    SENDING = "sending", _("Being sent now")
    WAITING = "waiting", _("Waiting to be sent")
    HELD = "held", _("Waiting for a decision at the counter")
    NOT_SENT = "not_sent", _("Certainly not processed")


ANSWERED = frozenset({Standing.ANSWERED, Standing.SETTLED_BY_SEARCH, Standing.SETTLED_BY_PERSON})
UNKNOWN = frozenset({Standing.NO_ACCOUNT, Standing.UNKNOWN, Standing.SENDING})
# Somebody, or a worker, still has something to do.
UNSETTLED = frozenset({Standing.UNKNOWN, Standing.SENDING, Standing.WAITING, Standing.HELD})
# What the application says while its latest submission stands there.
_GOES_WITH = {
    Standing.SENDING: Status.SENDING,
    Standing.WAITING: Status.QUEUED,
    Standing.HELD: Status.HELD,
    Standing.UNKNOWN: Status.UNKNOWN,
    Standing.NO_ACCOUNT: Status.NO_ACCOUNT,
}
_SETTLED = {
    SettledBy.SEARCH.value: Standing.SETTLED_BY_SEARCH,
    SettledBy.PERSON.value: Standing.SETTLED_BY_PERSON,
}


class BooksDoNotBalance(Exception):
    """A row stands where no row of its kind can: a defect, named by the ids of the rows."""

    def __init__(self, store: Store, day: date, wrong: "Sequence[Line]") -> None:
        super().__init__(f"{store} ({store.pk}) on {day}: {', '.join(str(line.attempt.pk) for line in wrong)}")
        self.store = store
        self.references = [line.attempt.application.reference_id for line in wrong]


@dataclass(frozen=True)
class Line:
    """One submission of the day."""

    attempt: SubmissionAttempt
    standing: Standing

    @property
    def was_sent(self) -> bool:
        """Whether it may have reached the lender: the socket was opened, and nothing proves that it stayed here."""
        return self.attempt.sending_since is not None and self.standing != Standing.NOT_SENT

    @property
    def is_sound(self) -> bool:
        """Whether the row counts on one side of the books only, and its application says the same."""
        if self.was_sent != (self.standing in ANSWERED | UNKNOWN):
            return False
        status = self.attempt.application.status
        is_latest: bool = self.attempt.is_latest  # type: ignore[attr-defined]  # annotated below
        return not is_latest or status == _GOES_WITH.get(self.standing, status)


@dataclass(frozen=True)
class Day:
    """The books of one store and day. Raises BooksDoNotBalance on a row that fits nowhere."""

    store: Store
    day: date
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        wrong = [line for line in self.lines if not line.is_sound]
        if wrong or self.submitted != self.sent + self.not_sent or self.sent != self.answered + self.unknown:
            raise BooksDoNotBalance(self.store, self.day, wrong)

    @cached_property
    def counts(self) -> Tally[Standing]:
        """How many submissions stand where."""
        return Tally(line.standing for line in self.lines)

    @property
    def submitted(self) -> int:
        return len(self.lines)

    @property
    def sent(self) -> int:
        return sum(line.was_sent for line in self.lines)

    @property
    def not_sent(self) -> int:
        return sum(not line.was_sent for line in self.lines)

    @property
    def answered(self) -> int:
        return sum(self.counts[standing] for standing in ANSWERED)

    @property
    def unknown(self) -> int:
        return sum(self.counts[standing] for standing in UNKNOWN)

    @property
    def unsettled(self) -> tuple[Line, ...]:
        """What keeps the day open, oldest first."""
        return tuple(line for line in self.lines if line.standing in UNSETTLED)

    @property
    def is_closed(self) -> bool:
        return not self.unsettled


def stores_to_close(counter: Counter) -> list[Store]:
    """The stores whose books this person sees: a manager all of theirs, an associate the one they stand in."""
    if counter.membership.role == Role.MANAGER:
        return list(stores_for(counter.membership))
    return [counter.store] if counter.store else []


def today_in(store: Store) -> date:
    """The day it is in the store."""
    return timezone.localdate(timezone=store.tzinfo)


def close(store: Store, day: date) -> Day:
    """The books of a store and day, oldest submission first."""
    return Day(store, day, tuple(Line(attempt, standing_of(attempt)) for attempt in _submitted(store, day)))


def standing_of(attempt: SubmissionAttempt) -> Standing:
    """Where a submission stands, by its own row and the status of its application."""
    if attempt.closed_at is None:
        return _open_standing(attempt)
    if attempt.outcome == Status.FAILED and attempt.http_status is None:
        return Standing.NOT_SENT
    if attempt.outcome != Status.UNKNOWN:
        return Standing.ANSWERED if attempt.sending_since else Standing.NOT_SENT
    if attempt.settled_how:  # type: ignore[attr-defined]  # annotated below
        return _SETTLED[attempt.settled_how]  # type: ignore[attr-defined]
    # Of several sends whose answers were lost the last one is in question, whatever a later one was answered.
    is_last_lost: bool = attempt.is_last_lost  # type: ignore[attr-defined]
    is_in_question = is_last_lost and attempt.application.status == Status.UNKNOWN
    return Standing.UNKNOWN if is_in_question else Standing.NO_ACCOUNT


def _open_standing(attempt: SubmissionAttempt) -> Standing:
    if attempt.sending_since:
        return Standing.SENDING
    return Standing.HELD if attempt.application.status == Status.HELD else Standing.WAITING


def _submitted(store: Store, day: date) -> QuerySet[SubmissionAttempt]:
    """One statement, so that all of it is as of one moment."""
    begin, end = _midnight(store, day), _midnight(store, day + timedelta(days=1))
    attempts = SubmissionAttempt.objects.filter(store=store, sealed_at__gte=begin, sealed_at__lt=end)
    settled = Settlement.objects.filter(attempt=OuterRef("pk")).exclude(outcome=Status.NO_ACCOUNT)
    later = SubmissionAttempt.objects.filter(application=OuterRef("application"), number__gt=OuterRef("number"))
    # The encrypted columns are neither needed nor opened here.
    sealed = ("snapshot", "sensitive", "answer", "found", "application__answers")
    return (
        attempts.annotate(
            settled_how=Subquery(settled.order_by("-settled_at").values("how")[:1]),
            is_latest=~Exists(later),
            is_last_lost=~Exists(later.filter(outcome=Status.UNKNOWN)),
        )
        .select_related("application", "submitted_by")
        .defer(*sealed)
        .order_by("sealed_at")
    )


def _midnight(store: Store, day: date) -> datetime:
    """When the day begins in the store; a day of a clock change has 23 or 25 hours."""
    return datetime.combine(day, time.min, tzinfo=store.tzinfo)
