"""The store's clock, as evidence tells it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Clock:
    """In two ways: to be compared, `2026-11-21 12:02:13`, and to be read aloud."""

    zone: ZoneInfo

    def __call__(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"

    def aloud(self, at: datetime) -> str:
        """`November 21, 2026 at 12:02:13 p.m.`, in the active language."""
        return date_format(at.astimezone(self.zone), _("F j, Y \\a\\t g:i:s a"))
