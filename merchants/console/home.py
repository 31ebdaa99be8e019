"""Where an administrator begins: the merchants they look after, and one merchant with what needs doing."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from merchants.access import Action, allows
from merchants.console.merchant_forms import MerchantForm
from merchants.console.organising import add_merchant, change_merchant
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.console.to_do import to_do
from merchants.models import Merchant
from merchants.selectors import credential_problems, merchants_administered_by
from merchants.signing_in.step_up import recently_signed_in


@require_GET
@allows(Action.CONFIGURE)
def home(request: ConsoleRequest) -> HttpResponse:
    """The merchants of this person with what needs doing; whoever administers one goes straight to it."""
    merchants = list(merchants_administered_by(request.user))
    if len(merchants) == 1 and not request.user.is_superuser:
        return redirect("console_merchant", merchants[0].pk)
    problems = credential_problems(request.user)
    lines = [{"merchant": one, "to_do": to_do(one, problems) if one.is_active else []} for one in merchants]
    return render(request, "console/home.html", {"lines": lines, "may_add": request.user.is_superuser})


@require_GET
@allows(Action.CONFIGURE)
def merchant(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """One merchant and what needs doing there."""
    found = merchant_or_404(request, merchant_id)
    things = to_do(found, credential_problems(request.user)) if found.is_active else []
    is_own = request.counter is not None and request.counter.merchant == found
    context = {
        "merchant": found,
        "to_do": things,
        "may_try_again": is_own and any(one.is_pressing for one in things),
        "stores": found.stores.filter(is_active=True).count(),
        "staff": found.memberships.filter(user__is_active=True).count(),
        "may_close": request.user.is_superuser,
    }
    return render(request, "console/merchant.html", context)


@require_http_methods(["GET", "POST"])
@allows(Action.ADD_MERCHANTS)
def add(request: ConsoleRequest) -> HttpResponse:
    """A new merchant, for whoever runs the portal."""
    form = MerchantForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = add_merchant(form.cleaned_data, by=request.user)
        messages.success(request, _("Added. Next: its stores, its staff and its credentials."))
        return redirect("console_merchant", made.pk)
    return _form_page(request, form, None)


@require_http_methods(["GET", "POST"])
@allows(Action.CONFIGURE)
def edit(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """Its name and whom its staff should tell."""
    found = merchant_or_404(request, merchant_id)
    form = MerchantForm(request.POST if request.method == "POST" else None, merchant=found)
    if form.is_valid():
        change_merchant(found, form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("console_merchant", found.pk)
    return _form_page(request, form, found)


@require_POST
@allows(Action.ADD_MERCHANTS)
@recently_signed_in
def use(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """Close a merchant, or open it again: its own administrators would lock themselves out."""
    found = merchant_or_404(request, merchant_id)
    opens = request.POST.get("use") == "open"
    change_merchant(found, {"is_active": opens}, by=request.user)
    text = _("Open: its staff can sign in again.") if opens else _("Closed: its staff are out, and cannot sign in.")
    messages.success(request, text)
    return redirect("console_merchant", found.pk)


def _form_page(request: ConsoleRequest, form: MerchantForm, found: Merchant | None) -> HttpResponse:
    context = {"form": form, "merchant": found}
    template = "console/merchant_form.html" if found else "console/merchant_add.html"
    return render(request, template, context, status=422 if form.is_bound else 200)
