"""When a till counts as left alone, and when a session as over; what a view may say about itself for the former."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_ACTIVE_AT = "active_at"
_LOCKED = "locked"
_BEGAN_AT = "began_at"
# A session is a row: it is not written again for every request of a busy person.
_NOTED_EVERY_SECONDS = 15

View = Callable[..., HttpResponse]


def asked_by_itself(*, when: str = "") -> Callable[[View], View]:
    """Mark a view that pages ask without a person: it never counts as activity.

    With `when`, only requests whose query has that name are asked so.
    """

    def mark(view: View) -> View:
        view.asked_by_itself = when or True  # type: ignore[attr-defined]
        return view

    return mark


def keeps_typed(keep: Callable[..., None]) -> Callable[[View], View]:
    """Give a view the function that keeps what was posted to it, for when the view itself may not run."""

    def mark(view: View) -> View:
        view.keep_typed = keep  # type: ignore[attr-defined]
        return view

    return mark


def is_activity(request: HttpRequest, view: Any) -> bool:
    """Whether a person did this."""
    mark = getattr(view, "asked_by_itself", False)
    return not (mark is True or (mark and mark in request.GET))


def is_over(request: HttpRequest) -> bool:
    """Whether this session has had its SESSION_SECONDS since signing in. Its row lives on with every write to it."""
    return bool(time.time() - request.session.setdefault(_BEGAN_AT, time.time()) >= settings.SESSION_SECONDS)


def note_activity(request: HttpRequest) -> None:
    now = time.time()
    if now - request.session.get(_ACTIVE_AT, 0) > min(_NOTED_EVERY_SECONDS, settings.IDLE_LOCK_SECONDS / 4):
        request.session[_ACTIVE_AT] = now


def seconds_left(request: HttpRequest) -> float:
    """Until the till locks itself; 0 or less when it should be locked. A session begins as active."""
    if not settings.IDLE_LOCK_SECONDS:
        return float("inf")
    return float(request.session.get(_ACTIVE_AT, time.time()) + settings.IDLE_LOCK_SECONDS - time.time())


def is_locked(request: HttpRequest) -> bool:
    return bool(request.session.get(_LOCKED))


def lock(request: HttpRequest) -> None:
    request.session[_LOCKED] = True


def unlock(request: HttpRequest) -> None:
    request.session.pop(_LOCKED, None)
    request.session[_ACTIVE_AT] = time.time()
