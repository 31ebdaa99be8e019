"""What `make run` and `make serve` have in common: ports, the state folder, and how a person stops them."""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from local_services import first_start, portal, postgres, valkey
from local_services.processes import ChildDied, NotReady, Stopped, die_with_parent, stop_on_signals
from local_services.sockets import PortTaken, free_port, listening, listening_from, port_of

ACCOUNTS = """\
  Sign in as   associate   takes applications in a store
               manager     the same, in the same store
               floater     the same, in two stores
               admin       sets up stores, staff and credentials, in {url}/admin/
               stranger    an associate of another merchant
  Password     counter-demo   (the same for all)"""

_EXPECTED = (
    ChildDied,
    NotReady,
    PortTaken,
    first_start.AlreadyRunning,
    first_start.SecretsLost,
    postgres.NoPostgres,
    valkey.NoValkey,
)


def until_stopped(description: str | None, run: Callable[[Path], None], default_state: str) -> int:
    """Run with the state folder until told to stop (exit code 0) or until any part dies (exit code 1)."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stop-with-parent", action="store_true", help="stop when the calling process is killed")
    if parser.parse_args().stop_with_parent:
        die_with_parent()
    try:
        with stop_on_signals():
            run(Path(os.environ.get("STATE_DIR") or portal.ROOT / default_state).resolve())
    except Stopped as signal:
        say(f"\nStopped by {signal}. Nothing is left running; the data is kept.")
        return 0
    except _EXPECTED as problem:
        say(f"\nStopped: {problem}", sys.stderr)
        return 1
    return 1


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


def say(text: str, to: TextIO | None = None) -> None:
    """Print at once, whoever reads."""
    print(text, file=to or sys.stdout, flush=True)
