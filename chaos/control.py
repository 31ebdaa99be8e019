"""The control: the same load and the same faults on the pattern that rolls back and tries again (rollback.py).

    python -m chaos.control --size 500

If this shows neither losses nor duplicates, the storm is too weak to show anything about the portal.
"""

import sys
from collections.abc import Iterable

from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, told
from chaos.stack import Shape, portal_in_this_process, running

_SHAPE = Shape(settings="chaos.rollback_settings")
# Seconds: kills go on after the last acknowledgement; retries go on after the last message was given back.
_LONG, _SHORT = (10.0, 120.0), (2.0, 4.0)
_BRISK = {"ROLLBACK_VISIBILITY_SECONDS": "8", "POSAPI_APPLY_READ_SECONDS": "3"}


def run(given: Run) -> Iterable[Figure]:
    """`given.size` submissions."""
    storm_after, retries_take = _SHORT if given.brisk else _LONG
    with running(given.folder, _SHAPE, **(_BRISK if given.brisk else {})) as stack:
        portal_in_this_process(stack)
        from applications.statuses import IN_FLIGHT
        from chaos.books import keep_books
        from chaos.rollback_settings import VISIBILITY_SECONDS
        from chaos.storm import calm, weather

        storm = weather(given, stack, _SHAPE, in_flight=IN_FLIGHT, patience=storm_after)
        given.say("waiting for what was given back")
        calm(given, stack, IN_FLIGHT, within=VISIBILITY_SECONDS + retries_take)
        books = keep_books(storm.drafts, storm.submitting.acknowledged, stack.lender.flows())
    given.notes.append(
        "In the pattern's favour, a message that a killed worker held is given to another one after "
        f"{VISIBILITY_SECONDS} s, not after Celery's hour; then {retries_take:.0f} s without any fault are left for "
        "the retries."
    )
    twice = books.people_with_more_than_one_apply
    return [
        *storm.figures(),
        told("lost", books.lost),
        told("applicants with more than one apply accepted", twice),
        told("credit inquiries too many", books.inquiries_too_many),
        told("answered wrongly", books.wrong),
        at_least("lost, sent twice or answered wrongly", books.lost + twice + books.wrong, 1),
        *(told(f"in the end {status}", number) for status, number in sorted(books.statuses.items())),
    ]


MEASURE = Measure(
    "control",
    "The control: calling inside the transaction, rolling back, trying again",
    "submissions",
    long=10_000,
    run=run,
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
