"""Where an administrator begins: the merchants they look after, and one merchant with what needs doing."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from merchants.access import Action, allows
from merchants.console.scope import ConsoleRequest, merchant_or_404
from merchants.selectors import credential_problems, merchants_administered_by


@require_GET
@allows(Action.CONFIGURE)
def home(request: ConsoleRequest) -> HttpResponse:
    """The merchants of this person; whoever administers one goes straight to it."""
    merchants = list(merchants_administered_by(request.user))
    if len(merchants) == 1 and not request.user.is_superuser:
        return redirect("console_merchant", merchants[0].pk)
    problems = credential_problems(request.user)
    return render(request, "console/home.html", {"merchants": merchants, "problems": problems})


@require_GET
@allows(Action.CONFIGURE)
def merchant(request: ConsoleRequest, merchant_id: UUID) -> HttpResponse:
    """One merchant and what needs doing there."""
    found = merchant_or_404(request, merchant_id)
    problems = [one for one in credential_problems(request.user) if one.merchant == found]
    return render(request, "console/merchant.html", {"merchant": found, "problems": problems})
