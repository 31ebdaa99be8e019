"""The short form of `python -m evidence.restoring`: a real backup, restored beside the database it is from."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from applications.models import Application
from applications.monitoring import set_back
from applications.submission.claims import claim_next
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from applications.submission.sweep import sweep
from evidence.mortal import pg
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory, ready_application

RESTORED = "restored"


def url(name: str) -> str:
    given = connection.get_connection_params()
    named = {"host": given.get("host"), "port": given.get("port"), "user": given.get("user")}
    named["password"] = given.get("password")
    return f"postgres:///{name}?{urlencode({key: value for key, value in named.items() if value})}"


@contextmanager
def database(name: str) -> Iterator[None]:
    """Django works with this one of the server."""
    before = connection.settings_dict["NAME"]
    disconnect()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        disconnect()
        connection.settings_dict["NAME"] = before


def disconnect() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@pytest.fixture
def put_back(tmp_path: Path, django_db_blocker: Any) -> Iterator[Any]:
    """`put_back(file)`: this backup in a new database, by the recipe."""

    def restore(file: Path) -> None:
        pg("createdb", f"--maintenance-db={url('postgres')}", RESTORED)
        pg("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={url(RESTORED)}", file)

    yield restore
    pg("dropdb", "--if-exists", "--force", f"--maintenance-db={url('postgres')}", RESTORED)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_waits_in_a_restored_backup_is_not_sent_again(sandbox: Any, tmp_path: Path, put_back: Any) -> None:
    store, user = StoreFactory(), UserFactory(username="associate")
    MembershipFactory(user=user, merchant=store.merchant, stores=[store])
    credential = CredentialFactory(merchant=store.merchant, base_url=sandbox.base_url)
    waiting = [
        ready_application(credential, store=store, user=user, dob=f"1970-01-0{day}", middle_name="A-RR_L")
        for day in (1, 2, 3)
    ]
    for application in waiting[:2]:
        submit(application, by=user, revision=application.revision)
    assert set_back.look()
    deliver_next()
    file = tmp_path / "portal.pgc"
    pg("pg_dump", "--format=custom", f"--file={file}", url(connection.settings_dict["NAME"]))
    deliver_next()
    put_back(file)
    with database(RESTORED):
        assert statuses() == ["approved", "draft", "queued"]
        assert claim_next() is None
        sweep()
        assert statuses() == ["approved", "draft", "queued"]
        later = Application.objects.get(pk=waiting[2].pk)
        submit(later, by=user, revision=later.revision)
        call_command("presume_sent", "--after-a-restore")
        deliver_next()
        assert statuses() == ["approved", "approved", "unknown"]
        assert Application.objects.get(pk=later.pk).updated_at < timezone.now()
        assert {flow["received"] for flow in sandbox.applies().values()} == {1}
        # The control: somebody says wrongly that nothing was lost.
        disconnect()
        pg("dropdb", "--force", f"--maintenance-db={url('postgres')}", RESTORED)
        put_back(file)
        call_command("resume_sending", "--nothing-was-lost")
        assert claim_next() is not None


def statuses() -> list[str]:
    return sorted(Application.objects.values_list("status", flat=True))
