"""The states of an application and the one table of moves between them (design.md §3, drawn in docs/states.md)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    EXPIRED = "expired", _("Expired draft")
    QUEUED = "queued", _("Waiting to be sent")
    HELD = "held", _("Waiting for a decision at the counter")
    SENDING = "sending", _("Being sent")
    APPROVED = "approved", _("Approved")
    CANCELLING = "cancelling", _("Cancellation under way")
    CANCELLED = "cancelled", _("Cancelled")
    DECLINED = "declined", _("Declined")
    PENDING = "pending", _("Under review at Flexiti")
    ALREADY_CUSTOMER = "already_customer", _("Already a Flexiti customer")
    NEEDS_CORRECTION = "needs_correction", _("Needs a correction")
    FAILED = "failed", _("Not sent")
    UNKNOWN = "unknown", _("Outcome not known")
    NO_ACCOUNT = "no_account", _("No account found")


@dataclass(frozen=True)
class Move:
    """One arrow: from a status to a status, and what makes it happen, in words for the diagram."""

    before: Status
    after: Status
    when: str


def _answered(before: Status, when: str) -> tuple[Move, ...]:
    """Every answer that `/apply` can come to."""
    answers = (
        Status.APPROVED,
        Status.DECLINED,
        Status.PENDING,
        Status.ALREADY_CUSTOMER,
        Status.NEEDS_CORRECTION,
        Status.FAILED,
    )
    return tuple(Move(before, answer, when) for answer in answers)


# What a manager may write down on the lender's word.
TELLABLE = (Status.APPROVED, Status.DECLINED, Status.PENDING)
# Back at the counter after a later send came to nothing, when the answer to an earlier one came after all.
OPEN_AGAIN = (Status.NEEDS_CORRECTION, Status.DRAFT, Status.FAILED)
# The customer cancelled, or the draft was purged: it stays so, and a manager writes down what became of the account.
OVER = (Status.CANCELLING, Status.CANCELLED, Status.EXPIRED)
# What a late answer may contradict so that a manager has to ask.
CONTRADICTABLE = (*TELLABLE, Status.ALREADY_CUSTOMER, *OPEN_AGAIN, *OVER)


def _told_after_a_contradiction() -> tuple[Move, ...]:
    when = "a late answer contradicted it, a person settled it"
    movable = [known for known in CONTRADICTABLE if known not in (Status.PENDING, *OVER)]
    return tuple(Move(known, told, when) for known in movable for told in TELLABLE if known != told)


MOVES: tuple[Move, ...] = (
    Move(Status.DRAFT, Status.QUEUED, "submitted"),
    Move(Status.DRAFT, Status.EXPIRED, "purged"),
    Move(Status.QUEUED, Status.SENDING, "a worker is about to send it"),
    Move(Status.QUEUED, Status.HELD, "the lender has an account for this person"),
    Move(Status.QUEUED, Status.FAILED, "not sent, the lender cannot be reached or it was taken back"),
    Move(Status.QUEUED, Status.NO_ACCOUNT, "not sent again, what became of the first send is still open"),
    Move(Status.HELD, Status.QUEUED, "send all the same, with the customer's consent"),
    Move(Status.HELD, Status.ALREADY_CUSTOMER, "not sent, the customer uses the account there is"),
    Move(Status.HELD, Status.DRAFT, "the answers are changed first"),
    Move(Status.HELD, Status.EXPIRED, "purged"),
    *_answered(Status.SENDING, "answered"),
    Move(Status.SENDING, Status.UNKNOWN, "no readable answer, the lease ended, or the first send may be why"),
    Move(Status.SENDING, Status.NO_ACCOUNT, "not sent again or a duplicate, what became of the first is still open"),
    Move(Status.SENDING, Status.QUEUED, "not processed, it waits with consent or goes with a new credential"),
    *_answered(Status.UNKNOWN, "settled by a late answer, a search or a person"),
    Move(Status.UNKNOWN, Status.NO_ACCOUNT, "no account on repeated looks"),
    *_answered(Status.NO_ACCOUNT, "settled by a late answer, a later search or a person"),
    Move(Status.NO_ACCOUNT, Status.UNKNOWN, "already a customer, perhaps of the first send"),
    Move(Status.NO_ACCOUNT, Status.QUEUED, "sent again, with the customer's consent"),
    *_told_after_a_contradiction(),
    Move(Status.PENDING, Status.APPROVED, "the review at the lender ended, a person settled it"),
    Move(Status.PENDING, Status.DECLINED, "the review at the lender ended, a person settled it"),
    Move(Status.APPROVED, Status.CANCELLING, "a Quebec customer cancels"),
    Move(Status.CANCELLING, Status.CANCELLED, "the lender closed the account"),
    Move(Status.CANCELLING, Status.APPROVED, "the lender refused to close it"),
    Move(Status.NEEDS_CORRECTION, Status.DRAFT, "edited"),
    Move(Status.NEEDS_CORRECTION, Status.EXPIRED, "purged"),
    Move(Status.FAILED, Status.DRAFT, "edited"),
    Move(Status.FAILED, Status.QUEUED, "sent again"),
    Move(Status.FAILED, Status.EXPIRED, "purged"),
)

_ALLOWED = frozenset((move.before, move.after) for move in MOVES)

IN_FLIGHT = frozenset({Status.QUEUED, Status.SENDING})
EDITABLE = frozenset({Status.DRAFT, Status.NEEDS_CORRECTION, Status.FAILED})
# The lender has not got it: somebody at the counter goes on with it, or leaves it.
AT_THE_COUNTER = EDITABLE | {Status.HELD}
# Out of the associate's hands.
SENT = frozenset(Status) - EDITABLE - {Status.EXPIRED}
# The lender has it, or may have it, or is about to: nothing else may be sent for this person meanwhile.
UNDER_WAY = frozenset({Status.QUEUED, Status.HELD, Status.SENDING, Status.UNKNOWN})
# Sent, and what became of it is not known: a search or a person settles it.
UNSETTLED = frozenset({Status.UNKNOWN, Status.NO_ACCOUNT})
# Answers after which the lender needs nothing more from us: sensitive answers are purged (design.md §4).
FINAL = frozenset(
    {
        Status.APPROVED,
        Status.CANCELLING,
        Status.CANCELLED,
        Status.DECLINED,
        Status.PENDING,
        Status.ALREADY_CUSTOMER,
    }
)


class IllegalMove(Exception):
    """A change of status that the table does not allow, or that somebody else made first."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"An application cannot move from {before} to {after}.")
        self.before = before
        self.after = after


def may_move(before: str, after: str) -> bool:
    return (before, after) in _ALLOWED
