"""The one way out: sends a call, reads the whole answer within its limits, or says how it failed."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from itertools import count

import requests
from urllib3.exceptions import HTTPError

from posapi.calls import Answer, Request
from posapi.connections import Watch, open_session, watching
from posapi.destinations import AddressRefused, Destinations
from posapi.errors import LedAstray, NotReachable, PosApiError, unanswered
from posapi.retries import Failure, pause_before_repeat

LARGEST_ANSWER = 4 * 1024 * 1024
_CHUNK = 64 * 1024
_NOTHING_SENT = {Failure.NOT_REACHED: NotReachable, Failure.REFUSED_ADDRESS: LedAstray}

log = logging.getLogger("posapi")


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect (per address of the host), between two bytes, and for the whole call with repeats.

    Looking up the host's name is not limited by any of them; the system's resolver has its own limit.
    """

    connect: float = 3.05
    read: float = 10
    total: float = 15


class _TooLargeError(Exception):
    pass


class Transport:
    """Sends calls to one base URL, which must be among the destinations (else DestinationRefused).

    Repeatable calls share connections. Every other call gets a connection of its own, closed afterwards: on a
    connection kept alive, the lender's having closed it meanwhile looks like a lost answer.
    """

    def __init__(
        self,
        base_url: str,
        *,
        destinations: Destinations,
        session_factory: Callable[[], requests.Session] = open_session,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        destinations.check(base_url)
        self._base_url = base_url
        self._session_factory = session_factory
        self._pause = pause
        self._shared = session_factory()

    def close(self) -> None:
        """Close the shared connections."""
        self._shared.close()

    def exchange(self, request: Request, timeouts: Timeouts) -> Answer:
        """Send a request and return its answer, whatever its status.

        Raises NotReachable when no byte of it was sent, else OutcomeUnknown (`apply`, `close`) or
        UnreadableAnswer when no complete answer arrived.
        """
        watch = Watch(timeouts.total)
        started = time.monotonic()
        for attempt in count():
            outcome = self._try_once(request, timeouts, watch)
            seen = outcome.status if isinstance(outcome, Answer) else outcome
            pause = pause_before_repeat(attempt, repeatable=request.call.repeatable, outcome=seen)
            if pause is None or watch.remaining() <= pause:
                break
            self._pause(pause)
        _log(request, seen, time.monotonic() - started)
        if isinstance(outcome, Answer):
            return outcome
        raise _error(request, outcome)

    def _try_once(self, request: Request, timeouts: Timeouts, watch: Watch) -> Answer | Failure:
        """One attempt. Failures are returned, so that no exception of `requests` travels on with our data."""
        session = self._shared if request.call.repeatable else self._session_factory()
        data = request.data()
        try:
            with watching(watch), self._send(session, request, data, timeouts, watch) as response:
                return Answer(
                    status=response.status_code,
                    content_type=response.headers.get("content-type", ""),
                    content=_body(response, watch),
                )
        except _TooLargeError:
            return Failure.TOO_LARGE
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as problem:
            return _failure(problem, watch)
        finally:
            if session is not self._shared:
                session.close()

    def _send(
        self,
        session: requests.Session,
        request: Request,
        data: bytes | dict[str, str] | None,
        timeouts: Timeouts,
        watch: Watch,
    ) -> requests.Response:
        limits = (watch.limit(timeouts.connect), watch.limit(timeouts.read))
        watch.nothing_sent = False
        return session.request(
            request.call.method,
            f"{self._base_url}/{request.call.path}",
            params=dict(request.call.query),
            data=data,
            headers=request.headers(),
            timeout=limits,
            allow_redirects=False,
            stream=True,
        )


def _body(response: requests.Response, watch: Watch) -> bytes:
    received = bytearray()
    for chunk in response.iter_content(_CHUNK):
        received += chunk
        if len(received) > LARGEST_ANSWER:
            raise _TooLargeError
        watch.limit(None)
    return bytes(received)


def _failure(problem: Exception, watch: Watch) -> Failure:
    if isinstance(problem, AddressRefused):
        return Failure.REFUSED_ADDRESS
    if watch.nothing_sent:
        return Failure.NOT_REACHED
    timed_out = isinstance(problem, (requests.Timeout, TimeoutError)) or not watch.remaining()
    return Failure.TIMED_OUT if timed_out or "timed out" in str(problem) else Failure.BROKEN


def _error(request: Request, failure: Failure) -> PosApiError:
    endpoint = request.call.endpoint
    kind = _NOTHING_SENT.get(failure) or unanswered(endpoint)
    return kind(endpoint, reference_id=request.reference_id, reason=failure.value)


def _log(request: Request, seen: int | Failure, seconds: float) -> None:
    what = seen.value if isinstance(seen, Failure) else f"HTTP {seen}"
    told = request.call.endpoint, what, seconds, request.reference_id
    log.info("%s: %s in %.2f s, reference %s", *told, extra={"reference_id": request.reference_id})
