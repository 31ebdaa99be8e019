"""The doors of the journey. One dispatcher sends everybody to where they may be (`steps`)."""

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from applications import drafting
from applications.flow_log import enter_flow
from applications.journey.changed import to_step
from applications.journey.checking import summary
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.form_page import form_page, keep_for_later
from applications.journey.languages import SWITCHES, switch_as_asked
from applications.journey.position import page_context, position_of
from applications.journey.steps import CHECK, IDENTITY, TERMS, Position, step_named
from applications.journey.submitting import revision_in, submitted, to_waiting
from applications.journey.terms_page import terms_page
from applications.models import Application, CustomerLanguage
from applications.statuses import Status
from applications.submission.sealing import submit as seal_and_queue
from merchants.credentials.circuits import is_open
from merchants.credentials.succession import is_left_behind
from merchants.guards import at_the_counter
from merchants.signing_in.idleness import keeps_typed


@require_POST
@at_the_counter
def start_application(request: CounterRequest) -> HttpResponse:
    """A new application, in the language of the screen until the customer has said theirs."""
    if request.counter.credential is None:
        messages.error(request, request.counter.credential_alert)
        return redirect("counter")
    language = CustomerLanguage.FRENCH if get_language() == "fr" else CustomerLanguage.ENGLISH
    try:
        application = drafting.start(request.counter, by=request.user, language=language)
    except drafting.NoCredential:
        return redirect("counter")
    enter_flow(application)
    return redirect("step", application.pk, "start")


@require_GET
@at_the_counter
def journey(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Back to where the application was left."""
    application = application_or_404(request, application_id)
    if application.status == Status.EXPIRED:
        return render(request, "journey/expired.html", {"hours": settings.DRAFT_HOURS})
    if not application.is_editable:
        return redirect("application", application_id)
    position = position_of(application)
    if position is None:
        return _no_options(request, application)
    return to_step(request, application, position.first_unfinished.name)


def _keep_step(request: CounterRequest, application_id: UUID, step_name: str) -> None:
    """Keep what was typed when the step itself may not answer, as at a till that was locked."""
    wanted = step_named(step_name)
    if wanted and request.counter and request.counter.store:
        with suppress(Http404):
            keep_for_later(request, application_or_404(request, application_id), wanted)


def _keep_identity(request: CounterRequest, application_id: UUID) -> None:
    _keep_step(request, application_id, IDENTITY.name)


@keeps_typed(_keep_step)
@require_http_methods(["GET", "POST"])
@at_the_counter
def step(request: CounterRequest, application_id: UUID, step_name: str) -> HttpResponse:
    """A step, or the first unfinished one when this is not its turn yet. What was typed is kept either way."""
    wanted = step_named(step_name)
    if wanted is None:
        raise Http404
    application = application_or_404(request, application_id)
    if not application.is_editable:
        return redirect("application", application_id)
    position = position_of(application)
    if position is None:
        keep_for_later(request, application, wanted)
        return _no_options(request, application)
    if not position.may_open(wanted):
        keep_for_later(request, application, wanted)
        return redirect("step", application_id, position.first_unfinished.name)
    if wanted is TERMS:
        return terms_page(request, application, position)
    if wanted is CHECK:
        return _check(request, application, position)
    return form_page(request, application, position, wanted)


@keeps_typed(_keep_identity)
@require_POST
@at_the_counter
def scan(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """The scan box of the identity step, which sends along what was typed beside it."""
    application = application_or_404(request, application_id)
    position = position_of(application) if application.is_editable else None
    if position is None or not position.may_open(IDENTITY):
        return redirect("application", application_id)
    return form_page(request, application, position, IDENTITY, scanning=True)


@require_POST
@at_the_counter
def submit(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Seal and queue, once: a second click or a replayed form lands on the same page as the first."""
    application = application_or_404(request, application_id)
    position = position_of(application) if application.is_editable else None
    if position is None or position.first_unfinished is not CHECK:
        return redirect("application", application_id)
    revision = revision_in(request.POST)
    if is_open(application.credential):
        return to_waiting(application, revision)
    return submitted(application, revision, lambda: seal_and_queue(application, by=request.user, revision=revision))


def _check(request: CounterRequest, application: Application, position: Position) -> HttpResponse:
    if any(name in request.POST for name in SWITCHES):
        with suppress(drafting.NotEditable):  # sent from another window a moment ago
            return switch_as_asked(request, application, HttpResponseRedirect(request.path))
        return redirect("application", application.pk)
    context = {
        **page_context(application, position, CHECK),
        "sections": summary(application, position),
        "lender_is_silent": is_open(application.credential),
    }
    return render(request, "journey/check.html", context)


def _no_options(request: CounterRequest, application: Application) -> HttpResponse:
    """Another environment by now, or the lender has never told what may be chosen. Nothing is asked, nothing lost."""
    if is_left_behind(application.credential):
        return render(request, "journey/begin_again.html", {"application": application})
    return render(request, "journey/no_options.html", {"application": application})
