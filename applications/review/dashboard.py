"""The page on which a manager compares stores, people and periods."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from applications.review.closing import today_in
from applications.review.dashboard_panels import panels
from applications.review.figures import dashboard
from applications.review.outcomes import Layer
from applications.review.periods import Period, Span
from applications.review.scope import ReviewRequest, stores_of_manager
from merchants.access import Action, allows
from merchants.models import Store


@require_GET
@allows(Action.REVIEW)
def show(request: ReviewRequest) -> HttpResponse:
    """`?store=<id>` for one of several; `?period=today|week|month|quarter|year`, or `?since=&until=` for a range."""
    stores = list(stores_of_manager(request.counter))
    if not stores:
        return render(request, "review/dashboard.html", {"stores": stores})
    store = _one_of(stores, request.GET.get("store", ""))
    chosen = [store] if store else stores
    period = Period.from_query(request.GET.dict(), today=max(today_in(one) for one in chosen))
    context = {
        "stores": stores,
        "store": store,
        "place": chosen[0].name if len(chosen) == 1 else "",
        "period": period,
        "spans": _spans(period, store),
        "layers": Layer,
        **panels(dashboard(chosen, period)),
    }
    return render(request, "review/dashboard.html", context)


def _one_of(stores: list[Store], asked: str) -> Store | None:
    """The store asked for, None for all of them; one out of reach does not exist."""
    if not asked:
        return None
    store = next((one for one in stores if str(one.pk) == _as_uuid(asked)), None)
    if store is None:
        raise Http404
    return store


def _as_uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""


def _spans(period: Period, store: Store | None) -> list[dict[str, object]]:
    """The periods that are one click away, for the same store."""
    here = {"store": str(store.pk)} if store else {}
    return [
        {"label": span.label, "query": urlencode({**here, "period": span.value}), "is_here": span == period.span}
        for span in Span
        if span != Span.OWN
    ]
