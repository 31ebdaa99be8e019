"""`make serve`: the portal in the shape of a chain of stores, on this machine, for a trial.

PostgreSQL, Valkey, a web server with two processes, two workers, beat, and the sandbox; each private to this trial,
unless one that runs elsewhere is named:

DATABASE_URL  a PostgreSQL database
CACHE_URL, CELERY_BROKER_URL  Redis or Valkey; the broker may also be RabbitMQ (amqp://…)
POSAPI_BASE_URL  the lender's API, instead of the sandbox
PORT, SANDBOX_PORT, WEB_WORKERS, WEB_THREADS, WORKER_CALLS  see docs/configuration.md
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from local_services import first_start, portal, postgres
from local_services.processes import Supervisor
from local_services.sockets import socket_folder
from scripts.terminal import ACCOUNTS, sandbox_port, say, until_stopped, web_socket

# A call of `apply` that is under way may take a minute; a second Ctrl-C does not wait for it.
_GRACE_SECONDS = 90


def serve(state: Path) -> None:
    """Start everything, say where it is, and watch it."""
    began = time.monotonic()
    with first_start.only_start(state) as lock, socket_folder() as sockets:
        valkey_socket = sockets / "valkey.sock"
        environment = portal.environment(os.environ, state, valkey_socket)
        with (
            web_socket() as web,
            postgres.running(state / "postgres", environment=os.environ) as database_url,
            Supervisor(state / "log", environment, grace=_GRACE_SECONDS, held_open=(lock,)) as supervisor,
        ):
            environment["DATABASE_URL"] = database_url
            place = {"state": state, "valkey_socket": valkey_socket, "web": web, "sandbox_port": sandbox_port()}
            started = portal.start(supervisor, **place, shape=portal.TRIAL)
            announce(started, environment, state, time.monotonic() - began)
            supervisor.watch()


def announce(started: portal.Portal, environment: Mapping[str, str], state: Path, seconds: float) -> None:
    """Tell the person at the terminal where everything is."""
    say(f"""
  The portal is ready ({seconds:.1f} s):  {started.url}

{ACCOUNTS.format(url=started.url)}

  Health       {started.url}/healthz   {started.url}/readyz
  Metrics      {started.url}/metrics   (with METRICS_TOKEN set: docs/operations.md)
  Database     {without_password(environment["DATABASE_URL"])}
  Broker       {without_password(environment["CELERY_BROKER_URL"])}
  Cache        {without_password(environment["CACHE_URL"])}
  POS API      {started.posapi_base_url}
  Logs         {state / "log"}   (JSON lines: web, worker, worker-2, beat)
  Stop         Ctrl-C: pages and calls under way are finished first; twice: at once
""")


def without_password(url: str) -> str:
    """An address that may stand on a screen."""
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":…@") if password else url


if __name__ == "__main__":
    sys.exit(until_stopped(__doc__, serve, "var/serve"))
