"""Submissions on PostgreSQL and Valkey while workers are killed, the broker emptied and the database restarted.

    python -m chaos.submissions --size 500

Every draft is of another person and ready to submit; associates submit them by real POSTs through the real web server,
and press again only after a look at the page. Kills go on until everything is delivered. Then the portal is left alone
to settle what is unknown, and its books are compared with the lender's own.
"""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chaos.measure import Measure, Run, main
from chaos.results import Figure, at_least, at_most, must_be, told
from chaos.stack import Shape, portal_in_this_process, running

if TYPE_CHECKING:
    from chaos.books import Books

_LISTED_WITHIN = 60.0
_SETTLED_WITHIN = 300.0
_SETTLED_SHARE = 99.0  # percent
_DELIVERED_WITHIN = 300.0  # after the last acknowledgement
_BRISK = {
    "LEASE_SECONDS": "3",
    "RECONCILE_LOOKS_SECONDS": "1,6,11,16,21",
    "NO_ACCOUNT_AFTER_SECONDS": "11",
    "POSAPI_APPLY_READ_SECONDS": "3",
    "DATABASE_PATIENCE_SECONDS": "10",
}

_NOTE = (
    "The time until an outcome is listed as unknown counts from the last sign of life of the worker that sent it, "
    "which is up to ten seconds before it became ambiguous; the time until it is settled counts from the listing. "
    "Wrong is a status that the sandbox knows to be otherwise: approved without an account opened for this reference "
    "id, no account although there is one, a decline or a review that was not decided. *No account* is all that can "
    "be learnt of a decline, a review or a lost request whose answer nobody received."
)


def run(given: Run) -> Iterable[Figure]:
    """`given.size` submissions."""
    shape = Shape()
    with running(given.folder, shape, **(_BRISK if given.brisk else {})) as stack:
        portal_in_this_process(stack)
        from applications.statuses import IN_FLIGHT, Status
        from chaos.books import keep_books
        from chaos.storm import calm, weather

        storm = weather(given, stack, shape, in_flight=IN_FLIGHT, patience=_DELIVERED_WITHIN)
        given.say("delivered; leaving the portal alone with what is unknown")
        calm(given, stack, {Status.UNKNOWN}, within=_SETTLED_WITHIN + _LISTED_WITHIN)
        books = keep_books(storm.drafts, storm.submitting.acknowledged, stack.lender.flows())
    given.notes.append(_NOTE)
    return [*storm.figures(), *_promises(books), *_particulars(books)]


def _promises(books: "Books") -> list[Figure]:
    ambiguous = books.ambiguous
    settled = sum(entry.is_settled_within(_SETTLED_WITHIN) for entry in ambiguous)
    slowest = max((entry.seconds_until_listed for entry in ambiguous), default=0.0)
    return [
        must_be("lost", books.lost, 0),
        must_be("applicants with more than one apply accepted", books.people_with_more_than_one_apply, 0),
        told("ambiguous outcomes", len(ambiguous)),
        at_most("longest until listed as unknown, s", round(slowest, 1), _LISTED_WITHIN),
        at_least(
            "settled without a person within 5 min, %",
            round(100 * settled / max(len(ambiguous), 1), 2),
            _SETTLED_SHARE,
        ),
        must_be("settled or answered wrongly", books.wrong, 0),
    ]


def _particulars(books: "Books") -> list[Figure]:
    from applications.statuses import Status

    silent = [entry for entry in books.ambiguous if entry.status == Status.NO_ACCOUNT]
    undecided = sum(not entry.truth.decided for entry in silent)
    return [
        told("ambiguous in truth approved", sum(bool(entry.truth.accounts) for entry in books.ambiguous)),
        told("no account, in truth never processed", undecided),
        told("no account, in truth declined or under review", len(silent) - undecided),
        *(told(f"in the end {status}", number) for status, number in sorted(books.statuses.items())),
    ]


MEASURE = Measure(
    "submissions",
    "Submissions while workers, broker and database fail",
    "submissions",
    long=10_000,
    run=run,
)

if __name__ == "__main__":
    sys.exit(main(MEASURE))
