"""Going on with what the person before had open, at a till that was handed over."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from applications.selectors import applications_of
from merchants.access import Action, allows


@require_GET
@allows(Action.OPEN_HOME)
def pick_up(request: HttpRequest) -> HttpResponse:
    """To the application, if it belongs to the store at which this person stands; else to their first page."""
    counter = request.counter  # type: ignore[attr-defined]
    wanted = _id_in(request)
    if wanted and counter and counter.store and applications_of(counter).filter(pk=wanted).exists():
        return redirect("application", wanted)
    return redirect("counter")


def _id_in(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("application", ""))
    except ValueError:
        return None
