"""Behind a one-time link: somebody sets their own password, and is signed in the ordinary way."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.logout import logout
from allauth.account.models import Login
from allauth.core.internal import ratelimit
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from flexiti_portal.crispy import bare_helper
from merchants.access import Action, allows
from merchants.console.links import invitation_of, use
from merchants.models import User

_ACTION = "welcome"


class PasswordForm(forms.Form):
    """A password of the person's own, twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Twelve characters or more, nothing that is easily guessed. A short sentence does well."),
        error_messages={"required": _("Choose a password.")},
    )
    again = forms.CharField(
        label=_("The same once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Type the password once more.")},
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data)
        self.person = person
        self.helper = bare_helper()

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "password" in cleaned and "again" in cleaned and cleaned["password"] != cleaned["again"]:
            self.add_error("again", ValidationError(_("The two do not match. Type the password once more.")))
        return cleaned


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
@allows(Action.SIGN_IN)
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Links that never were and links that are no longer good get the same answer."""
    rates = {_ACTION: settings.RATE_LIMIT_WELCOME}
    if not ratelimit.consume(request, app="merchants", action=_ACTION, config=rates, limit_get=True):
        return ratelimit.respond_429(request)
    invitation = invitation_of(token)
    if invitation is None:
        return render(request, "console/no_longer_valid.html", status=404)
    form = PasswordForm(request.POST if request.method == "POST" else None, person=invitation.user)
    if form.is_valid():
        if not use(invitation, form.cleaned_data["password"]):
            return render(request, "console/no_longer_valid.html", status=404)
        return _signed_in(request, invitation.user)
    context = {"form": form, "invitation": invitation}
    return render(request, "console/welcome.html", context, status=422 if form.is_bound else 200)


def _signed_in(request: HttpRequest, person: User) -> HttpResponse:
    """The way of the sign-in page, with its record and its second factor. Whoever was signed in here is out."""
    if request.user.is_authenticated:
        logout(request)
    answer: HttpResponse = perform_password_login(request, {"username": person.username}, Login(user=person))
    return answer
