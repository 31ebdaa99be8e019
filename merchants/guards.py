"""Who may come to the counter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from merchants.access import Action, allows
from merchants.refusing import refused, there_and_back
from merchants.selectors import stores_for

View = Callable[..., HttpResponse]


def at_the_counter(view: View) -> View:
    """Let through who takes applications and has a store of an active merchant; send the others where they belong."""

    @allows(Action.TAKE_APPLICATIONS)
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        counter = request.counter  # type: ignore[attr-defined]
        return view(request, *args, **kwargs) if counter.store is not None else to_a_store(request)

    return guarded


def to_a_store(request: HttpRequest) -> HttpResponse:
    """To the choice of a store, and back; who has none to choose from reads whom to tell."""
    counter = request.counter  # type: ignore[attr-defined]
    if not stores_for(counter.membership).exists():
        return refused(request)
    return there_and_back(request, "choose_store")
