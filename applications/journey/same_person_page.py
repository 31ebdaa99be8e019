"""The page about the same person: what exists, what to say, and another one only with the customer's consent."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.journey.changed import to_changed_answers
from applications.journey.consent_form import ConsentForm
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.position import position_of
from applications.journey.same_person import look_for_same_person
from applications.journey.steps import CHECK
from applications.journey.submitting import revision_in, submitted
from applications.models import Application, ConsentKind
from applications.submission.same_person import PersonAppliedBefore
from applications.submission.sealing import submit
from merchants.guards import at_the_counter


@require_http_methods(["GET", "POST"])
@at_the_counter
def same_person(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """What exists of this person; the POST sends another application, with the consent of the customer."""
    application = application_or_404(request, application_id)
    position = position_of(application) if application.is_editable else None
    if position is None or position.first_unfinished is not CHECK:
        return redirect("application", application_id)
    if revision_in(request.GET) != application.revision:
        return to_changed_answers(application)
    found = look_for_same_person(request.counter, application)
    if not found.is_known:
        return redirect("journey", application_id)
    data = request.POST if request.method == "POST" and not found.under_way else None
    form = ConsentForm(data, kind=ConsentKind.ANOTHER_INQUIRY, language=application.lang)
    if not form.is_valid():
        context = {"application": application, "found": found, "form": form}
        return render(request, "journey/same_person.html", context, status=422 if form.is_bound else 200)
    return _send(request, application, form)


def _send(request: CounterRequest, application: Application, form: ConsentForm) -> HttpResponse:
    """The agreement covers what the page told, and nothing that was answered since."""
    revision = revision_in(request.GET)
    told = request.POST.get("mark", "")

    def send() -> None:
        try:
            submit(application, by=request.user, revision=revision, consent=form.consent, told=told)
        except PersonAppliedBefore:
            messages.warning(request, _("Something changed since this page was shown. Please look again."))
            raise

    return submitted(application, revision, send)
