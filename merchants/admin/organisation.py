"""Merchants and stores."""

from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.forms import ChoiceField
from django.forms import Field as FormField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from merchants.admin.scope import ChangedInConsole, NothingDeleted, WithinMerchants
from merchants.models import Merchant, Store


@admin.register(Merchant)
class MerchantAdmin(ChangedInConsole, NothingDeleted, WithinMerchants, admin.ModelAdmin):
    merchant_path = "pk"
    list_display = ("name", "support_contact", "is_active")
    fields = ("in_console", "name", "support_contact", "support_contact_fr", "is_active")


@admin.register(Store)
class StoreAdmin(ChangedInConsole, NothingDeleted, WithinMerchants, admin.ModelAdmin):
    list_display = ("name", "merchant", "city", "province", "is_active")
    fields = ("in_console", "merchant", "name", "city", "province", "time_zone", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Store | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """Applications were taken in it: a store does not change hands."""
        return (*self.readonly_fields, "merchant") if obj else self.readonly_fields

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if db_field.name == "province":
            return ChoiceField(label=capfirst(gettext("province")), choices=[("", "---------"), *PROVINCE_CHOICES])
        return super().formfield_for_dbfield(db_field, request, **kwargs)
