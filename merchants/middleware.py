"""Puts the counter on the request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from merchants.counter import CHOSEN_STORE, Counter, counter_of
from merchants.selectors import membership_of

Handler = Callable[[HttpRequest], HttpResponse]


def counter(get_response: Handler) -> Handler:
    """Set `request.counter`: None when nobody is signed in, or a person without an active merchant."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.counter = _counter(request)  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _counter(request: HttpRequest) -> Counter | None:
    if not request.user.is_authenticated:
        return None
    membership = membership_of(request.user)
    if membership is None:
        return None
    return counter_of(membership, chosen_store=request.session.get(CHOSEN_STORE))
