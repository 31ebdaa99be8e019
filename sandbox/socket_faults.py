"""Faults below HTTP, staged on the connection itself."""

import socket
import time

from werkzeug.wrappers import Response

from sandbox.faults import Fault
from sandbox.wire import ConnectionTaken, answer_head, reset, wait_until_client_leaves

_LONGEST_DRIP = 120.0


def stage_on_socket(fault: Fault, connection: socket.socket, answer: Response | None) -> None:
    """Do to the connection what the fault says with the answer it would have got. Always raises ConnectionTaken."""
    try:
        if fault.name in ("reset_before", "reset_after"):
            reset(connection)
        elif fault.name == "silent":
            wait_until_client_leaves(connection, fault.seconds)
        elif answer is not None and fault.name in ("cut_off", "half_open"):
            raw = _raw(answer)
            connection.sendall(raw[: len(raw) - len(answer.get_data()) // 2 - 1])
            if fault.name == "half_open":
                wait_until_client_leaves(connection, fault.seconds)
        elif answer is not None and fault.name == "slow_drip":
            _drip(connection, _raw(answer), fault.seconds)
    except OSError:
        pass  # the client left first, which ends every one of these faults
    raise ConnectionTaken


def _raw(answer: Response) -> bytes:
    """The whole answer; its length is announced in full even if only a part is sent."""
    body = answer.get_data()
    return answer_head(answer.status_code, answer.headers.items(), keep_alive=False) + body


def _drip(connection: socket.socket, raw: bytes, interval: float) -> None:
    """One byte every `interval` seconds: each read succeeds, so only a total deadline ends it."""
    until = time.monotonic() + _LONGEST_DRIP
    for position in range(len(raw)):
        if time.monotonic() > until:
            return
        connection.sendall(raw[position : position + 1])
        time.sleep(interval)
