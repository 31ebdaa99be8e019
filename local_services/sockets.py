"""Places to listen: short folders for Unix sockets, and TCP ports of the loopback interface."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

LOOPBACK = "127.0.0.1"
_LONGEST_FOLDER = 60  # a socket's whole path has at most 107 characters on Linux and 103 on macOS


class PortTaken(Exception):
    """The port that was asked for is in use."""


@contextmanager
def socket_folder() -> Iterator[Path]:
    """A private folder with a short path, wherever the project lives; removed afterwards."""
    parent = tempfile.gettempdir()
    if len(parent) > _LONGEST_FOLDER:  # mkdtemp makes a private folder in the other place, too
        parent = "/tmp"  # noqa: S108  # nosec B108
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def listening(port: int) -> socket.socket:
    """A TCP socket that listens on `port` of the loopback interface (0: any free one).

    Callers wait in its queue until a server accepts them. Raises PortTaken when somebody else has the port.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortTaken(f"Port {port} of {LOOPBACK} cannot be used: {error.strerror}.") from error
    return listener


def listening_from(first: int, tries: int = 100) -> socket.socket:
    """A listening socket on the first free port from `first` upwards."""
    for port in range(first, first + tries):
        try:
            return listening(port)
        except PortTaken:
            continue
    raise PortTaken(f"None of the ports {first} to {first + tries - 1} of {LOOPBACK} is free.")


def port_of(listener: socket.socket) -> int:
    """The TCP port of a socket."""
    port: int = listener.getsockname()[1]
    return port


def free_port(first: int = 0) -> int:
    """A port that was free a moment ago; for servers that cannot be handed a socket."""
    with closing(listening_from(first) if first else listening(0)) as listener:
        return port_of(listener)


def is_answered(port: int) -> bool:
    """Whether something on the loopback interface accepts connections on `port`."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as caller:
        caller.settimeout(0.5)
        return caller.connect_ex((LOOPBACK, port)) == 0
