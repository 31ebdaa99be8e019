"""Leaving a sign-in that was begun and not finished."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from merchants.access import Action, allows


@require_POST
@allows(Action.SIGN_IN)
def start_over(request: HttpRequest) -> HttpResponse:
    """Forget the password that was right, so that somebody else can sign in here."""
    if not request.user.is_authenticated:
        request.session.flush()
    return redirect("account_login")
