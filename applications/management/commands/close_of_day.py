"""`manage.py close_of_day`: the books of every store, and an exit code for whoever closes by machine."""

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from applications.review.closing import BooksDoNotBalance, Day, Line, Standing, close, today_in
from merchants.models import Store

NOT_SETTLED, NOT_BALANCED = 1, 2


class Command(BaseCommand):
    help = (
        "Show what was submitted, sent, answered and is not known, per store and day. "
        "Exit code 1: not settled yet; 2: the books do not balance, which is a defect."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--day", help="YYYY-MM-DD by the store's clock; today without it")
        parser.add_argument("--store", help="a store's name or id; all active stores without it")
        parser.add_argument("--json", action="store_true", help="one JSON object per store and line")
        parser.add_argument("--language", choices=[code for code, _label in settings.LANGUAGES], help="of the table")

    def handle(self, *_args: Any, **options: Any) -> None:
        day, exit_code = _day(options["day"]), 0
        with override(options["language"] or get_language()):
            for store in _stores(options["store"]):
                exit_code = max(exit_code, self._close(store, day or today_in(store), as_json=options["json"]))
        if exit_code:
            sys.exit(exit_code)

    def _close(self, store: Store, day: date, *, as_json: bool) -> int:
        """Print the books of one store; the exit code they call for."""
        try:
            books = close(store, day)
        except BooksDoNotBalance as problem:
            self.stderr.write(f"The books do not balance: {problem}")
            return NOT_BALANCED
        self.stdout.write(json.dumps(_as_json(books)) if as_json else _as_text(books))
        return 0 if books.is_closed else NOT_SETTLED


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
    """A plain table in the active language."""
    numbers = {
        "submitted": books.submitted,
        "sent": books.sent,
        "not_sent": books.not_sent,
        "answered": books.answered,
        "unknown": books.unknown,
        "open": len(books.unsettled),
    }
    counts = [(books.counts[standing], standing.label) for standing in Standing if books.counts[standing]]
    return "\n".join(
        [
            f"{books.store.merchant} · {books.store} · {books.day}",
            "  " + _("Submitted %(submitted)s = sent %(sent)s + not sent %(not_sent)s.") % numbers,
            "  " + _("Sent %(sent)s = answered %(answered)s + unknown %(unknown)s.") % numbers,
            *(f"  {count:>6}  {label}" for count, label in counts),
            *(f"  {_time(books, line)}  {_named(line)}  {line.standing.label}" for line in books.unsettled),
            "  " + (_("This day is closed") if books.is_closed else _("Not closed: %(open)s to settle") % numbers),
        ]
    )


def _time(books: Day, line: Line) -> str:
    """When it was submitted, by the store's clock."""
    return f"{timezone.localtime(line.attempt.sealed_at, books.store.tzinfo):%H:%M}"


def _named(line: Line) -> str:
    """A row that keeps the day open: which, and who took it. Nothing of the applicant."""
    return f"{line.attempt.application.reference_id}  {line.attempt.submitted_by}"


def _as_json(books: Day) -> dict[str, Any]:
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
        "unsettled": [
            {
                "at": _time(books, line),
                "reference_id": line.attempt.application.reference_id,
                "standing": str(line.standing),
                "taken_by": str(line.attempt.submitted_by),
            }
            for line in books.unsettled
        ],
        "closed": books.is_closed,
    }
