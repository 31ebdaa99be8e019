"""What a customer's wish to be erased comes to, within the law: what nobody has to keep goes, the rest says until when.

Drafts go, and what was never sent to the lender. What a decision was made with is kept for its period, because the
customer, the lender or a court may ask for it; of that, notes and found accounts go. What is with the lender is kept
until it is settled.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from applications.drafting import expire
from applications.models import Application
from applications.purge import ON_REQUEST, purge_sensitive
from applications.retention import kinds
from applications.retention.erasing import erase_answers, with_nothing_open
from applications.retention.persons_asked import Held
from applications.spans import after
from applications.statuses import AT_THE_COUNTER, UNSETTLED
from audit.events import record
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import User


class CameTo(StrEnum):
    """What erasure comes to for one application. A stored value is never renamed."""

    ERASED = "erased"
    KEPT = "kept"
    UNDER_WAY = "under_way"
    OF_ANOTHER = "of_another"


@dataclass(frozen=True)
class Fate:
    """`until`: when what is kept is erased, where that is known."""

    application: Application
    came_to: CameTo
    until: datetime | None = None


def planned(held: Held) -> Fate:
    """What erasing would come to now."""
    application = held.application
    was_sent = application.attempts.filter(snapshot__isnull=False, sending_since__isnull=False).exists()
    if application.status in AT_THE_COUNTER:
        if not held.answers_are_theirs:
            return Fate(application, CameTo.OF_ANOTHER)
        return _kept(application, timezone.now()) if was_sent else Fate(application, CameTo.ERASED)
    if not with_nothing_open(Application.objects.filter(pk=application.pk)).exists():
        return Fate(application, CameTo.UNDER_WAY)
    if was_sent:
        return _kept(application, application.updated_at)
    return Fate(application, CameTo.ERASED if held.answers_are_theirs else CameTo.OF_ANOTHER)


def erase(held: Held, *, by: User) -> Fate:
    """Erase what may go of one application, as `planned` says of it under its lock. Every one leaves events."""
    with transaction.atomic():
        locked = Application.objects.select_for_update(of=("self",)).select_related("merchant", "store")
        current = Held(locked.get(pk=held.application.pk), held.identities)
        fate = planned(current)
        _record(fate, by=by)
        _erase(fate, by=by)
    return fate


def _erase(fate: Fate, *, by: User) -> None:
    application = fate.application
    if fate.came_to == CameTo.OF_ANOTHER:
        return
    if application.status in AT_THE_COUNTER:
        expire(application)
    elif fate.came_to == CameTo.ERASED:
        erase_answers(application, why=ON_REQUEST, by=by)
    elif fate.came_to == CameTo.KEPT:
        application.notes.all().delete()
        application.attempts.update(found=None, known_accounts=None)
    if application.status in UNSETTLED and application.attempts.filter(sensitive__isnull=False).exists():
        purge_sensitive(application)  # only sending it again would need it, which the customer does not want


def _kept(application: Application, since: datetime) -> Fate:
    return Fate(application, CameTo.KEPT, after(since, kinds.ANSWERS.period, kinds.ANSWERS.unit))


def _record(fate: Fate, *, by: User) -> None:
    application = fate.application
    detail: dict[str, Detail] = {"came_to": str(fate.came_to)}
    if fate.until:
        detail["kept_until"] = fate.until.date().isoformat()
    record(EventName.ERASURE_ASKED, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
