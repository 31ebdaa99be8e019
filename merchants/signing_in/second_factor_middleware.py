"""Nothing before the second factor, for people who need one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from merchants.access import Action
from merchants.access_middleware import action_of
from merchants.refusing import there_and_back
from merchants.signing_in.second_factor import has_second_factor, is_owed

# To sign out, to choose the language, and to set the second factor up.
_BEFORE = {Action.SIGN_IN, Action.CHOOSE_LANGUAGE, Action.WATCH_OVER, Action.USE_ACCOUNT}


class SecondFactorFirst:
    """Leads who needs a second factor to set it up, and who has one but gave no code in this session to give it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or action_of(match) in _BEFORE or not is_owed(request):
            return None
        owes = "account_reauthenticate" if has_second_factor(request.user) else "set_up_second_factor"  # type: ignore[arg-type]
        return there_and_back(request, owes)
