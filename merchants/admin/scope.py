"""Keeps an administrator within the merchants they administer, and to reading: what they change, the console records.

Here nothing would ask whether it is one's own role or the last administrator, or write down whose password was set.
"""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.models import Merchant, User
from merchants.selectors import merchants_administered_by

if TYPE_CHECKING:
    _Options = admin.ModelAdmin
else:
    _Options = object


def administered(request: HttpRequest) -> QuerySet[Merchant]:
    """The merchants of the person at the admin."""
    return merchants_administered_by(cast(User, request.user))


def _runs_the_portal(request: HttpRequest) -> bool:
    return cast(User, request.user).is_superuser


class WithinMerchants(_Options):
    """For model admins and inlines. `merchant_path` leads from the row to its merchant."""

    merchant_path = "merchant"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if _runs_the_portal(request):
            return rows
        return rows.filter(**{f"{self.merchant_path}__in": administered(request)}).distinct()

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return _runs_the_portal(request) and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _runs_the_portal(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _runs_the_portal(request) and super().has_delete_permission(request, obj)


class ChangedInConsole(_Options):
    """For rows that administrators change in the console: the way there, first on the page."""

    readonly_fields = ("in_console",)

    @admin.display(description=_("Change"))
    def in_console(self, _row: Any) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("console"), gettext("In the console"))


class NothingDeleted(_Options):
    """Evidence refers to these rows: they are taken out of use, never deleted."""

    def has_delete_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False
