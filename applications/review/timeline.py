"""Everything that happened to one application, a sentence each, from its evidence (audit.events)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from applications.models import Application
from applications.purge import ON_REQUEST
from applications.review.timeline_details import Known, details_of, tone_of
from applications.review.timeline_words import sentence_of
from audit import events
from audit.models import Event
from audit.names import EventName


@dataclass(frozen=True)
class Entry:
    """One thing that happened. Texts are in the active language; `who` is a person, or the portal by itself.

    `times` counts what one person did several times in a row, such as looking at the application; `at` is the first.
    """

    name: str
    at: datetime
    what: str
    who: str
    details: list[str] = field(default_factory=list)
    tone: str = ""
    times: int = 1


@dataclass(frozen=True)
class Day:
    """What happened on one day by the store's clock."""

    day: date
    entries: list[Entry]


def timeline_of(application: Application, *, opening: bool = True) -> list[Day]:
    """Oldest first. With `opening=False` nothing sealed is opened: reasons and notes are left out."""
    known = Known.of(application, opening=opening)
    entries = (_entry(event, known) for event in events.timeline(application))
    zone = application.store.tzinfo
    by_day = groupby(entries, key=lambda one: timezone.localtime(one.at, zone).date())
    return [Day(day, _together(of_day)) for day, of_day in by_day]


def was_asked_for(application: Application) -> bool:
    """Whether it was erased because its customer asked for it, and not because its period was over."""
    erased = events.timeline(application).filter(name=EventName.ERASED)
    return any(event.detail.get("why") == ON_REQUEST for event in erased)


def _entry(event: Event, known: Known) -> Entry:
    return Entry(
        name=event.name,
        at=event.at,
        what=sentence_of(event, known),
        who=event.actor or _("The portal"),
        details=details_of(event, known),
        tone=tone_of(event),
    )


def _together(entries: Iterable[Entry]) -> list[Entry]:
    """Somebody who looks at a page ten times in a row is one line."""
    found: list[Entry] = []
    for entry in entries:
        last = found[-1] if found else None
        is_a_view = last is not None and last.name == entry.name == EventName.VIEWED
        if last and is_a_view and (last.who, last.what) == (entry.who, entry.what):
            found[-1] = replace(last, times=last.times + 1)
        else:
            found.append(entry)
    return found
