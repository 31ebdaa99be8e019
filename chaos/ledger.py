"""What the portal has written down about some drafts. Needs Django (stack.py)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from applications.models import Application, SubmissionAttempt
from audit.models import Event
from audit.names import EventName
from chaos.books import keep_books
from chaos.drafts import Draft
from chaos.lender import Flow


@dataclass(frozen=True)
class Kept:
    """One application: its status, how often it was sealed, and the employer that was sealed last.

    answered_at: when the lender's answer was recorded, in seconds of the clock. is_wrong: the lender knows otherwise.
    """

    status: str
    attempts: int
    employer: str
    answered_at: float | None
    is_wrong: bool


def kept(drafts: Sequence[Draft], flows: Mapping[str, Flow]) -> dict[str, Kept]:
    """By reference id."""
    attempts: dict[UUID, list[SubmissionAttempt]] = {draft.id: [] for draft in drafts}
    for attempt in SubmissionAttempt.objects.filter(application__in=attempts).order_by("number"):
        attempts[attempt.application_id].append(attempt)
    answers = Event.objects.filter(name=EventName.ANSWERED, subject_id__in=map(str, attempts))
    answered = {subject: at.timestamp() for subject, at in answers.values_list("subject_id", "at")}
    return {
        draft.reference_id: Kept(
            status=str(entry.status),
            attempts=len(attempts[draft.id]),
            employer=attempts[draft.id][-1].snapshot["employer_name"] if attempts[draft.id] else "",
            answered_at=answered.get(str(draft.id)),
            is_wrong=entry.is_wrong,
        )
        for draft, entry in zip(drafts, keep_books(drafts, drafts, flows).entries, strict=True)
    }


def let_pass(drafts: Sequence[Draft], minutes: float) -> None:
    """Everything in the rows of these drafts happened so much earlier; the audit stays as it is."""
    passed = timedelta(minutes=minutes)
    rows = Application.objects.filter(pk__in=[draft.id for draft in drafts])
    rows.update(**{name: F(name) - passed for name in ("created_at", "updated_at")})
    attempts = SubmissionAttempt.objects.filter(application__in=rows)
    attempts.update(**{name: F(name) - passed for name in ("sealed_at", "sending_since", "lease_until", "closed_at")})
