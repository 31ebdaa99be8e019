"""Counting outcomes in the transaction that records them, so that no count is lost and none is twice."""

import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Sum

from applications.monitoring.models import Tally

ANSWERED, SETTLED, CONTRADICTED = "answered", "settled", "contrary"
BROWSER_REPORT = "browser"
TERMS_IN_PART = "in_part"
BY_LATE_ANSWER = "late_answer"
# Upper bounds in seconds: a call takes one to sixty, a search for what became of it minutes to a day.
BOUNDS = (0.5, 1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 90, 120, 180, 300, 600, 3600, 86400)
_SHARDS = 8


@dataclass
class Observed:
    """How often, after how many seconds altogether, and how often within each bound (not cumulated)."""

    count: int = 0
    seconds: float = 0.0
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS) + 1))


def count_answer(outcome: str, seconds: float) -> None:
    """A submission came to this outcome, so many seconds after it was sealed."""
    _count(ANSWERED, outcome, "", seconds)


def count_settlement(outcome: str, how: str, seconds: float) -> None:
    """An unknown outcome came to be known: by a search, a person or a late answer, so many seconds after it began."""
    _count(SETTLED, outcome, how, seconds)


def count_contradiction(outcome: str) -> None:
    """A late answer said this, and something else had been settled meanwhile."""
    _count(CONTRADICTED, outcome, "", 0.0)


def count_browser_report(directive: str) -> None:
    """A browser reported that a page broke this part of its policy."""
    _count(BROWSER_REPORT, directive, "", 0.0)


def count_terms_in_part(language: str) -> None:
    """Terms in this language were shown in part: not all of their words were on the page, or not what they embed."""
    _count(TERMS_IN_PART, language, "", 0.0)


def observed(what: str) -> dict[tuple[str, str], Observed]:
    """Everything counted, by outcome and how."""
    rows: Iterable[tuple[str, str, int, int, float]] = (
        Tally.objects.filter(what=what)
        .values_list("outcome", "how", "bucket")
        .annotate(n=Sum("count"), s=Sum("seconds"))
        .order_by("outcome", "how")
    )
    all_of_it: dict[tuple[str, str], Observed] = defaultdict(Observed)
    for outcome, how, bucket, count, seconds in rows:
        one = all_of_it[outcome, how]
        one.count += count
        one.seconds += seconds
        one.buckets[bucket] += count
    return all_of_it


def _count(what: str, outcome: str, how: str, seconds: float) -> None:
    seconds = max(seconds, 0.0)
    place = {"what": what, "outcome": outcome, "how": how, "bucket": bisect_left(BOUNDS, seconds)}
    place["shard"] = random.randrange(_SHARDS)  # noqa: S311  # nosec B311
    row = Tally.objects.filter(**place)
    if not row.update(count=F("count") + 1, seconds=F("seconds") + seconds):
        Tally.objects.bulk_create([Tally(**place)], ignore_conflicts=True)
        row.update(count=F("count") + 1, seconds=F("seconds") + seconds)
