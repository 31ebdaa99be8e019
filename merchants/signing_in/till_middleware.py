"""Locks a till that was left alone, and ends a session that had its time, before anything else is shown or done."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

from merchants.access import Action
from merchants.access_middleware import action_of
from merchants.refusing import there_and_back, to_sign_in
from merchants.returning import page_to_return_to
from merchants.signing_in.idleness import is_activity, is_locked, is_over, note_activity, seconds_left
from merchants.signing_in.till import hand_over_till, lock_till

# What a locked till still does: nothing of these shows anything of an applicant.
_THOUGH_LOCKED = {"locked", "hand_over", "idle", "account_logout", "set_language"}
_THOUGH_LOCKED |= {"single_sign_on", "openid_connect_callback"}  # the provider asks anew


class SharedTill:
    """Also takes the two buttons that a form of a step may send: lock, and hand over. What was typed is kept first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or action_of(match) == Action.WATCH_OVER or not request.user.is_authenticated:
            return None
        if is_over(request):
            return self._over(request, view, args, kwargs)
        if is_locked(request) or seconds_left(request) <= 0:
            return self._locked(request, view, args, kwargs, match.url_name or "")
        if "hand_over" in request.POST and _keep(request, view, args, kwargs):
            return hand_over_till(request, page=page_to_return_to(request))
        if "lock" in request.POST and _keep(request, view, args, kwargs):
            return lock_till(request, because="asked")
        if is_activity(request, view):
            note_activity(request)
        return None

    def _over(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse:
        if not is_locked(request):
            _keep(request, view, args, kwargs)
        logout(request)
        return to_sign_in(request)

    def _locked(self, request: HttpRequest, view: Any, args: Any, kwargs: Any, name: str) -> HttpResponse | None:
        if is_locked(request):
            return None if name in _THOUGH_LOCKED else there_and_back(request, "locked")
        _keep(request, view, args, kwargs)
        if name in _THOUGH_LOCKED - {"locked"}:
            return None
        return lock_till(request, because="idle")


def _keep(request: HttpRequest, view: Any, args: Any, kwargs: Any) -> bool:
    """Keep what was typed into a form of a step; False where this is none."""
    keep = getattr(view, "keep_typed", None)
    if keep is None or request.method != "POST":
        return False
    keep(request, *args, **kwargs)
    return True
