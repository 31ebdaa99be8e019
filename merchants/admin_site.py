"""The site of the Django admin, apart from merchants/admin, which registers with it.

Signing in and out goes the portal's way, with its limits and its record.
"""

from functools import wraps
from typing import Any

from allauth.account.internal.flows.logout import logout
from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from merchants.returning import safe_next


class PortalSite(AdminSite):
    """Django's own, but for its doors and for the tables of the sign-in library, which hold secrets."""

    site_header = _("Administration of the credit counter")
    site_title = _("Credit counter")
    index_title = _("What you administer")

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, list | tuple) else [model_or_iterable]
        super().register([model for model in models if not _is_of_sign_in_library(model)], *args, **options)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Django's, but for a filter with a NUL, which PostgreSQL has no text for: that is no request of a page."""
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def without_nul(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if any("\0" in value for values in request.GET.lists() for value in values[1]):
                raise BadRequest("There is a NUL in the address.")
            return guarded(request, *args, **kwargs)

        return without_nul

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # noqa: ARG002
        """Hand over to the portal's sign-in; a person signed in who may not administer anything gets a 403."""
        if not request.user.is_authenticated:
            wanted = request.GET.get("next") or reverse("admin:index")
            return redirect_to_login(wanted)
        if not self.has_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(safe_next(request) if "next" in request.GET else reverse("admin:index"))

    def logout(  # type: ignore[override]
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        """The portal's sign-out, which is recorded."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        logout(request)
        return redirect("account_login")


def _is_of_sign_in_library(model: Any) -> bool:
    return apps.get_app_config(model._meta.app_label).name.startswith("allauth")
