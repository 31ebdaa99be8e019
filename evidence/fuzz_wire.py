"""One request as bytes and one answer as bytes, on a connection of its own: no library in between to be polite."""

import re
import socket
from dataclasses import dataclass, field

_PATIENCE_SECONDS = 30
_CHUNK = 64 * 1024
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass(frozen=True)
class Sent:
    """A request as it goes out. is_whole: it ends as it says, so an answer is due."""

    content: bytes
    is_whole: bool = True


@dataclass(frozen=True)
class Received:
    """status 0: no answer came."""

    status: int
    content: bytes = field(repr=False)


def exchange(port: int, sent: Sent) -> Received:
    """Send it, close our half of the connection, and read until the other half is closed."""
    received = bytearray()
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE_SECONDS) as connection:
        try:
            connection.sendall(sent.content)
            if not sent.is_whole:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before it was all sent, and the reason is on its way
        try:
            while chunk := connection.recv(_CHUNK):
                received += chunk
        except ConnectionError:
            pass
    found = _STATUS.match(received)
    return Received(int(found[1]) if found else 0, bytes(received))
