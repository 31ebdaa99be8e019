"""Of what the blind indexes of applications were made, so that they can be made again with another key."""

from collections.abc import Iterator

from django.db.models import Q

from applications.answers import Answers
from applications.models import Application, SubmissionAttempt
from applications.persons import KeysToFind, account_keys, person_keys_to_find, search_keys_to_find
from applications.statuses import Status
from vault.reindexing import BlindIndexes, IndexesInJSON

_MAY_STILL_BE_ASKED_ABOUT = (Status.HELD, Status.UNKNOWN, Status.PENDING)


def every_key_of(application: Application) -> Iterator[KeysToFind]:
    """By what it may be known: the person of each send and of the answers now, the accounts that were answered."""
    attempts = list(application.attempts.all())
    for body in (Answers.from_json(application.answers).flat(), *(attempt.snapshot or {} for attempt in attempts)):
        yield {**person_keys_to_find(body), **search_keys_to_find(body)}
    answers = [*(attempt.answer for attempt in attempts), *(one.answer for one in application.settlements.all())]
    for answer in filter(None, answers):
        yield {"account_key": account_keys(answer.get("account_number") or "")}


APPLICATIONS = BlindIndexes(Application, every_key_of, related=("attempts", "settlements"))
# Of the accounts a person had before, nothing else is kept: a search compares them until the outcome is known.
KNOWN_ACCOUNTS = IndexesInJSON(
    SubmissionAttempt,
    "known_accounts",
    Q(closed_at=None) | Q(next_look_at__isnull=False) | Q(application__status__in=_MAY_STILL_BE_ASKED_ABOUT),
)
