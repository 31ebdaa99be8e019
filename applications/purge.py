"""After a final answer the lender needs nothing more from us: what could hurt the customer goes (design.md §4)."""

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from audit.events import record
from audit.names import EventName

# Why answers were erased, as the event of it says.
BY_PERIOD, ON_REQUEST = "period", "request"


def purge_sensitive(application: Application) -> None:
    """Drop SIN, security answer, identification word and ID number from the answers and from every attempt.

    The keyed digest of each attempt stays and still proves what was sent. Call it inside the deciding transaction, with
    the row that it locked.
    """
    application.answers = Answers.from_json(application.answers).without_sensitive().to_json()
    application.save(update_fields=["answers"])
    purged = application.attempts.filter(sensitive__isnull=False).update(sensitive=None)
    _record(application, purged)


def purge_answered(application: Application, attempt: SubmissionAttempt) -> None:
    """Drop them from one attempt that has its final answer, while the application goes another way by now."""
    held = application.attempts.filter(pk=attempt.pk, sensitive__isnull=False)
    if purged := held.update(sensitive=None):
        _record(application, purged)


def _record(application: Application, attempts: int) -> None:
    record(
        EventName.PURGED,
        subject=application,
        merchant_id=application.merchant_id,
        by=None,
        detail={"attempts": attempts},
    )
