"""A view that calls the lender while the browser waits: what in_flight.py compares the portal's workers with."""

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from applications.journey.counter_request import CounterRequest, application_or_404
from applications.models import Application
from applications.persons import account_key
from applications.statuses import Status
from applications.submission.payload import seal_body
from merchants.guards import at_the_counter
from merchants.sessions import client_for
from posapi import CreditApplication, errors


@require_POST
@at_the_counter
def submit(request: CounterRequest, application_id: Any) -> HttpResponse:
    """Send it, keep the answer, and show it."""
    application = application_or_404(request, application_id)
    body = CreditApplication.from_body(seal_body(application))
    with client_for(application.credential) as client:
        try:
            approval = client.flow(application.reference_id).apply(body)
        except errors.ApplicationDeclined:
            _save(application, Status.DECLINED)
        except errors.ApplicationPending:
            _save(application, Status.PENDING)
        else:
            application.account_key = account_key(approval.account_number)
            _save(application, Status.APPROVED)
    return redirect("application", application_id)


def _save(application: Application, status: Status) -> None:
    with transaction.atomic():
        application.status = status
        application.save(update_fields=["status", "account_key"])


urlpatterns = [
    path("applications/<uuid:application_id>/submit/", submit, name="submit"),
    path("", include("flexiti_portal.urls")),
]
