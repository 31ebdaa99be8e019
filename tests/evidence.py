"""Evidence in tests that really commit.

Tests in a rolled-back transaction need nothing. Django empties the tables after a test that commits
(`transaction=True`, `live_server`): with TRUNCATE on PostgreSQL, with DELETE on SQLite, and the triggers refuse both.
The fixture here keeps them out of just that flush.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.db.backends.base.operations import BaseDatabaseOperations

from audit import triggers


@pytest.fixture(autouse=True, scope="session")
def evidence_may_be_flushed() -> Iterator[None]:
    """Let Django's own flush empty the tables of evidence; everything else stays refused."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_with_evidence(operations: BaseDatabaseOperations, statements: list[str]) -> Any:
        connection = connections[operations.connection.alias]
        if connection.vendor == "postgresql":
            return flush(operations, ["SET LOCAL session_replication_role = replica", *statements])
        tables = connection.introspection.table_names()
        evidence = [table for table in triggers.EVIDENCE if table in tables]
        triggers.remove(connection, evidence)
        try:
            return flush(operations, statements)
        finally:
            triggers.install(connection, evidence)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_with_evidence)
        yield
