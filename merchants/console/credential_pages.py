"""What an administrator does with one credential: add, change, test, give up, and say until when it is good."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from merchants.access import Action, allows
from merchants.console.credential_form import SECRETS, CredentialForm, NewCredentialForm, ValidityForm
from merchants.console.credential_scope import credential_or_404
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.credentials import rotation
from merchants.credentials.connection import check_connection
from merchants.credentials.rotation import NotStandingBy
from merchants.models import Credential, CredentialStanding
from merchants.signing_in.step_up import recently_signed_in


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def add(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """A new one, beside the one in use."""
    merchant = merchant_or_404(request, merchant_id)
    new = Credential(merchant=merchant, is_active=False)
    form = NewCredentialForm(request.POST if request.method == "POST" else None, instance=new)
    if form.is_valid():
        rotation.add(new, by=request.user)
        messages.success(request, _("It stands by. Next: test it, then put it into use."))
        return redirect("console_credential", merchant_id, new.pk)
    context = {"merchant": merchant, "form": form}
    return render(request, "console/credential_form.html", context, status=422 if form.is_bound else 200)


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def edit(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """Other keys for one that stands by. With the one in use nothing is changed under what is under way."""
    found = credential_or_404(request, merchant_id, credential_id)
    if found.standing != CredentialStanding.STANDING_BY:
        return _not_standing_by(request, found)
    form = CredentialForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_valid():
        try:
            rotation.change(found, form.changed_columns, by=request.user)
        except NotStandingBy:
            return _not_standing_by(request, found)
        messages.success(request, _("Saved. Test it before you put it into use."))
        return redirect("console_credential", merchant_id, credential_id)
    context = {"merchant": found.merchant, "form": form, "credential": found}
    return render(request, "console/credential_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@allows(Action.CONFIGURE)
def test(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """Run every step with the keys as stored; the page of the credential says what came of it."""
    found = credential_or_404(request, merchant_id, credential_id)
    if found.standing == CredentialStanding.ERASED:
        messages.warning(request, _("Its secrets are erased, so there is nothing to test."))
    elif check_connection(found, by=request.user).has_passed:
        messages.success(request, _("Everything works."))
    else:
        messages.warning(request, _("The connection does not work yet. The step that failed says why."))
    return redirect("console_credential", merchant_id, credential_id)


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def validity(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """Its last day."""
    found = credential_or_404(request, merchant_id, credential_id)
    form = ValidityForm(request.POST if request.method == "POST" else None, credential=found)
    if form.is_valid():
        rotation.set_validity(found, form.cleaned_data["valid_until"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("console_credential", merchant_id, credential_id)
    context = {"merchant": found.merchant, "form": form, "credential": found}
    return render(request, "console/credential_validity.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
@recently_signed_in
def retire(request: ConsoleRequest, merchant_id: UUID, credential_id: UUID) -> HttpResponse:
    """Give up one that stands by, after a question."""
    found = credential_or_404(request, merchant_id, credential_id)
    if found.standing != CredentialStanding.STANDING_BY:
        return _not_standing_by(request, found)
    if request.method == "GET":
        return render(request, "console/credential_retire.html", {"merchant": found.merchant, "credential": found})
    try:
        rotation.retire(found, by=request.user)
    except NotStandingBy:
        return _not_standing_by(request, found)
    messages.success(request, _("Given up: its secrets are erased."))
    return redirect("console_credentials", merchant_id)


def _not_standing_by(request: ConsoleRequest, credential: Credential) -> HttpResponse:
    messages.warning(request, _("Only a credential that stands by can be changed or given up. Add a new one instead."))
    return redirect("console_credential", credential.merchant_id, credential.pk)
