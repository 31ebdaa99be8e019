"""An answer outlives a database that is away for a moment."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections

from applications.submission.connections import patiently, release_connection


def test_patiently_waits_for_the_database(monkeypatch, django_db_blocker):
    monkeypatch.setattr("applications.submission.connections._AGAIN_AFTER_SECONDS", 0.01)
    tries = iter([OperationalError("away"), OperationalError("away"), None])

    def work():
        if problem := next(tries):
            raise problem
        return "recorded"

    assert patiently(work) == "recorded"


def test_patiently_gives_up_in_the_end(settings):
    settings.DATABASE_PATIENCE_SECONDS = 0

    def work():
        raise OperationalError("gone")

    with pytest.raises(OperationalError):
        patiently(work)


def test_patiently_does_not_wait_inside_a_transaction(db, settings):
    began = time.monotonic()

    def work():
        raise OperationalError("the transaction is lost")

    with pytest.raises(OperationalError):
        patiently(work)
    assert time.monotonic() - began < settings.DATABASE_PATIENCE_SECONDS / 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_patiently_gets_through_a_connection_that_the_server_ended():
    def pid():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return cursor.fetchone()[0]

    def end(process):
        try:
            with connections["default"].cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", [process])
        finally:
            connection.close()

    before = pid()
    killer = threading.Thread(target=end, args=[before])
    killer.start()
    killer.join()
    assert patiently(pid) != before


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_release_gives_the_connection_back_and_the_next_query_gets_one():
    connection.ensure_connection()
    release_connection()
    assert connection.connection is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
