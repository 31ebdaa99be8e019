"""While the lender does not answer: the customer is asked whether it may wait, and may take it back."""

from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from applications.journey.consent_form import ConsentForm
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.position import position_of
from applications.journey.same_person import look_for_same_person
from applications.journey.steps import CHECK
from applications.journey.submitting import revision_in, submitted, to_same_person
from applications.models import Application, ConsentKind
from applications.monitoring import set_back
from applications.statuses import Status
from applications.submission.waiting import TooLate, submit_to_wait, take_back
from merchants.credentials.circuits import is_open
from merchants.guards import at_the_counter


@require_http_methods(["GET", "POST"])
@at_the_counter
def let_it_wait(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Whether the customer lets it wait; without that the draft stays a draft."""
    application = application_or_404(request, application_id)
    position = position_of(application) if application.is_editable else None
    if position is None or position.first_unfinished is not CHECK:
        return redirect("application", application_id)
    if look_for_same_person(request.counter, application).is_known:
        return to_same_person(application, revision_in(request.GET))
    data = request.POST if request.method == "POST" else None
    form = ConsentForm(data, kind=ConsentKind.WAITING, language=application.lang)
    if form.is_valid():
        return _let_wait(request, application, form)
    if not form.is_bound and application.status != Status.FAILED and not is_open(application.credential):
        return redirect("journey", application_id)
    context = {"application": application, "form": form, "hours": settings.WAITING_HOURS}
    return render(request, "journey/let_it_wait.html", context, status=422 if form.is_bound else 200)


@require_POST
@at_the_counter
def take_it_back(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """The customer does not want to wait any longer. What is being sent already goes on to its answer."""
    application = application_or_404(request, application_id)
    with suppress(TooLate):
        take_back(application, by=request.user)
    return redirect("application", application_id)


def waiting_page(request: CounterRequest, application: Application) -> HttpResponse:
    """On its way, waiting in line for a lender that does not answer, or for whoever set the database back."""
    attempt = application.latest_attempt
    is_in_line = application.status == Status.QUEUED and attempt is not None and attempt.waits_since is not None
    template = "outcome/in_line.html" if is_in_line else "outcome/waiting.html"
    if is_held_back(application):
        template = "outcome/held_back.html"
    context = {"application": application, "attempt": attempt, "hours": settings.WAITING_HOURS}
    return render(request, template, context)


def is_held_back(application: Application) -> bool:
    """Whether it is not sent, because the database was set back and it may have been sent before."""
    return application.status == Status.QUEUED and set_back.is_set_back()


def _let_wait(request: CounterRequest, application: Application, form: ConsentForm) -> HttpResponse:
    revision = revision_in(request.GET)

    def queue() -> None:
        submit_to_wait(application, consent=form.consent, by=request.user, revision=revision)

    return submitted(application, revision, queue)
