"""Whether the page that a click landed on tells the truth: it is held against what the portal kept."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chaos.clicks import Landing
from chaos.twice import Done

if TYPE_CHECKING:
    from chaos.doubles import Doubles
    from chaos.ledger import Kept

WAITING, SAME_PERSON, READ_AGAIN = "Waiting for Flexiti", "The same customer", "Check answers"
# Status to the title of its page.
OUTCOMES = {
    "approved": "Approved",
    "declined": "Not approved",
    "pending": "Under review at Flexiti",
    "already_customer": "Already a Flexiti customer",
}
_CHANGED = "Check them again, then submit."
_COMMITTING = 1.0  # seconds from the time that an answer carries until other connections see it


def untrue(doubles: "Doubles", kept: "Mapping[str, Kept]") -> list[tuple[Done, Landing]]:
    """The clicks that landed on a page which does not tell the truth. `kept` is by reference id."""
    with_old_answers = {done.draft for done in doubles.edited}
    found = []
    for done in doubles.all:
        now, may_be_old = kept[done.draft.reference_id], done.draft in with_old_answers
        found += [(done, one) for one in done.together if not _is_true(one, done, now, may_be_old=may_be_old)]
        found += [(done, one) for one in done.later if not _is_outcome(one, done, now)]
    return found


def _is_true(landing: Landing, done: Done, kept: "Kept", *, may_be_old: bool) -> bool:
    """A click among others of the same moment."""
    if landing.title == READ_AGAIN:
        return may_be_old and landing.is_page and landing.is_of(done.draft.path) and _CHANGED in landing.html
    if landing.title == SAME_PERSON:
        return kept.status == "draft" and landing.is_page and landing.is_of(done.draft.path)
    if landing.title == WAITING:
        was_under_way = kept.answered_at is None or landing.asked < kept.answered_at + _COMMITTING
        return was_under_way and _is_plain(landing, done)
    return _is_outcome(landing, done, kept)


def _is_outcome(landing: Landing, done: Done, kept: "Kept") -> bool:
    return landing.title == OUTCOMES.get(kept.status) and _is_plain(landing, done)


def _is_plain(landing: Landing, done: Done) -> bool:
    """A page of this very application, which asks nobody to submit again."""
    is_its_own = landing.path == done.draft.path and done.draft.reference_id in landing.html
    return landing.is_page and is_its_own and _CHANGED not in landing.html
