"""Django in this process, with the settings of the tests, an empty database and a cache of its own."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from local_services import postgres, valkey
from local_services.processes import Supervisor
from tests.stack.lender import Sandbox, start_sandbox


@contextmanager
def portal_here(folder: Path, *, on_postgres: bool = False, **environment: str) -> Iterator[Sandbox]:
    """Set up Django once for this process, and give the lender. Only after that may models be imported."""
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'portal.sqlite3'}"
        if on_postgres:
            url = stack.enter_context(postgres.running(environment={}))
        settings = {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "LOG_LEVEL": "ERROR",
            "DATABASE_URL": url,
            **environment,
        }
        os.environ.update(settings)
        import django

        django.setup()
        from django.conf import settings as django_settings
        from django.core.management import call_command
        from django.db import connections
        from django.test.utils import setup_test_environment, teardown_test_environment

        setup_test_environment()
        stack.callback(teardown_test_environment)
        stack.enter_context(valkey.running(at=Path(urlsplit(str(django_settings.CACHES["default"]["LOCATION"])).path)))
        call_command("migrate", verbosity=0)
        stack.callback(connections.close_all)
        supervisor = stack.enter_context(Supervisor(folder / "log", dict(os.environ)))
        yield start_sandbox(supervisor)
