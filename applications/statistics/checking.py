"""Whether the figures are what a full scan finds, and making them so."""

from collections import Counter
from itertools import islice

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from applications.spans import before
from applications.statistics.folding import Sums, add_to_totals, kind_of
from applications.statistics.kinds import Kind
from applications.statistics.models import Change, Total
from applications.statistics.scanning import scan
from merchants.models import Store

_CHUNK = 1000


def differences_of(store: Store) -> Counter[tuple[bool, Kind]]:
    """What a full scan has more (or less) than the figures, by day and by month; empty when all is well.

    All of it is as of one moment, so that it may be asked while people work. Call it outside a transaction. Days whose
    applications may be deleted by now (`KEEP_EVIDENCE_YEARS`) keep their figures, which nothing can be held against.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql" and not connection.savepoint_ids:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = by_day_and_month(scan(store))
        found.subtract(figures(store))
    since = before(timezone.now(), settings.KEEP_EVIDENCE_YEARS, "years").date()
    return Counter({place: count for place, count in found.items() if count and place[1].day >= since})


def differences() -> Counter[tuple[bool, Kind]]:
    """The same of all stores, one after the other."""
    found: Counter[tuple[bool, Kind]] = Counter()
    for store in Store.objects.order_by("pk"):
        found.update(differences_of(store))
    return found


def figures(store: Store) -> Counter[tuple[bool, Kind]]:
    """Every figure of the store as it is kept: totals and what is not folded into them yet."""
    changes: Counter[Kind] = Counter()
    for change in Change.objects.filter(store=store).iterator():
        changes[kind_of(change)] += change.count
    found = by_day_and_month(changes)
    for total in Total.objects.filter(store=store).iterator():
        found[total.is_month, kind_of(total)] += total.count
    return found


def by_day_and_month(counts: Counter[Kind]) -> Counter[tuple[bool, Kind]]:
    found: Counter[tuple[bool, Kind]] = Counter()
    for kind, count in counts.items():
        found[False, kind] += count
        found[True, kind.of_month] += count
    return found


def correct(wrong: Sums) -> None:
    """Add what is missing, which stays right whatever was counted meanwhile."""
    rows = iter(sorted(wrong.items()))
    while some := dict(islice(rows, _CHUNK)):
        add_to_totals(some)
