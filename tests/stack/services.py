"""Real services for tests: Valkey, PostgreSQL, and the sandbox over HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation

from local_services import postgres as postgresql
from local_services import valkey as valkeys
from local_services.processes import Supervisor
from local_services.sockets import socket_folder
from tests.stack.lender import Sandbox, start_sandbox

_LEFT_OUT = pytest.StashKey[int]()


@pytest.fixture(scope="session", autouse=True)
def valkey() -> Iterator[valkeys.Valkey]:
    """The server behind Django's cache, one for every worker of pytest-xdist (it starts in 0.05 s)."""
    at = Path(urlsplit(settings.CACHES["default"]["LOCATION"]).path)
    with valkeys.running(at=at) as server:
        yield server
    at.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _as_new(valkey: valkeys.Valkey) -> None:
    """No test finds what the one before it left: cached values, or the language and time zone of its last page."""
    cache.clear()
    translation.deactivate()
    timezone.deactivate()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The DATABASE_URL of a private PostgreSQL server with an empty database."""
    with postgresql.running(durable=False, environment={}) as url:
        yield url


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """The stand-in for the POS API, without its usual delay. Tests ask for `sandbox`."""
    with socket_folder() as logs, Supervisor(logs, {**os.environ}, grace=5) as supervisor:
        yield start_sandbox(supervisor)


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """The stand-in for the POS API as it was when it started: nothing received, no fault staged."""
    sandbox_server.reset()
    return sandbox_server


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow files first, so that no worker is left alone with one; and only tests that can run.

    Tests marked `postgres` need it behind Django, or ask for the `postgres` fixture. On SQLite the former are
    left out, and counted as deselected; `make test` runs them in its second pass.
    """
    items.sort(key=_is_quick)
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    left_out = [item for item in items if _needs_postgres_behind_django(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
        config.stash[_LEFT_OUT] = len(left_out)


def _is_quick(item: pytest.Item) -> bool:
    slow = ("benchmarks", "chaos", "evidence_measures", "journeys", "stack")
    return not any(item.path.match(f"tests/{folder}/*") for folder in slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was left out, so that nobody takes it for tested."""
    if count := config.stash.get(_LEFT_OUT, 0):
        terminalreporter.write_line(f"{count} tests need PostgreSQL behind Django: make test-postgres", yellow=True)


def _needs_postgres_behind_django(item: pytest.Item) -> bool:
    names = getattr(item, "fixturenames", ())
    return item.get_closest_marker("postgres") is not None and not {"postgres", "portal_on_postgres"} & set(names)
