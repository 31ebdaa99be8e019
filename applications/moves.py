"""Every change of an application's status goes through `move`, with its audit event, in one transaction."""

from typing import Any

from django.utils import timezone

from applications.follow_ups import follow_status
from applications.models import Application
from applications.statistics.recording import count_move
from applications.statuses import IllegalMove, Status, may_move
from audit.events import record
from audit.names import EventName
from merchants.models import User


def move(
    application: Application,
    to: Status,
    *,
    by: User | None,
    event: EventName,
    detail: dict[str, Any] | None = None,
) -> None:
    """Move `application` to `to`, or raise IllegalMove when the table forbids it or another process moved it first.

    Call it inside the transaction of the change it belongs to. The update is guarded by the status we read, so of two
    processes that try the same move exactly one succeeds, on SQLite and on PostgreSQL.
    """
    before = application.status
    if not may_move(before, to):
        raise IllegalMove(before, to)
    now = timezone.now()
    moved = Application.objects.filter(pk=application.pk, status=before).update(status=to, updated_at=now)
    if not moved:
        raise IllegalMove(before, to)
    application.status = to
    application.updated_at = now
    count_move(application, before=before)
    record(event, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
    follow_status(application, before, by=by)
