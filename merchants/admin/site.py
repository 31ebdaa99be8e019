"""The admin's doors: signing in and out goes the portal's way, with its limits and its record."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from merchants.returning import safe_next


def sign_in(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    """Hand over to the portal's sign-in; a person signed in who may not administer anything gets a 403."""
    if not request.user.is_authenticated:
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted)
    if not admin.site.has_permission(request):
        raise PermissionDenied
    return HttpResponseRedirect(safe_next(request) if "next" in request.GET else reverse("admin:index"))


def sign_out(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG001
    """The portal's sign-out, which is recorded."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    logout(request)
    return redirect("account_login")


admin.site.login = sign_in  # type: ignore[method-assign]
admin.site.logout = sign_out  # type: ignore[method-assign,assignment]
admin.site.site_header = _("Administration of the credit counter")
admin.site.site_title = _("Credit counter")
admin.site.index_title = _("What you administer")
