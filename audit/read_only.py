"""Pages of the Django admin for tables that only grow: nothing is changed there, and nothing is counted."""

import re
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import PAGE_VAR, SEARCH_VAR
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

_PAGES_AHEAD = 3
# Of a row, a reference, or one of the short numbers that people have; no phone number, no account, no name.
_IDENTIFIER = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{1,6}")


class UncountedPaginator(Paginator):
    """Knows how many rows there are up to a few pages after `number`, the page that is shown (1 is the first)."""

    def __init__(self, *args: Any, number: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._number = number

    @cached_property
    def count(self) -> int:
        """Rows up to there; for a page after the last one more than there are, so that the page is found missing."""
        before = (self._number - 1) * self.per_page
        ahead = _PAGES_AHEAD * self.per_page + 1
        rows: Any = self.object_list
        found: int = rows.values("pk")[before : before + ahead].count()
        return before + found


class ReadOnlyAdmin(admin.ModelAdmin):
    """A long table: no counting, no sorting, and nothing to add, to change or to delete; searched by identifier."""

    sortable_by = ()
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if SEARCH_VAR in request.POST:
            return self._search(request, request.POST[SEARCH_VAR].strip().lower())
        return super().changelist_view(request, extra_context)

    def _search(self, request: HttpRequest, asked: str) -> HttpResponse:
        """Lead to the list of it, whose address says what is looked for: an identifier, and never a name."""
        narrowed = request.GET.copy()
        narrowed.pop(PAGE_VAR, None)
        narrowed.pop(SEARCH_VAR, None)
        if _IDENTIFIER.fullmatch(asked):
            narrowed[SEARCH_VAR] = asked
        elif asked:
            told = _(
                "Only identifiers and references are looked for here. Managers find a customer by “Find an applicant”."
            )
            self.message_user(request, told, messages.WARNING)
        query = narrowed.urlencode()
        return redirect(f"{request.path}?{query}" if query else request.path)

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *_args: Any, **_kwargs: Any) -> Any:
        asked = request.GET.get(PAGE_VAR, "1")
        number = int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 1
        return UncountedPaginator(queryset, per_page, number=max(number, 1))

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False
