"""POS API credentials: write-only secrets, and Test connection."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from audit.events import record
from audit.names import EventName
from merchants.admin.credential_form import SECRETS, CredentialForm
from merchants.admin.scope import NothingDeleted, WithinMerchants
from merchants.connection import check_connection, steps_of
from merchants.models import Credential, SessionOutcome, User

# A change of any of these makes the last answer of the lender an answer about another key.
_ASKED_WITH = {"environment", "base_url", "client_id", "merchant_username", *SECRETS.values()}


@admin.register(Credential)
class CredentialAdmin(NothingDeleted, WithinMerchants, admin.ModelAdmin):
    form = CredentialForm
    change_form_template = "admin/merchants/credential/change_form.html"
    list_display = (
        "merchant",
        "environment",
        "is_active",
        "session_outcome",
        "session_error_code",
        "session_checked_at",
        "base_url",
    )
    list_select_related = ("merchant",)
    actions = ("test_connection",)
    readonly_fields = (
        "stored_secrets",
        "session_outcome",
        "session_error_code",
        "session_checked_at",
        "session_reference_id",
        "merchant_name",
        "merchant_id_at_lender",
    )
    fieldsets = (
        (None, {"fields": ("merchant", "environment", "base_url", "is_active")}),
        (_("Keys"), {"fields": ("client_id", "new_client_secret", "stored_secrets")}),
        (
            _("Merchant sign-in (only if Flexiti gave you one)"),
            {"fields": ("merchant_username", "new_merchant_password", "remove_merchant_password")},
        ),
        (
            _("Last answer of Flexiti"),
            {
                "fields": (
                    "session_outcome",
                    "session_error_code",
                    "session_checked_at",
                    "session_reference_id",
                    "merchant_name",
                    "merchant_id_at_lender",
                )
            },
        ),
    )

    @admin.display(description=_("stored, never shown"))
    def stored_secrets(self, credential: Credential) -> str:
        if credential._state.adding:
            return "–"
        has_password = Credential.objects.filter(pk=credential.pk, merchant_password__isnull=False).exists()
        return str(_("Client secret and merchant password") if has_password else _("Client secret"))

    @method_decorator(sensitive_post_parameters(*SECRETS))
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Credential, form: CredentialForm, change: bool) -> None:
        """Saved and audited in the admin's transaction: which fields, never their values."""
        columns = form.changed_columns
        if _ASKED_WITH.intersection(columns):
            obj.session_outcome, obj.session_error_code = SessionOutcome.NEVER, ""
            obj.session_checked_at, obj.session_reference_id = None, ""
        super().save_model(request, obj, form, change)
        if change and not columns:
            return
        record(
            EventName.CREDENTIAL_CHANGED if change else EventName.CREDENTIAL_CREATED,
            subject=obj,
            merchant_id=obj.merchant_id,
            by=cast(User, request.user),
            detail={"environment": obj.environment, "fields": columns},
        )

    @admin.action(description=_("Test connection"), permissions=["change"])
    def test_connection(self, request: HttpRequest, chosen: QuerySet[Credential]) -> HttpResponse:
        checks = [check_connection(one, by=cast(User, request.user)) for one in chosen.select_related("merchant")]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Test connection"),
            "opts": self.opts,
            "reports": [{"check": check, "steps": steps_of(check)} for check in checks],
        }
        return TemplateResponse(request, "admin/merchants/credential/tested.html", context)

    def get_urls(self) -> list[URLPattern]:
        own = path(
            "<uuid:credential_id>/test-connection/",
            self.admin_site.admin_view(self.test_one),
            name="merchants_credential_test",
        )
        return [own, *super().get_urls()]

    def test_one(self, request: HttpRequest, credential_id: Any) -> HttpResponse:
        """The button on a credential's page. Coming back to the report by its address tests nothing."""
        if request.method != "POST":
            return redirect("admin:merchants_credential_change", credential_id)
        chosen = self.get_queryset(request).filter(pk=credential_id)
        if not (chosen and self.has_change_permission(request, chosen[0])):
            return redirect("admin:merchants_credential_changelist")
        return self.test_connection(request, chosen)
