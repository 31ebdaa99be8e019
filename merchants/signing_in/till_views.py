"""Pages of a shared till: locking it, going on, and handing it over."""

import math

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from merchants.access import Action, allows
from merchants.counter import CounterRequest
from merchants.returning import safe_next
from merchants.signing_in.idleness import asked_by_itself, is_locked, note_activity, seconds_left
from merchants.signing_in.second_factor import has_second_factor
from merchants.signing_in.second_factor_forms import CodeForm
from merchants.signing_in.step_up_form import PasswordForm
from merchants.signing_in.till import hand_over_till, lock_till, unlock_till


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
def locked(request: CounterRequest) -> HttpResponse:
    """Who left, and how to go on at the same page. Wrong tries count like those of signing in."""
    if not is_locked(request):
        return HttpResponseRedirect(safe_next(request))
    data = request.POST if request.method == "POST" else None
    with_code = not request.user.has_usable_password() and has_second_factor(request.user)
    form = CodeForm(data, user=request.user) if with_code else PasswordForm(data, user=request.user)
    if form.is_valid():
        if isinstance(form, CodeForm):
            form.save(reauthenticated=True)
        else:
            reauthenticate_by_password(request)
        unlock_till(request)
        return HttpResponseRedirect(safe_next(request))
    context = {"form": form, "next": safe_next(request)}
    return render(request, "account/locked.html", context, status=422 if form.is_bound else 200)


@require_POST
@allows(Action.USE_ACCOUNT)
def lock(request: CounterRequest) -> HttpResponse:
    """Lock now, because a person or a page that was left alone asks for it."""
    return lock_till(request, because="asked")


@require_POST
@allows(Action.USE_ACCOUNT)
def hand_over(request: CounterRequest) -> HttpResponse:
    """The next person signs in and goes on in the same store."""
    return hand_over_till(request, page=safe_next(request))


@asked_by_itself()
@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
def idle(request: CounterRequest) -> HttpResponse:
    """Seconds until the till locks, for a page that wants to know; a POST says that somebody is at work on it."""
    if request.method == "POST" and not is_locked(request) and seconds_left(request) > 0:
        note_activity(request)
    left = 0 if is_locked(request) else max(seconds_left(request), 0)
    return HttpResponse("" if math.isinf(left) else math.ceil(left), content_type="text/plain")
