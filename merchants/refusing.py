"""Answers to those who may not: sign in first, or read in words whose it is to do."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

from merchants.returning import page_to_return_to


def refused(request: HttpRequest, *, whose: str = "") -> HttpResponse:
    """Say in words that this is not theirs to do (403). `whose` is the only role that may, as in `Role`."""
    return render(request, "merchants/refused.html", {"whose": whose}, status=403)


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back afterwards."""
    return there_and_back(request, "account_login")


def there_and_back(request: HttpRequest, url_name: str, **query: str) -> HttpResponse:
    """Go there and come back. A fragment asked for by htmx must not be filled with a whole page."""
    address = f"{reverse(url_name)}?{urlencode({**query, 'next': page_to_return_to(request)})}"
    if getattr(request, "htmx", False):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(resolve_url(address))
