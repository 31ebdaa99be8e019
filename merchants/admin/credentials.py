"""POS API credentials: to be read. They are added, tested and put into use in the console, and nowhere else."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from merchants.admin.scope import NothingDeleted, WithinMerchants
from merchants.models import Credential


@admin.register(Credential)
class CredentialAdmin(NothingDeleted, WithinMerchants, admin.ModelAdmin):
    list_display = (
        "merchant",
        "environment",
        "client_id",
        "is_active",
        "session_outcome",
        "session_error_code",
        "session_checked_at",
    )
    list_filter = ("environment", "is_active")
    list_select_related = ("merchant",)
    fields = (
        "in_console",
        "merchant",
        "environment",
        "base_url",
        "client_id",
        "is_active",
        "valid_until",
        "used_from",
        "retired_at",
        "erased_at",
        "session_outcome",
        "session_error_code",
        "session_checked_at",
        "session_reference_id",
        "merchant_name",
        "merchant_id_at_lender",
    )
    readonly_fields = ("in_console",)

    @admin.display(description=_("Test, change or put into use"))
    def in_console(self, credential: Credential) -> SafeString:
        address = reverse("console_credential", args=[credential.merchant_id, credential.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("In the console"))

    def has_add_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any, **_kwargs: Any) -> bool:
        return False
