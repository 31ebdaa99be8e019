"""Pages of the Django admin for tables that only grow: nothing is changed there, and nothing is counted."""

import re
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils.functional import cached_property

_PAGES_AHEAD = 3


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
    """A long table: no counting, no sorting, and nothing to add, to change or to delete."""

    sortable_by = ()
    actions = None
    list_per_page = 50
    show_full_result_count = False

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *_args: Any, **_kwargs: Any) -> Any:
        asked = request.GET.get("p", "1")
        number = int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 1
        return UncountedPaginator(queryset, per_page, number=max(number, 1))

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False
