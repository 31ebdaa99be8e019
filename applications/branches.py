"""Several stores in the order of an index: each is a branch that is cut first, and the branches are merged.

`store_id IN (…) ORDER BY …` would make PostgreSQL sort all that the stores ever took.
"""

from collections.abc import Sequence
from heapq import merge
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def first_of(branches: Sequence[QuerySet[Any]], order: Sequence[str], limit: int) -> list[tuple[Any, ...]]:
    """The columns of `order` of the first rows of all branches together. Either all of them descend ("-"), or none."""
    columns = [column.removeprefix("-") for column in order]
    cut = [branch.order_by(*order).values_list(*columns)[:limit] for branch in branches]
    if len(cut) > 1 and connection.features.supports_slicing_ordering_in_compound:
        cut = [cut[0].union(*cut[1:], all=True).order_by(*order)[:limit]]
    return list(islice(merge(*cut, reverse=order[0].startswith("-")), limit))
