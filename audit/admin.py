"""Evidence, to be read only."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from audit.models import Event
from audit.names import EventName
from audit.read_only import ReadOnlyAdmin


class ByName(admin.SimpleListFilter):
    """One kind of event. From the names and not from the table, which only grows."""

    title = _("event")
    parameter_name = "name"

    def lookups(self, *_args: Any) -> list[tuple[str, Any]]:
        return list(EventName.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:  # noqa: ARG002
        return queryset.filter(name=self.value()) if self.value() in EventName.values else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "what", "subject_type", "subject_id", "who", "detail")
    list_filter = (ByName,)
    search_fields = ("=subject_id", "=actor_id", "=merchant_id")
    search_help_text = _("The exact identifier of a subject, a person or a merchant.")
    ordering = ("-id",)
    fields = (
        "at",
        "what",
        "subject_type",
        "subject_id",
        "who",
        "actor_id",
        "merchant_id",
        "detail",
        "sequence",
        "hash",
    )
    readonly_fields = ("what", "who")

    @admin.display(description=_("event"))
    def what(self, event: Event) -> str:
        return event.label

    @admin.display(description=_("by"))
    def who(self, event: Event) -> str:
        return event.actor or str(_("the system"))
