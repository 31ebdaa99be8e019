"""The page about the same person: what exists, what to say, and another one only with the customer's consent."""

import re
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.journey.changed import to_changed_answers
from applications.journey.consent_form import ConsentForm
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.position import position_of
from applications.journey.same_person import SamePerson, look_for_same_person
from applications.journey.steps import CHECK
from applications.models import Application, ConsentKind
from applications.submission.sealing import AlreadySubmitted, NotReadyToSubmit, PersonUnderWay, submit
from merchants.guards import at_the_counter


def to_same_person(application: Application, revision: int) -> HttpResponseRedirect:
    """The way to the page, with the revision of the answers that the associate has just read to the customer."""
    return HttpResponseRedirect(f"{reverse('same_person', args=[application.pk])}?revision={revision}")


@require_http_methods(["GET", "POST"])
@at_the_counter
def same_person(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """What exists of this person; the POST sends another application, with the consent of the customer."""
    application = application_or_404(request, application_id)
    position = position_of(application) if application.is_editable else None
    if position is None or position.first_unfinished is not CHECK:
        return redirect("application", application_id)
    if _revision(request) != application.revision:
        return to_changed_answers(application)
    found = look_for_same_person(request.counter, application)
    if not found.is_known:
        return redirect("journey", application_id)
    data = request.POST if request.method == "POST" and not found.under_way else None
    form = ConsentForm(data, kind=ConsentKind.ANOTHER_INQUIRY, language=application.lang)
    if not form.is_valid():
        context = {"application": application, "found": found, "form": form}
        return render(request, "journey/same_person.html", context, status=422 if form.is_bound else 200)
    return _send(request, application, found, form)


def _send(request: CounterRequest, application: Application, found: SamePerson, form: ConsentForm) -> HttpResponse:
    revision = _revision(request)
    if request.POST.get("mark") != found.mark:
        messages.warning(request, _("Something changed since this page was shown. Please look again."))
        return to_same_person(application, revision)
    try:
        submit(application, by=request.user, revision=revision, consent=form.consent)
    except AlreadySubmitted:
        pass
    except PersonUnderWay:
        return to_same_person(application, revision)
    except NotReadyToSubmit:
        return to_changed_answers(application)
    return redirect("application", application.pk)


def _revision(request: CounterRequest) -> int:
    asked = request.GET.get("revision", "")
    return int(asked) if re.fullmatch("[0-9]{1,9}", asked) else -1
