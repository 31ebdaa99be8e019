"""How often which outcome comes, and how believable days and hours are."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from applications.statuses import Status

# Of a hundred thousand applications begun. What is on its way is not among them: a worker would send it.
OUTCOMES = {
    Status.APPROVED: 56_600,
    Status.DECLINED: 17_500,
    Status.EXPIRED: 12_400,
    Status.PENDING: 6_800,
    Status.ALREADY_CUSTOMER: 3_600,
    Status.FAILED: 900,
    Status.CANCELLED: 800,
    Status.NEEDS_CORRECTION: 700,
    Status.NO_ACCOUNT: 450,
    Status.DRAFT: 150,
    Status.UNKNOWN: 100,
}
# These do not stay so for long: an older application of this outcome has come to the other.
_BECOMES = {
    Status.DRAFT: (timedelta(days=2), Status.EXPIRED),
    Status.NEEDS_CORRECTION: (timedelta(days=3), Status.EXPIRED),
    Status.FAILED: (timedelta(days=2), Status.EXPIRED),
    Status.UNKNOWN: (timedelta(days=1), Status.NO_ACCOUNT),
}
DECLINED_CODES = ("application_declined_1", "application_declined_2", "application_declined_3")
PENDING_CODES = ("application_marked_pending_1", "application_marked_pending_2")
# Shares of a week's applications, Monday first, and of a year's, January first.
_WEEKDAYS = (11, 11, 12, 14, 17, 21, 14)
_MONTHS = (7, 6, 7, 8, 8, 8, 8, 8, 8, 8, 12, 12)


def outcome_of(chance: random.Random, age: timedelta) -> Status:
    """How an application of this age stands now."""
    outcome = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    limit, later = _BECOMES.get(outcome, (age, outcome))
    return later if age > limit else outcome


def moment(chance: random.Random, now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """A moment of the last `days` days at which a store is open: more on Saturdays, and before Christmas."""
    while True:
        day = (now - timedelta(days=chance.random() * days)).astimezone(zone).date()
        weight = _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1]
        if chance.random() * max(_WEEKDAYS) * max(_MONTHS) < weight:
            hour = min(20.9, max(9.0, chance.gauss(15.5, 3)))
            at = datetime.combine(day, time(), tzinfo=zone) + timedelta(hours=hour)
            if at < now:
                return at
