"""What managers do about an application under review at the lender. Nobody overwrites what another wrote meanwhile."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Application
from applications.review.models import FollowUp, FollowUpNote, StatedOutcome
from applications.statuses import Status
from applications.submission.by_person import end_review_as_told
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import Role, Store, User

_ENDS_THE_REVIEW = (StatedOutcome.APPROVED, StatedOutcome.DECLINED)


class ChangedMeanwhile(Exception):
    """Somebody else changed, closed or opened the follow-up since the page was shown."""


def follow_up_of(application: Application) -> FollowUp | None:
    """The follow-up of an application that was ever pending."""
    return FollowUp.objects.select_related("owner", "closed_by").filter(pk=application.pk).first()


def notes_of(application: Application) -> list[FollowUpNote]:
    """What was noted, the latest first."""
    return list(application.notes.select_related("written_by").order_by("-written_at"))


def may_own(store: Store) -> list[User]:
    """Who may look after an application of this store, by name."""
    members = store.memberships.filter(merchant=store.merchant_id, user__is_active=True)
    people = members.exclude(role=Role.ADMINISTRATOR).select_related("user")
    return sorted((one.user for one in people), key=lambda person: str(person).casefold())


def mark_of(follow_up: FollowUp) -> str:
    """What a page shows of the plan: sent back with a change, so that it replaces nothing else."""
    return f"{follow_up.owner_id or ''} {follow_up.due_at.isoformat()}"


def plan(application: Application, *, owner: User | None, due_at: datetime, seen: str, by: User) -> None:
    """Who looks after it, and until when. `seen` is the mark of the plan that is replaced. Raises ChangedMeanwhile."""
    with transaction.atomic():
        before = FollowUp.objects.get(pk=application.pk)
        if mark_of(before) != seen:
            raise ChangedMeanwhile
        as_seen = _open(application).filter(owner=before.owner_id, due_at=before.due_at)
        if not as_seen.update(owner=owner, due_at=due_at):
            raise ChangedMeanwhile
        detail = {"owner": str(owner) if owner else "", "due": due_at.isoformat()}
        _record(EventName.FOLLOW_UP_CHANGED, application, by=by, detail=detail)


def take(application: Application, *, seen: str, by: User) -> None:
    """Whoever presses looks after it from now on. Raises ChangedMeanwhile."""
    plan(application, owner=by, due_at=FollowUp.objects.get(pk=application.pk).due_at, seen=seen, by=by)


def add_note(application: Application, text: str, *, by: User) -> None:
    """A line for whoever looks next. It may be added after the end, too."""
    with transaction.atomic():
        note = FollowUpNote.objects.create(application=application, text=text, written_by=by)
        _record(EventName.FOLLOW_UP_NOTED, application, by=by, detail={"note": str(note.pk)})


def note_call(application: Application, *, by: User) -> None:
    """The customer was called just now, by this person."""
    with transaction.atomic():
        FollowUp.objects.filter(pk=application.pk).update(called_at=timezone.now())
        _record(EventName.CUSTOMER_CALLED, application, by=by)


def close(application: Application, stated: StatedOutcome, *, account_number: str = "", reason: str, by: User) -> None:
    """End it with what a person states.

    What the lender decided settles the application. A customer who withdrew, or a lender who says nothing, leaves it as
    it is. Raises ChangedMeanwhile, and what `end_review_as_told` raises.
    """
    with transaction.atomic():
        if not _open(application).select_for_update().exists():
            raise ChangedMeanwhile
        if stated in _ENDS_THE_REVIEW:
            end_review_as_told(application, Status(stated), account_number=account_number, reason=reason, by=by)
            return
        if not _open(application).update(closed_at=timezone.now(), closed_by=by, outcome=stated):
            raise ChangedMeanwhile
        add_note(application, reason, by=by)
        _record(EventName.FOLLOW_UP_CLOSED, application, by=by, detail={"outcome": str(stated)})


def open_again(application: Application, *, by: User) -> None:
    """The customer or the lender was heard of after all. Raises ChangedMeanwhile."""
    due_at = timezone.now() + timedelta(hours=settings.PENDING_DUE_HOURS)
    closed = FollowUp.objects.filter(pk=application.pk, application__status=Status.PENDING, closed_at__isnull=False)
    with transaction.atomic():
        if not closed.update(closed_at=None, closed_by=None, outcome="", due_at=due_at):
            raise ChangedMeanwhile
        detail: Mapping[str, Detail] = {"opened_again": True, "due": due_at.isoformat()}
        _record(EventName.FOLLOW_UP_CHANGED, application, by=by, detail=detail)


def _open(application: Application) -> QuerySet[FollowUp]:
    return FollowUp.objects.filter(pk=application.pk, closed_at=None)


def _record(
    event: EventName, application: Application, *, by: User, detail: Mapping[str, Detail] | None = None
) -> None:
    record(event, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
