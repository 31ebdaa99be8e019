"""Timing pages as a browser gets them: over HTTP, signed in, one after the other."""

import statistics
import time
from collections.abc import Callable, Sequence
from http import HTTPStatus

from chaos.associates import Associate
from chaos.stack import Stack


def signed_in(stack: Stack, username: str) -> Associate:
    person = Associate(stack.url, username)
    person.sign_in()
    return person


def seconds_of(ask: Callable[[], tuple[int, str]], name: str = "the page") -> float:
    """How long the whole answer took. Raises AssertionError for another answer than a page."""
    began = time.perf_counter()
    status, where = ask()
    took = time.perf_counter() - began
    if status != HTTPStatus.OK:
        raise AssertionError(f"{name} answered {status} {where}")
    return took


def p95_ms(seconds: Sequence[float]) -> float:
    """In milliseconds."""
    return round(1000 * statistics.quantiles(seconds, n=20)[-1], 1)


def median_ms(seconds: Sequence[float]) -> float:
    return round(1000 * statistics.median(seconds), 1)
