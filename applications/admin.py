"""What happened, for whoever runs the portal: read only, by reference, and without a single answer of an applicant."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from applications.models import Application, Settlement, SubmissionAttempt
from audit.paging import paginator_for


class ReadOnly(admin.ModelAdmin):
    """A long table: no counting, no sorting, no search in sealed columns, and nothing to change or to delete."""

    sortable_by = ()
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *_args: Any, **_kwargs: Any) -> Any:
        return paginator_for(request, queryset, per_page)

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).only(*self._columns())

    def _columns(self) -> list[str]:
        """Of the row itself: sealed columns are not even fetched."""
        named = {*self.list_display, *(self.fields or ()), "pk"}
        own = {field.name for field in self.model._meta.concrete_fields}
        return sorted(str(name) for name in named if name in own)


@admin.register(Application)
class ApplicationAdmin(ReadOnly):
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


@admin.register(SubmissionAttempt)
class SubmissionAttemptAdmin(ReadOnly):
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
    list_display = ("application_id", "number", "sealed_at", "closed_at", "outcome", "outcome_code", "http_status")
    ordering = ("-sealed_at",)


@admin.register(Settlement)
class SettlementAdmin(ReadOnly):
    fields = ("application", "attempt", "how", "outcome", "settled_by", "settled_at")
    list_display = ("application_id", "how", "outcome", "settled_at")
    ordering = ("-settled_at",)
