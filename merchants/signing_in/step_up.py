"""Signing in again before something sensitive: a till that was left open must not reveal, export or change keys."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from audit.names import EventName
from merchants.access import Action, allows
from merchants.counter import CounterRequest
from merchants.models import User
from merchants.refusing import there_and_back
from merchants.returning import safe_next
from merchants.signing_in.personal_events import record_of_person
from merchants.signing_in.second_factor import has_second_factor, is_owed
from merchants.signing_in.second_factor_forms import CodeForm
from merchants.signing_in.step_up_form import PasswordForm

View = Callable[..., HttpResponse]

_TOO_LATE = _("Too much time had passed: nothing was done with what you sent. Sign in again, then send it once more.")


# In the address of the page: a password will not do.
_ONLY, _CODE = "only", "code"


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether this person proved who they are, in this session, within STEP_UP_SECONDS."""
    return _proved_recently(request)


def recently_signed_in(view: View) -> View:
    """Ask for the password or a code first, and come back to this page.

    Put it below `allows`, and on the GET of a form as well as on its POST: what a late POST brought is not kept, and
    the person is told so.
    """

    return _asking(view, only_by_code_of=lambda _user: False)


def recently_signed_in_strongly(view: View) -> View:
    """The same, but of who has a second factor only a code counts: a password that was looked at must not change it."""
    return _asking(view, only_by_code_of=has_second_factor)


def _asking(view: View, *, only_by_code_of: Callable[[User], bool]) -> View:
    @wraps(view)
    def guarded(request: CounterRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        only_by_code = only_by_code_of(request.user)
        if _proved_recently(request, "mfa" if only_by_code else ""):
            return view(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD"):
            messages.warning(request, _TOO_LATE)
        return there_and_back(request, "account_reauthenticate", **({_ONLY: _CODE} if only_by_code else {}))

    return guarded


def _proved_recently(request: HttpRequest, method: str = "") -> bool:
    """By this method, as the session's records name it, or by any."""
    if not request.user.is_authenticated:
        return False
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records if method in ("", record["method"])), default=0)
    return bool(time.time() - latest < settings.STEP_UP_SECONDS)


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
def sign_in_again(request: CounterRequest) -> HttpResponse:
    """Ask who is signed in to prove it once more, by password or code. Wrong tries count like those of signing in."""
    takes_code = has_second_factor(request.user)
    only_by_code = _only_by_code(request)
    with_code = takes_code and (only_by_code or "code" in (request.POST or request.GET))
    data = request.POST if request.method == "POST" else None
    form = CodeForm(data, user=request.user) if with_code else PasswordForm(data, user=request.user)
    if form.is_valid():
        _prove(request, form)
        return HttpResponseRedirect(safe_next(request))
    context = {
        "form": form,
        "next": safe_next(request),
        "with_code": with_code,
        "may_choose": takes_code and not only_by_code,
        "only": _CODE if only_by_code else "",
    }
    return render(request, "account/sign_in_again.html", context, status=422 if form.is_bound else 200)


def _only_by_code(request: CounterRequest) -> bool:
    """A code that is owed is not replaced by a password."""
    asked_for = (request.POST or request.GET).get(_ONLY) == _CODE
    return asked_for or is_owed(request) or not request.user.has_usable_password()


def _prove(request: CounterRequest, form: PasswordForm | CodeForm) -> None:
    if isinstance(form, CodeForm):
        form.save(reauthenticated=True)
    else:
        reauthenticate_by_password(request)
    by = "code" if isinstance(form, CodeForm) else "password"
    record_of_person(EventName.SIGNED_IN_AGAIN, request.user, by=request.user, detail={"with": by})
