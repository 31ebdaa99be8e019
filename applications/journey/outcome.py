"""After the submission: the waiting page, the decision, the customer's copy, and the Quebec cancellation."""

from contextlib import suppress
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.decision_page import Outcome
from applications.journey.held_page import held_page
from applications.journey.position import position_of
from applications.journey.same_person import application_before
from applications.journey.steps import CHECK
from applications.journey.submitting import submitted, to_waiting
from applications.journey.terms_display import accepted_html
from applications.journey.unsettled_page import BY_ITSELF, has_changed, unsettled_page
from applications.journey.waiting_page import is_held_back, waiting_page
from applications.statuses import UNSETTLED, Status
from applications.submission.cancellation import (
    CannotCancel,
    may_cancel,
    open_cancellation,
    request_cancellation,
)
from applications.submission.sealing import submit
from applications.viewing import record_event
from audit.names import EventName
from merchants.credentials.circuits import is_open
from merchants.guards import at_the_counter
from merchants.signing_in.idleness import asked_by_itself


@asked_by_itself(when=BY_ITSELF)
@require_GET
@at_the_counter
def application(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """The one address of an application: the page for its state."""
    found = application_or_404(request, application_id)
    if found.status in (Status.DRAFT, Status.EXPIRED):
        return redirect("journey", application_id)
    if found.is_in_flight:
        return waiting_page(request, found)
    if found.status in UNSETTLED:
        return unsettled_page(request, found)
    record_event(found, EventName.VIEWED, by=request.user)
    if found.status == Status.HELD:
        return held_page(request, found)
    outcome = Outcome.of(found)
    context = {"outcome": outcome, "application": found}
    if outcome.may_be_a_duplicate:
        context["earlier"] = application_before(request.counter, found)
    return render(request, f"outcome/{found.status}.html", context)


@asked_by_itself()
@require_GET
@at_the_counter
def application_status(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """What the waiting pages ask for every second or two: nothing new, or the way to what is."""
    found = application_or_404(request, application_id)
    has_left_the_line = "in_line" in request.GET and found.status != Status.QUEUED
    waits_otherwise = ("held_back" in request.GET) != is_held_back(found) and found.status == Status.QUEUED
    if (found.is_in_flight and not has_left_the_line and not waits_otherwise) or open_cancellation(found):
        return HttpResponse(status=204)
    page = reverse("application", args=[application_id])
    if found.status not in UNSETTLED or "seen" not in request.GET:
        return HttpResponseClientRedirect(page)
    is_new = has_changed(found, request.GET["seen"])
    return HttpResponseClientRedirect(f"{page}?{BY_ITSELF}") if is_new else HttpResponse(status=204)


@require_POST
@at_the_counter
def send_again(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """After a failure in which certainly nothing was processed. What no longer holds is asked again first."""
    found = application_or_404(request, application_id)
    if found.status == Status.FAILED:
        position = position_of(found)
        if position is None or position.first_unfinished is not CHECK:
            return redirect("journey", application_id)
        if is_open(found.credential):
            return to_waiting(found, found.revision)
        return submitted(found, found.revision, lambda: submit(found, by=request.user, revision=found.revision))
    return redirect("application", application_id)


@require_POST
@at_the_counter
def keep(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """The Quebec customer saw the debt ratio and keeps the account."""
    found = application_or_404(request, application_id)
    if found.status != Status.APPROVED:
        return redirect("application", application_id)
    record_event(found, EventName.APPROVAL_KEPT, by=request.user)
    return redirect("customer_copy", application_id)


@require_http_methods(["GET", "POST"])
@at_the_counter
def cancel(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Asked once on the decision page, once more here; the POST records the request before anything is sent."""
    found = application_or_404(request, application_id)
    if request.method == "GET" and may_cancel(found):
        return render(request, "outcome/cancel.html", {"outcome": Outcome.of(found), "application": found})
    if request.method == "POST":
        with suppress(CannotCancel):
            request_cancellation(found, by=request.user)
    return redirect("application", application_id)


@require_GET
@at_the_counter
def customer_copy(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """What the customer takes home: the decision, and the terms accepted, in the customer's language."""
    found = application_or_404(request, application_id)
    if not found.is_final:
        return redirect("application", application_id)
    record_event(found, EventName.PRINTED, by=request.user, detail={"document": "customer_copy"})
    outcome = Outcome.of(found)
    terms = {"acceptance": outcome.acceptance, "terms_html": accepted_html(outcome.acceptance)}
    return render(request, "outcome/customer_copy.html", {"outcome": outcome, "application": found, **terms})


@require_GET
@at_the_counter
def debt_ratio_document(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Quebec's document with nothing on it but the debt ratio and what it was computed from (canada.md §1)."""
    found = application_or_404(request, application_id)
    outcome = Outcome.of(found)
    if outcome.decision is None or outcome.decision.debt_ratio is None:
        raise Http404
    record_event(found, EventName.PRINTED, by=request.user, detail={"document": "debt_ratio"})
    return render(request, "outcome/debt_ratio.html", {"outcome": outcome, "application": found})
