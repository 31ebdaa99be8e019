"""Pages of a table that only grows, without counting it."""

import re
from typing import Any

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


def paginator_for(request: HttpRequest, rows: Any, per_page: int) -> UncountedPaginator:
    """For `ModelAdmin.get_paginator`."""
    asked = request.GET.get("p", "1")
    number = int(asked) if re.fullmatch("[0-9]{1,9}", asked) else 1
    return UncountedPaginator(rows, per_page, number=max(number, 1))
