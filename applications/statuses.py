"""The states of an application and the one table of moves between them (design.md §3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    DRAFT = "draft", _("Draft")
    EXPIRED = "expired", _("Expired draft")
    QUEUED = "queued", _("Waiting to be sent")
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


# What an answer of `/apply` can come to.
ANSWERS = frozenset(
    {
        Status.APPROVED,
        Status.DECLINED,
        Status.PENDING,
        Status.ALREADY_CUSTOMER,
        Status.NEEDS_CORRECTION,
        Status.FAILED,
    }
)

MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.QUEUED, Status.EXPIRED}),
    Status.EXPIRED: frozenset(),
    Status.QUEUED: frozenset({Status.SENDING}),
    Status.SENDING: ANSWERS | {Status.UNKNOWN},
    Status.APPROVED: frozenset({Status.CANCELLING}),
    Status.CANCELLING: frozenset({Status.CANCELLED, Status.APPROVED}),
    Status.CANCELLED: frozenset(),
    Status.DECLINED: frozenset(),
    Status.PENDING: frozenset(),
    Status.ALREADY_CUSTOMER: frozenset(),
    Status.NEEDS_CORRECTION: frozenset({Status.DRAFT, Status.EXPIRED}),
    Status.FAILED: frozenset({Status.DRAFT, Status.QUEUED, Status.EXPIRED}),
    # The answer of the very call, when it comes after all.
    Status.UNKNOWN: ANSWERS,
}

IN_FLIGHT = frozenset({Status.QUEUED, Status.SENDING})
EDITABLE = frozenset({Status.DRAFT, Status.NEEDS_CORRECTION, Status.FAILED})
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
    return Status(after) in MOVES[Status(before)]
