"""The page on which a store closes its day."""

from collections.abc import Set
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.journey.counter_request import CounterRequest
from applications.review.closing import ANSWERED, UNKNOWN, Day, Standing, close, stores_to_close, today_in
from merchants.guards import at_the_counter
from merchants.models import Store

_BEFORE_ANY = date(2000, 1, 1)


@require_GET
@at_the_counter
def close_of_day(request: CounterRequest) -> HttpResponse:
    """`?day=YYYY-MM-DD`; today by the store's clock without it, or when it cannot be read."""
    stores = stores_to_close(request.counter)
    today = max(today_in(store) for store in stores)
    day = min(_asked_for(request.GET.get("day", "")) or today, today)
    books = [close(store, day) for store in stores]
    context = {
        "day": day,
        "books": [_shown(one, request.counter.store) for one in books],
        "is_closed": all(one.is_closed for one in books),
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "today": today,
    }
    return render(request, "review/day.html", context)


def _asked_for(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day > _BEFORE_ANY else None


def _shown(books: Day, here: Store | None) -> dict[str, object]:
    """Only applications of the store in which one stands can be opened, so only they are links."""
    return {
        "store": books.store,
        "books": books,
        "is_here": books.store == here,
        "sent": _counted(books, ANSWERED | UNKNOWN),
        "not_sent": _counted(books, set(Standing) - ANSWERED - UNKNOWN),
    }


def _counted(books: Day, standings: Set[Standing]) -> list[tuple[str, int]]:
    """The standings that occur, in their order."""
    return [(str(item.label), books.counts[item]) for item in Standing if item in standings and books.counts[item]]
