"""Merchants and stores."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Field
from django.forms import ChoiceField
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from merchants.admin.scope import NothingDeleted, WithinMerchants
from merchants.models import Merchant, Store, User


@admin.register(Merchant)
class MerchantAdmin(NothingDeleted, WithinMerchants, admin.ModelAdmin):
    merchant_path = "pk"
    list_display = ("name", "support_contact", "is_active")
    fields = ("name", "support_contact", "support_contact_fr", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Merchant | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Closing a merchant would lock its own administrators out."""
        return () if cast(User, request.user).is_superuser else ("is_active",)


@admin.register(Store)
class StoreAdmin(NothingDeleted, WithinMerchants, admin.ModelAdmin):
    list_display = ("name", "merchant", "city", "province", "is_active")
    fields = ("merchant", "name", "city", "province", "time_zone", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Store | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Applications were taken in it: a store does not change hands."""
        return ("merchant",) if obj else ()

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if db_field.name == "province":
            return ChoiceField(label=capfirst(gettext("province")), choices=[("", "---------"), *PROVINCE_CHOICES])
        return super().formfield_for_dbfield(db_field, request, **kwargs)
