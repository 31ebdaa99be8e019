"""Bytes of an HTTP/1.1 answer, and doing things to a connection that HTTP libraries do not allow."""

import os
import select
import socket
import struct
import time
from collections.abc import Iterable
from http import HTTPStatus

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class ConnectionTaken(Exception):
    """A fault has dealt with the connection; nothing more may be written to it."""


def answer_head(status: int, headers: Iterable[tuple[str, str]], *, keep_alive: bool) -> bytes:
    """Status line and headers, with the empty line that ends them."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]
    lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def reset(connection: socket.socket) -> None:
    """End the connection with RST instead of FIN.

    The descriptor is closed under the socket object, because http.server would otherwise send a FIN first.
    """
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    os.close(connection.detach())


def wait_until_client_leaves(connection: socket.socket, seconds: float) -> bool:
    """Say nothing until the client closes its end; False if it is still there after `seconds`."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        readable, _, _ = select.select([connection], [], [], min(left, 1.0))
        if readable and not _is_open(connection):
            return True
    return False


def _is_open(connection: socket.socket) -> bool:
    """Whether the client's end is open; bytes it sends meanwhile are thrown away."""
    try:
        return bool(connection.recv(4096))
    except OSError:
        return False
