"""The pattern that others use: call the API inside the database transaction; on an error roll back and try again.

It is written as its advocates would: the row is locked, the task is acknowledged late and given back when its worker is
lost, errors are retried with a growing pause, and whoever finds the row already decided does nothing.
"""

from typing import Any

from celery import Task, shared_task
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from applications.journey.counter_request import CounterRequest, application_or_404
from applications.models import Application
from applications.statuses import Status
from chaos.calling import call_and_keep, keep
from merchants.guards import at_the_counter
from posapi import errors


@require_POST
@at_the_counter
def submit(request: CounterRequest, application_id: Any) -> HttpResponse:
    """Mark it as submitted and hand it to a worker, once."""
    application = application_or_404(request, application_id)
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if current.status == Status.DRAFT:
            keep(current, Status.QUEUED)
            transaction.on_commit(lambda: send.delay(str(current.pk)))
    return redirect("application", application_id)


class GivingUp(Task):
    """After the last try the associate is told that it was not sent."""

    def on_failure(self, _exc: Exception, _task_id: str, args: Any, _kwargs: Any, _einfo: Any) -> None:
        with transaction.atomic():
            keep(Application.objects.select_for_update().get(pk=args[0], status=Status.QUEUED), Status.FAILED)


@shared_task(
    base=GivingUp,
    acks_late=True,
    reject_on_worker_lost=True,
    autoretry_for=(errors.PosApiError, OperationalError, InterfaceError),
    retry_backoff=1,
    retry_backoff_max=30,
    max_retries=8,
)
def send(application_id: str) -> None:
    """Send it and keep the answer, or neither."""
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=application_id)
        if application.status == Status.QUEUED:
            call_and_keep(application)
