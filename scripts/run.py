"""`make run`: start the whole portal on this machine and stop all of it together.

PORT        port of the web server; without it 8000, or the next free one
SANDBOX_PORT  port of the stand-in for the POS API; without it 8100, or the next free one
POSAPI_BASE_URL  where the demonstration credential points instead of the sandbox
"""

import os
import sys
import time
from pathlib import Path

from local_services import first_start, portal
from local_services.processes import Supervisor
from local_services.sockets import socket_folder
from scripts.terminal import ACCOUNTS, sandbox_port, say, until_stopped, web_socket


def run(state: Path) -> None:
    """Start everything, say where it is, and watch it."""
    began = time.monotonic()
    with first_start.only_start(state) as lock, socket_folder() as sockets:
        valkey_socket = sockets / "valkey.sock"
        environment = portal.environment({"LOG_FORMAT": "lines", **os.environ}, state, valkey_socket)
        with web_socket() as web, Supervisor(state / "log", environment, held_open=(lock,)) as supervisor:
            started = portal.start(
                supervisor, state=state, valkey_socket=valkey_socket, web=web, sandbox_port=sandbox_port()
            )
            announce(started, state, time.monotonic() - began)
            supervisor.watch()


def announce(started: portal.Portal, state: Path, seconds: float) -> None:
    """Tell the person at the terminal everything needed to begin."""
    say(f"""
  The portal is ready ({seconds:.1f} s):  {started.url}

{ACCOUNTS.format(url=started.url)}

  POS API      {started.posapi_base_url}
  Try          In the sandbox the applicant's middle name chooses the answer: see "Response keys" in README.md
  Logs         {state / "log"}
  Stop         Ctrl-C
""")


if __name__ == "__main__":
    sys.exit(until_stopped(__doc__, run, "var"))
