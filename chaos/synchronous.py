"""A view that calls the lender while the browser waits: what in_flight.py compares the portal's workers with."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import include, path
from django.views.decorators.http import require_POST

from applications.journey.counter_request import CounterRequest, application_or_404
from chaos.calling import call_and_keep
from merchants.guards import at_the_counter


@require_POST
@at_the_counter
def submit(request: CounterRequest, application_id: Any) -> HttpResponse:
    """Send it, keep the answer, and show it."""
    call_and_keep(application_or_404(request, application_id))
    return redirect("application", application_id)


urlpatterns = [
    path("applications/<uuid:application_id>/submit/", submit, name="submit"),
    path("", include("flexiti_portal.urls")),
]
