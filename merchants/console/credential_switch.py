"""Putting a credential into use: after a passed test, and after reading what happens to what is under way."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from merchants.access import Action, allows
from merchants.console.credential_scope import credential_or_404
from merchants.console.scope import ConsoleRequest
from merchants.credentials import rotation, validity
from merchants.credentials.rotation import CannotSwitch, hindrance_to_switch
from merchants.models import Credential, Environment
from merchants.signing_in.step_up import recently_signed_in


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def switch(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """The question, and its answer."""
    found = credential_or_404(request, merchant_id, credential_id)
    if hindrance := hindrance_to_switch(found):
        return _hindered(request, found, hindrance.label)
    if request.method == "GET":
        return render(request, "console/credential_switch.html", _context(found))
    try:
        rotation.switch(found, by=request.user)
    except CannotSwitch as problem:
        return _hindered(request, found, problem.hindrance.label)
    messages.success(request, _("In use from now on."))
    return redirect("console_credentials", merchant_id)


def _context(credential: Credential) -> dict[str, object]:
    in_use = credential.merchant.active_credential
    return {
        "merchant": credential.merchant,
        "credential": credential,
        "in_use": in_use,
        "is_other_environment": in_use is not None and in_use.environment != credential.environment,
        "is_other_merchant": _is_other_merchant(credential, in_use),
        "goes_live": credential.environment == Environment.PRODUCTION
        and (in_use is None or in_use.environment != Environment.PRODUCTION),
        "has_expired": validity.has_expired(credential),
        "keep_hours": settings.CREDENTIAL_KEEP_HOURS,
    }


def _is_other_merchant(credential: Credential, in_use: Credential | None) -> bool:
    """Whether the lender says that the two belong to different merchants."""
    if in_use is None or in_use.environment != credential.environment:
        return False
    ids = {credential.merchant_id_at_lender, in_use.merchant_id_at_lender} - {""}
    return len(ids) > 1


def _hindered(request: ConsoleRequest, credential: Credential, why: object) -> HttpResponse:
    messages.warning(request, str(why))
    return redirect("console_credential", credential.merchant_id, credential.pk)
