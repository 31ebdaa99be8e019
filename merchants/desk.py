"""The places of managers and administrators, each shown to those whom the table of access lets in."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.access import Action, Reach


@dataclass(frozen=True)
class Place:
    """An entry of the line of places."""

    url_name: str
    label: str | Promise
    action: Action


# Pages are added here in the order in which they are shown.
PLACES: tuple[Place, ...] = (
    Place("counter", _("Counter"), Action.TAKE_APPLICATIONS),
    Place("close_of_day", _("Close of day"), Action.CLOSE_DAY),
    Place("review_list", _("Applications"), Action.REVIEW),
    Place("worklist_pending", _("Follow-ups"), Action.REVIEW),
    Place("worklist_unknown", _("To settle"), Action.REVIEW),
    Place("dashboard", _("Dashboard"), Action.REVIEW),
    Place("export_list", _("Exports"), Action.EXPORT),
    Place("console", _("Configuration"), Action.CONFIGURE),
)


def places_for(reach: Callable[[Action], Reach]) -> list[Place]:
    """The places that a person may open."""
    return [place for place in PLACES if reach(place.action)]


def place_of(url_name: str) -> str:
    """The place a page belongs to: the pages of `console` are named `console_…`; empty when it belongs to none."""
    names = (place.url_name for place in PLACES)
    return max((name for name in names if f"{url_name}_".startswith(f"{name}_")), key=len, default="")
