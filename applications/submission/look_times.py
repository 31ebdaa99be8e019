"""When to search next for the account of a submission whose outcome is not known. Pure, but for the settings."""

from datetime import datetime, timedelta

from django.conf import settings

# However long nobody could look: absence counts only when it was seen so often.
LOOKS_NEEDED = 3
# Looks that are missing by then, after a stop of the house, are made up for at this distance.
_CATCHING_UP = timedelta(seconds=30)
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=15)
# Between looks that are further apart than this nobody waits at the counter.
_CLOSE = timedelta(minutes=5)


def first_look(unknown_since: datetime) -> datetime:
    """When to search for the first time."""
    return unknown_since + timedelta(seconds=min(settings.RECONCILE_LOOKS_SECONDS))


def is_absent_for_long(unknown_since: datetime, looked_at: datetime, absent_looks: int) -> bool:
    """Whether so many searches without an account, until `looked_at`, make it `no_account`."""
    age = (looked_at - unknown_since).total_seconds()
    return absent_looks >= LOOKS_NEEDED and age >= settings.NO_ACCOUNT_AFTER_SECONDS


def after_absence(unknown_since: datetime, looked_at: datetime, absent_looks: int) -> datetime | None:
    """The next search after one that found nothing; None when there have been enough."""
    planned = [*settings.RECONCILE_LOOKS_SECONDS, settings.NO_ACCOUNT_AFTER_SECONDS]
    ahead = [moment for after in planned if (moment := unknown_since + timedelta(seconds=after)) > looked_at]
    if absent_looks < LOOKS_NEEDED:
        ahead.append(looked_at + _CATCHING_UP)
    return min(ahead, default=None)


def after_failure(unknown_since: datetime, failed_at: datetime) -> datetime:
    """The next try when the lender could not be asked: later and later, but at least four an hour, without end."""
    wait = (failed_at - unknown_since) / 2
    return failed_at + min(max(wait, _SHORTEST_WAIT), _LONGEST_WAIT)


def is_close(next_look_at: datetime | None, now: datetime) -> bool:
    """Whether it is worth waiting for at the counter: soon, or due just now."""
    return next_look_at is not None and abs(next_look_at - now) < _CLOSE
