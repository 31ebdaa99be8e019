"""The page on which a store closes its day."""

import logging
from collections.abc import Set
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from applications.journey.counter_request import CounterRequest
from applications.journey.decision_page import Row
from applications.review.closing import (
    ANSWERED,
    UNKNOWN,
    BooksDoNotBalance,
    Day,
    Standing,
    close,
    stores_to_close,
    today_in,
)
from merchants.access import Action, allows
from merchants.guards import to_a_store
from merchants.models import Store

_BEFORE_ANY = date(2000, 1, 1)

logger = logging.getLogger(__name__)


@require_GET
@allows(Action.CLOSE_DAY)
def close_of_day(request: CounterRequest) -> HttpResponse:
    """`?day=YYYY-MM-DD`; today by the store's clock without it, or when it cannot be read."""
    stores = stores_to_close(request.counter)
    if not stores:
        return to_a_store(request)
    today = max(today_in(store) for store in stores)
    day = min(_asked_for(request.GET.get("day", "")) or today, today)
    books, wrong = _close_all(stores, day)
    context = {
        "day": day,
        "books": [_shown(one, request.counter.store) for one in books],
        "wrong": [{"store": one.store, "references": _breakable(one.references)} for one in wrong],
        "is_closed": not wrong and all(one.is_closed for one in books),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "today": today,
    }
    return render(request, "review/day.html", context)


def _close_all(stores: list[Store], day: date) -> tuple[list[Day], list[BooksDoNotBalance]]:
    """One store's defect must not hide the other stores' books, and nobody may overlook it."""
    books, wrong = [], []
    for store in stores:
        try:
            books.append(close(store, day))
        except BooksDoNotBalance as problem:
            logger.error("The books do not balance: %s", problem)
            wrong.append(problem)
    return books, wrong


def _breakable(references: list[str]) -> SafeString:
    """Reference ids that a narrow screen may break."""
    return format_html_join(", ", '<span class="reference">{}</span>', ((one,) for one in references))


def _asked_for(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day > _BEFORE_ANY else None


def _shown(books: Day, here: Store | None) -> dict[str, object]:
    """An application is opened in its own store: from another one the way leads through the choice of the store."""
    return {
        "store": books.store,
        "books": books,
        "is_here": books.store == here,
        "sent": _counted(books, ANSWERED | UNKNOWN),
        "not_sent": _counted(books, set(Standing) - ANSWERED - UNKNOWN),
    }


def _counted(books: Day, standings: Set[Standing]) -> list[Row]:
    """The standings that occur, in their order."""
    occurring = [standing for standing in Standing if standing in standings and books.counts[standing]]
    return [Row(str(standing.label), str(books.counts[standing])) for standing in occurring]
