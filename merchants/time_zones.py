"""Which time zones are kept in a province or territory: the usual one first, then those of its other corners.

Where a corner keeps the clock of a neighbour (Kenora, Lloydminster, the Magdalen Islands), the neighbour's zone stands
for it.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ZONES: Mapping[str, tuple[str, ...]] = {
    "AB": ("America/Edmonton",),
    "BC": ("America/Vancouver", "America/Edmonton", "America/Dawson_Creek"),
    "MB": ("America/Winnipeg",),
    "NB": ("America/Moncton",),
    "NL": ("America/St_Johns", "America/Goose_Bay"),
    "NS": ("America/Halifax",),
    "NT": ("America/Yellowknife",),
    "NU": ("America/Iqaluit", "America/Rankin_Inlet", "America/Cambridge_Bay"),
    "ON": ("America/Toronto", "America/Winnipeg", "America/Atikokan"),
    "PE": ("America/Halifax",),
    "QC": ("America/Toronto", "America/Halifax", "America/Blanc-Sablon"),
    "SK": ("America/Regina", "America/Edmonton"),
    "YT": ("America/Whitehorse",),
}
# In the words of staff; the same clock may be kept in several places.
LABELS: Mapping[str, str | Promise] = {
    "America/St_Johns": _("Newfoundland time"),
    "America/Goose_Bay": _("Atlantic time – Labrador"),
    "America/Halifax": _("Atlantic time"),
    "America/Moncton": _("Atlantic time – New Brunswick"),
    "America/Blanc-Sablon": _("Atlantic time, no daylight saving – Blanc-Sablon"),
    "America/Toronto": _("Eastern time"),
    "America/Iqaluit": _("Eastern time – Iqaluit"),
    "America/Atikokan": _("Eastern time, no daylight saving – Atikokan"),
    "America/Winnipeg": _("Central time"),
    "America/Rankin_Inlet": _("Central time – Rankin Inlet"),
    "America/Regina": _("Central time, no daylight saving – Saskatchewan"),
    "America/Edmonton": _("Mountain time"),
    "America/Yellowknife": _("Mountain time – Yellowknife"),
    "America/Cambridge_Bay": _("Mountain time – Cambridge Bay"),
    "America/Dawson_Creek": _("Mountain time, no daylight saving – Dawson Creek"),
    "America/Vancouver": _("Pacific time"),
    "America/Whitehorse": _("Yukon time"),
}


def usual_zone(province: str) -> str:
    """The time zone of most stores of a province."""
    return ZONES[province][0]


def is_kept_in(zone: str, province: str) -> bool:
    """Whether a store there may keep this time."""
    return zone in ZONES.get(province, ())
