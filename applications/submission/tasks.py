"""Celery entry points. Messages carry ids only; a task that runs twice does its work once."""

from uuid import UUID

from celery import shared_task

from applications.submission import cancellation, delivery, nudge
from applications.submission import sweep as sweeping


@shared_task(name=nudge.DELIVER_ATTEMPT)
def deliver_attempt(attempt_id: str) -> None:
    delivery.deliver(UUID(attempt_id))


@shared_task(name=nudge.DELIVER_CANCELLATION)
def deliver_cancellation(cancellation_id: str) -> None:
    cancellation.deliver_close(int(cancellation_id))


@shared_task
def sweep() -> None:
    sweeping.sweep()
