"""Tests talk to this machine only: any other connection fails the test that tries it."""

import ipaddress
import socket
from typing import Any

import pytest

_connect, _connect_ex = socket.socket.connect, socket.socket.connect_ex


class OutsideNetwork(AssertionError):
    """A test tried to leave this machine. Not an OSError: no error handling may take it for a lender that is down."""


def is_local(family: int, address: Any) -> bool:
    """Whether an address is a Unix socket or on the loopback interface."""
    if family not in (socket.AF_INET, socket.AF_INET6):
        return True
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _refuse_outside(self, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _refuse_outside(self, address)
    return _connect_ex(self, address)


def _refuse_outside(caller: socket.socket, address: Any) -> None:
    if not is_local(caller.family, address):
        raise OutsideNetwork(f"This test tried to connect to {address!r}, which is not on this machine.")


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Put the guard in place."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    """Take the guard away."""
    socket.socket.connect = _connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _connect_ex  # type: ignore[method-assign]
