"""Connections that know whether a byte of the request was sent, and when the call's time is up.

`requests` and urllib3 report a refused connection and one that was reset after the request with the same
kinds of exception. So it is not read from the exception: each call carries a `Watch`, and the connection
itself notes the moment before the first byte of the request is handed to the socket. Name lookup, connecting
and the TLS handshake come before that moment.
"""

import contextlib
import http.client
import io
import logging
import socket
import time
from collections.abc import Iterator
from contextvars import ContextVar
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import Retry

from posapi.destinations import connect


class Watch:
    """One call under way: its deadline, and whether it is certain that no byte of the request was sent.

    Whoever hands the request to a session sets `nothing_sent` to False, the careful answer; only a watched
    adapter may take that back, until its connection sends.
    """

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds
        self.nothing_sent = True

    def remaining(self) -> float:
        """Seconds left, at least zero."""
        return max(0.0, self._deadline - time.monotonic())

    def limit(self, seconds: float | None) -> float:
        """The shorter of a step's own limit and what is left; TimeoutError when nothing is left."""
        remaining = self.remaining()
        if not remaining:
            raise TimeoutError("the time for the whole call is up")
        return remaining if seconds is None else min(seconds, remaining)


_under_way: ContextVar[Watch | None] = ContextVar("posapi_call_under_way", default=None)


@contextlib.contextmanager
def watching(watch: Watch) -> Iterator[None]:
    """Let the connections used inside report to this watch."""
    token = _under_way.set(watch)
    try:
        yield
    finally:
        _under_way.reset(token)


class _TimedReader(io.RawIOBase):
    """A socket's byte stream in which every wait ends at the call's deadline, headers included."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._sock = sock
        self._stream = cast(io.RawIOBase, sock.makefile("rb", buffering=0))
        self._watch = watch
        self._wait = sock.gettimeout()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._watch.limit(self._wait))
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedSocket:
    """The one method of a socket that `http.client` needs to read a response."""

    def __init__(self, sock: socket.socket, watch: Watch) -> None:
        self._reader = cast(io.BufferedReader, io.BufferedReader(_TimedReader(sock, watch)))

    def makefile(self, _mode: str) -> io.BufferedReader:
        return self._reader


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        watch = _under_way.get()
        timed = sock if watch is None else cast(socket.socket, _TimedSocket(sock, watch))
        super().__init__(timed, *args, **kwargs)


class _Watched(http.client.HTTPConnection):
    response_class = _TimedResponse

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        watch = _under_way.get()
        if watch is not None:
            self.sock.settimeout(watch.limit(self.sock.gettimeout()))
            watch.nothing_sent = False
        super().send(data)


def _opened(connection: HTTPConnection) -> socket.socket:
    """A socket to where the connection may lead; its failures by the names that urllib3 gives them."""
    options = {
        "timeout": connection.timeout,
        "source_address": connection.source_address,
        "socket_options": connection.socket_options,
    }
    try:
        return connect(connection._dns_host, connection.port, **options)
    except socket.gaierror as problem:
        raise NameResolutionError(connection.host, connection, problem) from problem
    except TimeoutError as problem:
        raise ConnectTimeoutError(connection, "no connection in time") from problem
    except OSError as problem:
        raise NewConnectionError(connection, f"no connection: {problem}") from problem


class _WatchedHTTPConnection(_Watched, HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)


class _WatchedHTTPSConnection(_Watched, HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _opened(self)


class _WatchedHTTPPool(HTTPConnectionPool):
    ConnectionCls = _WatchedHTTPConnection


class _WatchedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedHTTPSConnection


class WatchedAdapter(HTTPAdapter):
    """Sends once: no retries, no redirects, over connections that report to the call's watch."""

    def __init__(self) -> None:
        super().__init__(max_retries=Retry(0, read=False, redirect=False))

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools open watched connections."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _WatchedHTTPPool, "https": _WatchedHTTPSPool}

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one prepared request. Nothing is sent until the connection says so."""
        watch = _under_way.get()
        if watch is not None:
            watch.nothing_sent = True
        return super().send(*args, **kwargs)


class _PlainSession(requests.Session):
    def get_redirect_target(self, _response: requests.Response) -> None:
        """No redirect is followed, nor its body read to find out where it would lead."""


def open_session() -> requests.Session:
    """A session that takes nothing from the environment, keeps no cookies and follows no redirect."""
    session = _PlainSession()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    for scheme in ("https://", "http://"):
        session.mount(scheme, WatchedAdapter())
    return session


def _is_not_ours(_record: logging.LogRecord) -> bool:
    return _under_way.get() is None


# urllib3 logs the path with its query, and the query of customers/search is a name and a date of birth.
for _name in ("urllib3.connectionpool", "urllib3.connection", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_is_not_ours)
