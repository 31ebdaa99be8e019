"""Periods in the units in which they are set."""

from calendar import monthrange
from datetime import datetime, timedelta

_FIXED = {"seconds": timedelta(seconds=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
_MONTHS = {"months": 1, "years": 12}
UNITS = (*_FIXED, *_MONTHS)


def before(moment: datetime, number: int, unit: str) -> datetime:
    """So many of these units before the moment; of months and years on the same day, or on the month's last."""
    return _shifted(moment, -number, unit)


def after(moment: datetime, number: int, unit: str) -> datetime:
    """So many of these units after the moment."""
    return _shifted(moment, number, unit)


def _shifted(moment: datetime, number: int, unit: str) -> datetime:
    if unit in _FIXED:
        return moment + number * _FIXED[unit]
    years, month = divmod(moment.year * 12 + moment.month - 1 + number * _MONTHS[unit], 12)
    last_day = monthrange(years, month + 1)[1]
    return moment.replace(year=years, month=month + 1, day=min(moment.day, last_day))
