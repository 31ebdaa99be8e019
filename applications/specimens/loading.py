"""Putting many rows into a table at once."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection, models


def load(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, without signals. PostgreSQL takes them by COPY, which is several times faster."""
    if not rows:
        return
    model = type(rows[0])
    if connection.vendor == "postgresql":
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=500)


def _copy(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    is_counted_up = rows[0].pk is None
    fields = [field for field in model._meta.concrete_fields if not (is_counted_up and field.primary_key)]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor, cast(Any, cursor).copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])


def reserved_keys(model: type[models.Model], count: int) -> Sequence[int]:
    """Keys that nobody else is given, so that rows can refer to rows that are loaded with them."""
    if connection.vendor != "postgresql":
        highest = model._default_manager.aggregate(highest=models.Max("pk"))["highest"] or 0
        return range(highest + 1, highest + 1 + count)
    statement = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(statement, [model._meta.db_table, count])
        return [key for (key,) in cursor.fetchall()]
