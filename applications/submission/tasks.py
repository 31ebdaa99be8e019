"""Celery entry points. Messages carry ids at most; a task that runs twice does its work once."""

from celery import shared_task

from applications.submission import cancellation, delivery, nudge, reconciliation, retiring
from applications.submission import sweep as sweeping
from applications.submission.stopping import leave_to_others_when_stopping


@shared_task(name=nudge.DELIVER_NEXT)
def deliver_next() -> None:
    leave_to_others_when_stopping()
    delivery.deliver_next()


@shared_task(name=nudge.DELIVER_CANCELLATION)
def deliver_cancellation(cancellation_id: str) -> None:
    leave_to_others_when_stopping()
    cancellation.deliver_close(int(cancellation_id))


@shared_task(name=nudge.LOOK)
def look() -> None:
    reconciliation.look_for_what_is_due()


@shared_task
def sweep() -> None:
    sweeping.sweep()


@shared_task
def erase_retired_credentials() -> None:
    retiring.erase_retired_credentials()
