from collections.abc import Iterator

import pytest
from django.db import connection

from tests.vault.specimens import Specimen


@pytest.fixture(scope="session")
def _specimen_table(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        with connection.schema_editor() as editor:
            editor.create_model(Specimen)
        yield
        with connection.schema_editor() as editor:
            editor.delete_model(Specimen)


@pytest.fixture
def specimens(_specimen_table: None, db: None) -> type[Specimen]:
    return Specimen
