"""What must hold after every single step of the journey, whatever was done (design.md §3). Each raises `Broken`."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from applications.models import Application, ConsentKind
from applications.statuses import Status, may_move
from audit.events import timeline
from audit.models import Event
from audit.names import EventName
from chaos.journey.watched_moves import WatchedMove

_ANSWERED = frozenset({EventName.ANSWERED, EventName.SETTLED})
# The events that may stand for a move into a status: a move of which none tells has left no evidence.
_TOLD_BY: Mapping[Status, frozenset[EventName]] = {
    Status.DRAFT: frozenset({EventName.STEP_SAVED, EventName.TAKEN_BACK}),
    Status.EXPIRED: frozenset({EventName.DRAFT_EXPIRED}),
    Status.QUEUED: frozenset({EventName.SUBMITTED, EventName.RELEASED, EventName.BACK_IN_LINE}),
    Status.HELD: frozenset({EventName.HELD}),
    Status.SENDING: frozenset({EventName.SENT}),
    Status.UNKNOWN: frozenset({EventName.OUTCOME_UNKNOWN}),
    # Also when a second send came to nothing: what became of the first is as open as before.
    Status.NO_ACCOUNT: _ANSWERED | {EventName.NO_ACCOUNT, EventName.NOT_SENT, EventName.HELD},
    Status.APPROVED: _ANSWERED | {EventName.CANCELLATION_ANSWERED},
    Status.CANCELLING: frozenset({EventName.CANCELLATION_REQUESTED}),
    Status.CANCELLED: frozenset({EventName.CANCELLATION_ANSWERED}),
    Status.DECLINED: _ANSWERED,
    Status.PENDING: _ANSWERED,
    Status.ALREADY_CUSTOMER: _ANSWERED | {EventName.EXISTING_ACCOUNT_USED},
    Status.NEEDS_CORRECTION: frozenset({EventName.CORRECTION_REQUESTED}),
    Status.FAILED: _ANSWERED | {EventName.NOT_SENT, EventName.TAKEN_BACK},
}
_APPROVED = frozenset({Status.APPROVED, Status.CANCELLING, Status.CANCELLED})
_NOTHING_OPENED = frozenset(
    {Status.DRAFT, Status.QUEUED, Status.HELD, Status.FAILED, Status.NEEDS_CORRECTION, Status.NO_ACCOUNT}
)


class Broken(AssertionError):
    """A promise of the journey does not hold."""


def moves_are_allowed(moves: Sequence[WatchedMove]) -> None:
    """Each is an arrow of the one table."""
    for move in moves:
        if not may_move(move.before, move.after):
            raise Broken(f"illegal move from {move.before} to {move.after}")


def moves_are_told(application: Application, moves: Sequence[WatchedMove], *, after: int) -> int:
    """Each has an event of its own, in the same order, later than the event `after`. The id of the latest event."""
    events = list(timeline(application).filter(id__gt=after))
    untold = iter(events)
    for move in moves:
        if not any(_tells(event, move) for event in untold):
            names = ", ".join(event.name for event in events)
            raise Broken(f"no event tells of the move from {move.before} to {move.after}, only: {names or 'none'}")
    if moves and moves[-1].after != application.status:
        raise Broken(f"the last move went to {moves[-1].after}, the application is {application.status}")
    return events[-1].pk if events else after


def bureau_is_asked_once(applications: Iterable[Application], accepted: Mapping[str, int]) -> None:
    """Of each person one accepted `apply`, and one more for every time this person agreed to another inquiry."""
    asked: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for application in applications:
        asked[application.person_key] += accepted.get(application.reference_id, 0)
        agreed[application.person_key] += application.consents.filter(kind=ConsentKind.ANOTHER_INQUIRY).count()
    for person, times in asked.items():
        if times > 1 + agreed[person]:
            raise Broken(f"the lender adjudicated {times} times, the customer agreed to {1 + agreed[person]}")


def sends_that_need_consent(moves: Iterable[WatchedMove]) -> int:
    """Past an account that was found, or a second time after an outcome that nobody learned."""
    return sum(move.before in (Status.HELD, Status.NO_ACCOUNT) and move.after == Status.QUEUED for move in moves)


def consent_was_given(application: Application, sends: int) -> None:
    """As often as it was needed."""
    agreed = application.consents.filter(kind=ConsentKind.ANOTHER_INQUIRY).count()
    if sends > agreed:
        raise Broken(f"sent {sends} times with consent to another inquiry needed, given {agreed} times")


def status_is_true(application: Application, accepted: int, account: str) -> None:
    """No status claims what the lender does not know. `account` is the status of its account, "" without one."""
    status = Status(application.status)
    if status in _APPROVED and not account:
        raise Broken(f"{status} without an account")
    if status == Status.CANCELLED and account != "C":
        raise Broken("cancelled, but the account is open")
    if status == Status.APPROVED and account == "C":
        raise Broken("approved, but the account is closed")
    if status in (Status.DECLINED, Status.PENDING) and (account or not accepted):
        raise Broken(f"{status}, but the lender {'opened an account' if account else 'never adjudicated'}")
    if status in _NOTHING_OPENED and account:
        raise Broken(f"{status}, but the lender opened an account")


def _tells(event: Event, move: WatchedMove) -> bool:
    if event.name not in _TOLD_BY[Status(move.after)]:
        return False
    return event.name not in _ANSWERED or move.after == Status.NO_ACCOUNT or event.detail["outcome"] == move.after
