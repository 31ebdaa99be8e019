"""What happened, for whoever runs the portal: read only, by reference, and without a single answer of an applicant."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Settlement, SubmissionAttempt
from audit.read_only import ReadOnlyAdmin


class WithoutAnswers(ReadOnlyAdmin):
    """Fetches what it shows and nothing else: sealed columns do not even leave the database."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).only(*self._columns())

    @admin.display(description=_("application"))
    def of_application(self, row: SubmissionAttempt | Settlement) -> UUID:
        """Its key, which needs no other row."""
        return row.application_id

    def _columns(self) -> list[str]:
        """Of the row itself."""
        named = {*self.list_display, *(self.fields or ()), "pk"}
        own = {field.name for field in self.model._meta.concrete_fields}
        return sorted(str(name) for name in named if name in own)


@admin.register(Application)
class ApplicationAdmin(WithoutAnswers):
    fields = (
        "reference_id",
        "merchant",
        "store",
        "credential",
        "environment",
        "status",
        "created_by",
        "created_at",
        "updated_at",
        "last_step",
        "language",
    )
    list_display = ("reference_id", "status", "environment", "store", "created_at", "updated_at")
    list_select_related = ("store",)
    ordering = ("-created_at", "-id")
    search_fields = ("=reference_id",)
    search_help_text = _("The whole reference.")


@admin.register(SubmissionAttempt)
class SubmissionAttemptAdmin(WithoutAnswers):
    fields = (
        "application",
        "number",
        "credential",
        "digest",
        "sealed_at",
        "sending_since",
        "lease_until",
        "closed_at",
        "outcome",
        "outcome_code",
        "http_status",
        "next_look_at",
        "look_verdict",
    )
    list_display = ("of_application", "number", "sealed_at", "closed_at", "outcome", "outcome_code", "http_status")
    ordering = ("-sealed_at",)


@admin.register(Settlement)
class SettlementAdmin(WithoutAnswers):
    fields = ("application", "attempt", "how", "outcome", "settled_by", "settled_at")
    list_display = ("of_application", "how", "outcome", "settled_at")
    ordering = ("-settled_at",)
