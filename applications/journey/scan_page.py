"""What the associate sees after a scan. Whatever happens, the fields stay there to type in."""

import logging

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from applications.drafting import keep_scan, keep_typed
from applications.journey import scanning
from applications.journey.counter_request import CounterRequest
from applications.journey.forms import StepForm
from applications.models import Application
from merchants.credentials.sessions import CredentialUnusable
from posapi import Licence, PosApiError, WrongInputs

logger = logging.getLogger(__name__)


def scanned(request: CounterRequest, application: Application, form: StepForm) -> HttpResponse:
    """Read the licence and put it into the forms, over what was typed so far.

    Messages travel in a cookie, so they say nothing of what was read. Raises ChangedElsewhere and NotEditable.
    """
    application = keep_typed(application, "identity", form.typed(), revision=application.revision)
    try:
        licence = scanning.read_licence(application, request.POST.get("code", ""))
    except scanning.NotALicence:
        messages.error(request, _("There was no licence in the box. Click into it, then scan the barcode on the back."))
    except (PosApiError, CredentialUnusable) as problem:
        _say_why(request, problem)
    else:
        _keep(request, application, licence)
    return redirect("step", application.pk, "identity")


def _keep(request: CounterRequest, application: Application, licence: Licence) -> None:
    keep_scan(application, scanning.by_step(licence), by=request.user, revision=application.revision)
    messages.success(request, _("The licence was read. Compare every value with the card before you continue."))
    if scanning.is_from_elsewhere(licence, application):
        messages.warning(
            request,
            _(
                "The licence gives an address in another province than the one chosen at the start. "
                "Ask the customer where they live now."
            ),
        )


def _say_why(request: CounterRequest, problem: PosApiError | CredentialUnusable) -> None:
    logger.warning("A licence could not be read: %s", problem)
    if isinstance(problem, WrongInputs):
        text = _("This barcode could not be read as a licence. Scan it again, or type the details below.")
    else:
        text = _("Flexiti cannot read licences at the moment. Type the details below.")
    messages.error(request, text)
