"""Evidence in tests that really commit.

Tests in a rolled-back transaction need nothing. Django empties the tables after a test that commits
(`transaction=True`, `live_server`): with TRUNCATE on PostgreSQL, which the triggers allow, but with DELETE
on SQLite, which they refuse. The fixture here takes the triggers away for just that flush. Import it in a
conftest.py.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseOperations

from audit import triggers


@pytest.fixture(autouse=True, scope="session")
def evidence_may_be_flushed() -> Iterator[None]:
    """Let Django's own flush empty the table of events on SQLite; everything else stays refused."""
    flush = DatabaseOperations.execute_sql_flush

    def flush_with_evidence(operations: DatabaseOperations, statements: list[str]) -> Any:
        connection = connections[operations.connection.alias]
        kept = "audit_event" in connection.introspection.table_names()
        if kept:
            triggers.remove(connection)
        try:
            return flush(operations, statements)
        finally:
            if kept:
                triggers.install(connection)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", flush_with_evidence)
        yield
