"""The pool of connections and a server that is restarted."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from environ import Env

from local_services.postgres import Server
from local_services.processes import Supervisor
from local_services.sockets import socket_folder

ALIAS, MOST = "restarted", 8


@pytest.fixture
def server() -> Iterator[Server]:
    with socket_folder() as folder, Supervisor(logs=folder / "log", grace=10) as supervisor:
        server = Server(supervisor, folder, folder / "data", durable=False)
        server.start()
        yield server


@pytest.fixture
def connections(server, django_db_blocker) -> Iterator[ConnectionHandler]:
    pool = {"min_size": 1, "max_size": MOST, "timeout": 5, "reconnect_timeout": 5}
    chosen: Any = Env.db_url_config(server.url)
    chosen |= {"ENGINE": "flexiti_portal.postgresql", "CONN_HEALTH_CHECKS": True}
    chosen["OPTIONS"] = {**chosen["OPTIONS"], "pool": pool}
    connections = ConnectionHandler({"default": {}, ALIAS: chosen})
    with django_db_blocker.unblock():
        yield connections
        connections[ALIAS].close_pool()


def ask(connections: ConnectionHandler, meanwhile: threading.Barrier | None = None) -> None:
    connection = connections[ALIAS]
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    if meanwhile:
        meanwhile.wait()
    connection.close()


def fill(connections: ConnectionHandler) -> None:
    """Have every connection of the pool in use at once."""
    together = threading.Barrier(MOST)
    threads = [threading.Thread(target=ask, args=(connections, together)) for _ in range(MOST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connections[ALIAS].pool.get_stats()["pool_available"] == MOST


def test_first_caller_after_a_restart_is_served_at_once(server, connections):
    fill(connections)
    server.stop()
    server.start()
    began = time.monotonic()
    ask(connections)
    assert time.monotonic() - began < 1


def test_caller_is_served_soon_after_a_long_outage(server, connections):
    fill(connections)
    server.stop()
    began = time.monotonic()
    while time.monotonic() - began < 8:
        with pytest.raises(OperationalError):
            ask(connections)
    server.start()
    began = time.monotonic()
    ask(connections)
    assert time.monotonic() - began < 3


def test_more_callers_than_connections_take_turns(server, connections):
    answered = []

    def call() -> None:
        for _ in range(20):
            ask(connections)
            answered.append(1)

    threads = [threading.Thread(target=call) for _ in range(5 * MOST)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answered) == 100 * MOST
    assert connections[ALIAS].pool.get_stats()["pool_size"] <= MOST
