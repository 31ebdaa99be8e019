"""Moving the changes into their sums, so that there are never many of them.

Whoever reads sums both, in one statement (reading.py): a figure is the same before, during and after.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from applications.statistics.kinds import Kind
from applications.statistics.models import Change, Total

# Rows of one transaction, and transactions of one run: a run takes seconds, the next one goes on.
_BATCH, _MOST_BATCHES = 1000, 50

# A kind, and whether it is counted by month.
Sums = Mapping[tuple[bool, Kind], int]

_FIELDS = tuple(field for field in Total._meta.concrete_fields if not field.primary_key)


def fold(*, batch: int = _BATCH, most_batches: int = _MOST_BATCHES) -> int:
    """Fold what there is, in small transactions; how many changes it was. Any number may run at once, or be killed."""
    folded = 0
    for _ in range(most_batches):
        taken = _fold_some(batch)
        folded += taken
        if taken < batch:
            break
    return folded


@transaction.atomic
def _fold_some(batch: int) -> int:
    changes = list(Change.objects.select_for_update(skip_locked=True).order_by("pk")[:batch])
    sums: Counter[tuple[bool, Kind]] = Counter()
    for change in changes:
        kind = kind_of(change)
        sums[False, kind] += change.count
        sums[True, kind.of_month] += change.count
    add_to_totals(sums)
    Change.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return len(changes)


def kind_of(row: Change | Total) -> Kind:
    return Kind(row.store_id, row.measure, row.day, row.key, row.tenths, row.associate, row.language)


@transaction.atomic
def add_to_totals(sums: Sums) -> None:
    """Add these to the totals; a total that comes to nothing goes.

    In one statement and in the order of the index, so that two at once cannot wait for each other crosswise. The rows
    that go are locked by then.
    """
    rows = sorted((kind, is_month, count) for (is_month, kind), count in sums.items() if count)
    if not rows:
        return
    stored = [_as_stored(*row) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(_statement(len(rows)), [value for row in stored for value in row])
        emptied = [pk for pk, count in cursor.fetchall() if not count]
    if emptied:
        Total.objects.filter(pk__in=emptied).delete()


def _statement(rows: int) -> str:
    """Standard to PostgreSQL and SQLite alike; the ORM has no word for `count = count + excluded.count`."""
    quote = connection.ops.quote_name
    table, count, columns = quote(Total._meta.db_table), quote("count"), [quote(str(one.column)) for one in _FIELDS]
    row = "(" + ", ".join(["%s"] * len(columns)) + ")"
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([row] * rows)} "  # noqa: S608  # nosec B608
        f"ON CONFLICT ({', '.join(one for one in columns if one != count)}) "
        f"DO UPDATE SET {count} = {table}.{count} + excluded.{count} RETURNING {quote('id')}, {count}"
    )


def _as_stored(kind: Kind, is_month: bool, count: int) -> list[Any]:
    values = {**kind._asdict(), "is_month": is_month, "count": count}
    return [field.get_db_prep_save(values[field.name], connection) for field in _FIELDS]
