"""`make run`: start the whole portal on this machine and stop all of it together.

PORT        port of the web server; without it 8000, or the next free one
SANDBOX_PORT  port of the stand-in for the POS API; without it 8100, or the next free one
POSAPI_BASE_URL  where the demonstration credential points instead of the sandbox
"""

import argparse
import os
import socket
import sys
import time
from pathlib import Path
from typing import TextIO

from local_services import first_start, portal, valkey
from local_services.processes import (
    ChildDied,
    NotReady,
    Stopped,
    Supervisor,
    die_with_parent,
    stop_on_signals,
)
from local_services.sockets import PortTaken, free_port, listening, listening_from, port_of, socket_folder

_EXPECTED = (
    ChildDied,
    NotReady,
    PortTaken,
    first_start.AlreadyRunning,
    first_start.SecretsLost,
    valkey.NoValkey,
)


def main() -> int:
    """Run until told to stop (exit code 0) or until any part of it dies (exit code 1)."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when the calling process is killed")
    if parser.parse_args().stop_with_parent:
        die_with_parent()
    try:
        with stop_on_signals():
            run(Path(os.environ.get("STATE_DIR") or portal.ROOT / "var").resolve())
    except Stopped as signal:
        say(f"\nStopped by {signal}. Nothing is left running; the data is kept.")
        return 0
    except _EXPECTED as problem:
        say(f"\nStopped: {problem}", sys.stderr)
        return 1
    return 1


def run(state: Path) -> None:
    """Start everything, say where it is, and watch it."""
    began = time.monotonic()
    with first_start.only_start(state) as lock, socket_folder() as sockets:
        valkey_socket = sockets / "valkey.sock"
        environment = portal.environment(os.environ, state, valkey_socket)
        with web_socket() as web, Supervisor(state / "log", environment, held_open=(lock,)) as supervisor:
            started = portal.start(
                supervisor, state=state, valkey_socket=valkey_socket, web=web, sandbox_port=sandbox_port()
            )
            announce(started, state, time.monotonic() - began)
            supervisor.watch()


def web_socket() -> socket.socket:
    """The web server's socket: on PORT if it is set, else on 8000 or the next free port."""
    if port := port_in("PORT"):
        return listening(port)
    chosen = listening_from(8000)
    if port_of(chosen) != 8000:
        say(f"Port 8000 is in use; taking {port_of(chosen)}.")
    return chosen


def sandbox_port() -> int:
    """The sandbox's port: SANDBOX_PORT or 8100, or the next free one."""
    return free_port(port_in("SANDBOX_PORT") or 8100)


def port_in(name: str) -> int | None:
    """The port number in an environment variable, if it is set."""
    given = os.environ.get(name, "")
    if given and not (given.isdecimal() and 0 < int(given) < 65536):
        raise PortTaken(f"{name} is {given!r}; it should be a port number between 1 and 65535.")
    return int(given) if given else None


def announce(started: portal.Portal, state: Path, seconds: float) -> None:
    """Tell the person at the terminal everything needed to begin."""
    say(f"""
  The portal is ready ({seconds:.1f} s):  {started.url}

  Sign in as   associate   takes applications in a store
               manager     the same, in the same store
               floater     the same, in two stores
               admin       sets up stores, staff and credentials, in {started.url}/admin/
               stranger    an associate of another merchant
  Password     counter-demo   (the same for all)

  POS API      {started.posapi_base_url}
  Try          In the sandbox the applicant's middle name chooses the answer: see "Response keys" in README.md
  Logs         {state / "log"}
  Stop         Ctrl-C
""")


def say(text: str, to: TextIO | None = None) -> None:
    """Print at once, whoever reads."""
    print(text, file=to or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
