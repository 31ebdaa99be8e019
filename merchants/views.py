"""The pages around the counter: which store, which language, and trying the lender again."""

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from redis import RedisError

from merchants.access import Action, allows
from merchants.counter import CounterRequest, take_place
from merchants.credentials.sessions import open_session
from merchants.language import choose_language, remember_language
from merchants.models import Credential, Language, SessionOutcome
from merchants.refusing import refused
from merchants.returning import safe_next
from merchants.selectors import stores_for

_RETRY_AT_MOST_EVERY_SECONDS = 5


@require_http_methods(["GET", "POST"])
@allows(Action.CHOOSE_STORE)
def choose_store(request: CounterRequest) -> HttpResponse:
    """Which of their stores a person stands in. Asked only where there is a choice."""
    counter = request.counter
    assert counter is not None
    stores = list(stores_for(counter.membership))
    if not stores:
        return refused(request)
    if len(stores) == 1:
        return HttpResponseRedirect(safe_next(request))
    back_to, error = safe_next(request), ""
    if request.method == "POST":
        store = next((one for one in stores if str(one.pk) == request.POST.get("store")), None)
        if store:
            take_place(request, store, by=request.user)
            return HttpResponseRedirect(back_to)
        error = _("Choose one of these stores.")
    context = {"stores": stores, "next": back_to, "chosen": counter.store, "error": error}
    return render(request, "merchants/choose_store.html", context)


@require_POST
@allows(Action.OPEN_HOME)
def retry_session(request: CounterRequest) -> HttpResponse:
    """Try the lender again now, at most once in five seconds for a merchant however many people press."""
    counter = request.counter
    if counter is None:
        return refused(request)
    if counter.credential and _may_try_again(counter.credential):
        outcome = open_session(counter.credential, by=request.user, although_down=True)
        if outcome == SessionOutcome.OPEN:
            messages.success(request, _("Flexiti is answering again."))
    return HttpResponseRedirect(safe_next(request))


def _may_try_again(credential: Credential) -> bool:
    """Nobody has tried a moment ago. While the cache is down nobody knows, and a person who presses gets an answer."""
    key = f"session-retry:{credential.pk}"
    try:
        return cache.add(key, 1, timeout=_RETRY_AT_MOST_EVERY_SECONDS)
    except (RedisError, OSError):
        return True


@require_POST
@allows(Action.CHOOSE_LANGUAGE)
def set_language(request: HttpRequest) -> HttpResponse:
    """The language of the screen, kept for the person as well when somebody is signed in."""
    response = HttpResponseRedirect(safe_next(request))
    language = request.POST.get("language", "")
    if language in Language.values:
        if request.user.is_authenticated:
            choose_language(request.user, response, language)
        else:
            remember_language(response, language)
    return response
