"""What lists.py asks of the database itself. Needs Django, set up for the stack's database."""

import time
from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict

from applications.answers import Answers
from applications.models import Application
from applications.review.keyset import Position
from applications.review.listing import Listing, asked_for
from applications.statuses import Status
from benchmarks.stock import MANAGER, MERCHANT
from merchants.counter import counter_of
from merchants.models import Merchant, User
from merchants.selectors import membership_of


def sought() -> dict[str, dict[str, str]]:
    """An application from the middle of the stock, by everything it may be found by; a store, an associate, a month."""
    place = _place(_applications().count() // 2)
    application = _applications().get(pk=place.id)
    approved = _applications().filter(status=Status.APPROVED, created_at__lte=place.created_at)
    application = approved.order_by("-created_at").first() or application
    flat = Answers.from_json(application.answers).flat()
    attempt = application.latest_attempt
    first = application.day.replace(day=1)
    return {
        "phone": {"phone_number": flat["phone_number"]},
        "e-mail": {"email": flat["email"]},
        "name and birth date": {"last_name": flat["last_name"], "dob": flat["dob"]},
        "account": {"account_number": attempt.answer["account_number"] if attempt else ""},
        "reference": {"reference_id": application.reference_id},
        "associate": {"associate": str(application.created_by_id)},
        "store and month": {
            "store": str(application.store_id),
            "day_from": first.isoformat(),
            "day_to": (first + timedelta(days=30)).isoformat(),
        },
    }


def place_before(page: int) -> str:
    """The cursor after which this page of the whole list begins; the first is page 1."""
    return _place((page - 1) * 50 - 1).cursor


def statements(bare: str, page: int, rounds: int) -> tuple[list[float], list[float]]:
    """Seconds of the bare statement, and of all statements of the list's own page, in turns."""
    listing, position = _listing(), _place((page - 1) * 50 - 1)
    merchant = Merchant.objects.get(name=MERCHANT)
    parameters = [merchant.pk, position.created_at, position.id]
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 3):
        seconds = (_seconds(lambda: _fetch(bare, parameters)), _seconds(lambda: listing.page_before(position)))
        if number >= 3:
            for kept, one in zip(took, seconds, strict=True):
                kept.append(one)
    return took


def _seconds(ask: Any) -> float:
    """In the database, the rows' way into this process included."""
    spent = 0.0

    def timed(execute: Any, *args: Any) -> Any:
        nonlocal spent
        began = time.perf_counter()
        try:
            return execute(*args)
        finally:
            spent += time.perf_counter() - began

    with connection.execute_wrapper(timed):
        ask()
    return spent


def _fetch(statement: str, parameters: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        cursor.fetchall()


def _listing() -> Listing:
    membership = membership_of(User.objects.get(username=MANAGER))
    assert membership is not None
    _form, listing = asked_for(counter_of(membership, chosen_store=None), QueryDict())
    assert listing is not None
    return listing


def _applications() -> Any:
    return Application.objects.filter(merchant__name=MERCHANT)


def _place(offset: int) -> Position:
    rows = _applications().order_by("-created_at", "-id").values_list("created_at", "id")
    return Position(*rows[offset : offset + 1][0])
