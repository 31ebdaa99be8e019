"""Who may come to the counter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from merchants.returning import page_to_return_to
from merchants.selectors import stores_for

View = Callable[..., HttpResponse]


def at_the_counter(view: View) -> View:
    """Let through an associate or manager who has a store of an active merchant; send the others where they belong."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        counter = request.counter  # type: ignore[attr-defined]
        if counter is None or not counter.membership.takes_applications:
            return refused(request)
        if counter.store is not None:
            return view(request, *args, **kwargs)
        if not stores_for(counter.membership).exists():
            return refused(request)
        return _redirect(request, "choose_store")

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back afterwards."""
    return _redirect(request, "account_login")


def refused(request: HttpRequest) -> HttpResponse:
    """Say in words why this person cannot take applications (403)."""
    return render(request, "merchants/refused.html", status=403)


def _redirect(request: HttpRequest, url_name: str) -> HttpResponse:
    """Go there and come back. A fragment asked for by htmx must not be filled with a whole page."""
    address = f"{reverse(url_name)}?{urlencode({'next': page_to_return_to(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(resolve_url(address))
