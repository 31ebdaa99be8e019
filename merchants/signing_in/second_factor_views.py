"""A person's own sign-in: the second factor and its recovery codes."""

import segno
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from audit.names import EventName
from merchants.access import Action, allows
from merchants.counter import CounterRequest
from merchants.models import User
from merchants.returning import safe_next
from merchants.signing_in.personal_events import record_of_person
from merchants.signing_in.second_factor import (
    add_second_factor,
    forget_proof,
    has_second_factor,
    is_needed_by,
    make_recovery_codes,
    recovery_codes_left,
    remove_second_factor,
)
from merchants.signing_in.second_factor_forms import SetUpForm, forget_pending_secret, pending_secret
from merchants.signing_in.signing_out import sign_out_everywhere
from merchants.signing_in.step_up import recently_signed_in, recently_signed_in_strongly

FEW_CODES = 3


@require_GET
@allows(Action.USE_ACCOUNT)
def account(request: CounterRequest) -> HttpResponse:
    """How this person signs in."""
    is_set_up, left = has_second_factor(request.user), recovery_codes_left(request.user)
    context = {
        "rows": _rows(is_set_up, left, is_needed=_is_needed(request)),
        "codes_left": left,
        "codes_are_few": is_set_up and left <= FEW_CODES,
    }
    return render(request, "account/account.html", context)


def _rows(is_set_up: bool, left: int, *, is_needed: bool) -> list[dict[str, str]]:
    """What stands on a person's page, as rows of components/summary_list.html."""
    factor = {
        "label": _("Second factor"),
        "value": _("Codes of an authenticator app") if is_set_up else _("Not set up"),
        "note": _("Your role needs one.") if is_needed else "",
        "url": reverse("remove_second_factor" if is_set_up else "set_up_second_factor"),
    }
    made = app_settings.RECOVERY_CODE_COUNT
    codes = {
        "label": _("Recovery codes"),
        "value": _("%(left)d of %(made)d left") % {"left": left, "made": made},
        "url": reverse("new_recovery_codes"),
    }
    return [factor, codes] if is_set_up else [factor]


@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
@recently_signed_in
def set_up(request: CounterRequest) -> HttpResponse:
    """Tell an authenticator app the secret, as a picture and as text, and ask for its first code."""
    if has_second_factor(request.user):
        return redirect("account")
    secret = pending_secret(request)
    form = SetUpForm(request.POST if request.method == "POST" else None, user=request.user, secret=secret)
    if form.is_valid():
        assert form.counter
        try:
            codes = add_second_factor(request, request.user, secret, counter=form.counter)
        except IntegrityError:  # another window was faster
            return redirect("account")
        forget_pending_secret(request)
        return _show_once(request, codes)
    context = {
        "form": form,
        "picture": _picture_of(request.user, secret),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "is_needed": _is_needed(request),
        "next": safe_next(request),
    }
    return render(request, "account/set_up_second_factor.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
@recently_signed_in_strongly
def new_recovery_codes(request: CounterRequest) -> HttpResponse:
    """Ten new codes, after which the old ones open nothing."""
    if not has_second_factor(request.user):
        return redirect("account")
    if request.method == "POST":
        return _show_once(request, make_recovery_codes(request.user))
    return render(request, "account/new_recovery_codes.html", {"codes_left": recovery_codes_left(request.user)})


@require_http_methods(["GET", "POST"])
@allows(Action.USE_ACCOUNT)
@recently_signed_in_strongly
def remove(request: CounterRequest) -> HttpResponse:
    """Take the second factor away, for instance to set up another phone."""
    if not has_second_factor(request.user):
        return redirect("account")
    if request.method == "POST":
        remove_second_factor(request.user, by=request.user)
        forget_proof(request)
        sign_out_everywhere(request.user, but=request.session.session_key)
        messages.success(request, _("Your second factor is removed."))
        return HttpResponseRedirect(safe_next(request))
    context = {"is_needed": _is_needed(request)}
    return render(request, "account/remove_second_factor.html", context)


@require_POST
@allows(Action.USE_ACCOUNT)
def sign_out_elsewhere(request: CounterRequest) -> HttpResponse:
    """End this person's sessions in every other browser."""
    ended = sign_out_everywhere(request.user, but=request.session.session_key)
    record_of_person(EventName.SIGNED_OUT, request.user, by=request.user, detail={"elsewhere": str(ended)})
    messages.success(request, _("You are signed out everywhere but here."))
    return redirect("account")


def _show_once(request: CounterRequest, codes: list[str]) -> HttpResponse:
    """In the answer to the POST that made them: no address brings them back."""
    return render(request, "account/recovery_codes.html", {"codes": codes, "next": safe_next(request)})


def _is_needed(request: CounterRequest) -> bool:
    return is_needed_by(request.user, request.counter.membership if request.counter else None)


def _picture_of(user: User, secret: str) -> str:
    """The QR code that an app reads, as inline SVG. Black on white in any colour scheme, or no camera reads it."""
    address = get_adapter().build_totp_url(user, secret)
    drawing = segno.make(address, micro=False, error="m").svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return mark_safe(drawing)  # noqa: S308 # nosec B308 B703 # drawn by segno, holds no text
