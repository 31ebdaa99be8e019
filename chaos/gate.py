"""A gate before the lender, which lets the look before the bureau pass and then shuts: `apply` finds nobody, or a
certificate that it must not trust."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable

from local_services.sockets import LOOPBACK, listening, port_of

_LOOK = b"/customers/search"
_CHUNK = 64 * 1024
_PATIENCE = 30.0

Welcome = Callable[[socket.socket], socket.socket]


class Gate:
    """Listens on a port of its own and passes every byte on to the lender's.

    `before` and `after` the look: how a caller is let in; afterwards None refuses. The look itself is still answered.
    """

    def __init__(self, lender_port: int, *, before: Welcome, after: Welcome | None) -> None:
        self._lender_port = lender_port
        self._welcome, self._after = before, after
        self._listener = listening(0)
        self.port = port_of(self._listener)
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Refuse connections from now on; those that were let in go on."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(caller,), daemon=True).start()

    def _serve(self, caller: socket.socket) -> None:
        caller.settimeout(_PATIENCE)
        with (
            contextlib.suppress(OSError),
            caller,
            self._welcome(caller) as let_in,
            socket.create_connection((LOOPBACK, self._lender_port), _PATIENCE) as lender,
        ):
            threading.Thread(target=self._pass_on, args=(lender, let_in), daemon=True).start()
            self._pass_on(let_in, lender, notice=True)

    def _pass_on(self, giver: socket.socket, taker: socket.socket, *, notice: bool = False) -> None:
        with contextlib.suppress(OSError):
            while data := giver.recv(_CHUNK):
                if notice and _LOOK in data:
                    self._shut()
                taker.sendall(data)
            taker.shutdown(socket.SHUT_WR)

    def _shut(self) -> None:
        if self._after is None:
            self.close()
        else:
            self._welcome = self._after


def plainly(caller: socket.socket) -> socket.socket:
    """Without TLS."""
    return caller


def showing(context: ssl.SSLContext) -> Welcome:
    """With the certificate of this context."""
    return lambda caller: context.wrap_socket(caller, server_side=True)
