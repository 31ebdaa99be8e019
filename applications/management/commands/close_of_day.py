"""`manage.py close_of_day`: the books of every store, and an exit code for whoever closes by machine."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from applications.review.closing import Day, Standing, close, today_in
from merchants.models import Store


class Command(BaseCommand):
    help = "Show what was submitted, sent, answered and is not known, per store and day. Exit code 1: not settled yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", help="YYYY-MM-DD by the store's clock; today without it")
        parser.add_argument("--store", help="a store's name or id; all active stores without it")
        parser.add_argument("--json", action="store_true", help="one JSON object per store and line")

    def handle(self, *_args: Any, **options: Any) -> None:
        day = _day(options["day"])
        books = [close(store, day or today_in(store)) for store in _stores(options["store"])]
        for one in books:
            self.stdout.write(json.dumps(_as_json(one)) if options["json"] else _as_text(one))
        if not all(one.is_closed for one in books):
            sys.exit(1)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise CommandError(f"{text!r} is not a day: give YYYY-MM-DD.") from problem


def _stores(wanted: str | None) -> list[Store]:
    stores = Store.objects.filter(is_active=True, merchant__is_active=True).select_related("merchant")
    chosen = [store for store in stores if wanted in (None, store.name, str(store.pk))]
    if not chosen:
        raise CommandError(f"There is no active store {wanted!r}." if wanted else "There is no active store.")
    return chosen


def _as_text(books: Day) -> str:
    counts = [(standing, books.counts[standing]) for standing in Standing if books.counts[standing]]
    return "\n".join(
        [
            f"{books.store.merchant} · {books.store} · {books.day}",
            f"  submitted {books.submitted} = sent {books.sent} + not sent {books.not_sent}",
            f"  sent {books.sent} = answered {books.answered} + unknown {books.unknown}",
            *(f"  {count:>6}  {standing.label}" for standing, count in counts),
            *(f"  open: {' '.join(_named(books, number))}" for number in range(len(books.unsettled))),
            "  closed" if books.is_closed else f"  not closed: {len(books.unsettled)} to settle",
        ]
    )


def _named(books: Day, number: int) -> tuple[str, ...]:
    """A row that keeps the day open: when, which, where it stands, who took it. Nothing of the applicant."""
    line = books.unsettled[number]
    at = timezone.localtime(line.attempt.sealed_at, books.store.tzinfo)
    taken_by = str(line.attempt.submitted_by)
    return f"{at:%H:%M}", line.attempt.application.reference_id, str(line.standing), taken_by


def _as_json(books: Day) -> dict[str, Any]:
    names = ("at", "reference_id", "standing", "taken_by")
    return {
        "merchant": str(books.store.merchant),
        "store": str(books.store),
        "store_id": str(books.store.pk),
        "day": books.day.isoformat(),
        "submitted": books.submitted,
        "sent": books.sent,
        "not_sent": books.not_sent,
        "answered": books.answered,
        "unknown": books.unknown,
        "counts": {str(standing): books.counts[standing] for standing in Standing},
        "unsettled": [dict(zip(names, _named(books, number), strict=True)) for number in range(len(books.unsettled))],
        "closed": books.is_closed,
    }
