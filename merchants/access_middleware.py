"""Nothing is answered by a view that the table of access does not know."""

import logging
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from merchants.access import Action, reach_of
from merchants.refusing import refused

logger = logging.getLogger(__name__)


class EveryViewHasAnAction:
    """Refuses a view that names no action; whether a person may do it is asked by the view (`allows`).

    The Django admin's views name none: all of them are DJANGO_ADMIN, which is asked here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        action = match and action_of(match)
        if action is None:
            logger.error("A view names no action, so nobody may open it: %s", match and match.view_name)
            return refused(request)
        if action == Action.DJANGO_ADMIN and request.user.is_authenticated and not _may_administer(request):
            return refused(request, whose="administrator")
        return None


def action_of(match: ResolverMatch) -> Action | None:
    """What somebody does who opens this address."""
    if "admin" in match.app_names:
        return Action.DJANGO_ADMIN
    return getattr(match.func, "action", None)


def _may_administer(request: HttpRequest) -> bool:
    counter = request.counter  # type: ignore[attr-defined]
    return bool(reach_of(request.user, counter and counter.membership, Action.DJANGO_ADMIN))  # type: ignore[arg-type]
