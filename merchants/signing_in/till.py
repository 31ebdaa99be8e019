"""A till that several people share: locked when left alone, handed over from one person to the next."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.messages import get_messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode

from audit.events import record
from audit.names import EventName
from merchants.counter import take_place
from merchants.models import Membership, Store, User
from merchants.refusing import there_and_back
from merchants.selectors import stores_for
from merchants.signing_in.idleness import lock, unlock
from merchants.signing_in.personal_events import record_of_person

_SALT = "merchants.till"
_REMEMBERED_SECONDS = 12 * 60 * 60  # a day of the store


def lock_till(request: HttpRequest, *, because: str) -> HttpResponse:
    """Close the screen until the password is given; `because` is `idle` or `asked`."""
    lock(request)
    user = _person(request)
    record_of_person(EventName.TILL_LOCKED, user, by=user, detail={"because": because})
    return there_and_back(request, "locked")


def unlock_till(request: HttpRequest) -> None:
    unlock(request)
    record_of_person(EventName.TILL_UNLOCKED, _person(request), by=_person(request))


def hand_over_till(request: HttpRequest, *, page: str) -> HttpResponse:
    """End this person's session and lead the next one to the application that was open on `page`."""
    user, counter = _person(request), request.counter  # type: ignore[attr-defined]
    store = counter.store if counter else None
    with transaction.atomic():
        merchant_id = counter.merchant.pk if counter else None
        record(EventName.TILL_HANDED_OVER, subject=store or user, merchant_id=merchant_id, by=user)
    list(get_messages(request))  # read by nobody: they were for this person
    logout(request)
    query = urlencode({"next": _to_pick_up(page)})
    answer = HttpResponse(status=302, headers={"Location": f"{reverse('account_login')}?{query}"})
    if store:
        _remember(answer, str(store.pk))
    return answer


def stand_where_the_till_stands(request: HttpRequest, membership: Membership) -> None:
    """Choose the store the till remembers, if it is one of this person's."""
    key = remembered_store(request)
    store = stores_for(membership).filter(pk=key).first() if key else None
    if store:
        take_place(request, store, by=membership.user)


def store_of_till(request: HttpRequest) -> Store | None:
    """The store the till remembers."""
    key = remembered_store(request)
    return Store.objects.filter(pk=key, is_active=True).first() if key else None


def remembered_store(request: HttpRequest) -> str | None:
    """The key of the store in the till's cookie; None without a good one."""
    try:
        return str(
            signing.loads(request.COOKIES.get(settings.TILL_COOKIE_NAME, ""), salt=_SALT, max_age=_REMEMBERED_SECONDS)
        )
    except signing.BadSignature:
        return None


def _remember(answer: HttpResponse, store: str) -> None:
    answer.set_cookie(
        settings.TILL_COOKIE_NAME,
        signing.dumps(store, salt=_SALT),
        max_age=_REMEMBERED_SECONDS,
        secure=settings.HTTPS_ONLY,
        httponly=True,
        samesite="Lax",
    )


def _to_pick_up(page: str) -> str:
    """Where the next person goes on: nothing of the page is kept but the id of its application."""
    try:
        application = resolve(page.partition("?")[0]).kwargs.get("application_id")
    except Resolver404:
        application = None
    address: Any = reverse("pick_up")
    return f"{address}?{urlencode({'application': application})}" if application else reverse("counter")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
