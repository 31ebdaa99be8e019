"""Numbers as people read them, in the active language."""

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext


def counted(number: int) -> str:
    """1,250 or 1 250."""
    return number_format(number, force_grouping=True)


def percent(share: float | None) -> str:
    """A share of one, in whole percent; a dash where there is nothing to share."""
    if share is None:
        return "–"
    return pgettext("percentage", "%(number)s%%") % {"number": round(share * 100)}


def change(now: int, before: int) -> str:
    """By how much more or less than before, in percent; empty where that says nothing."""
    if not before or now == before:
        return ""
    share = (now - before) / before
    return ("+" if share > 0 else "−") + percent(abs(share))


def duration(seconds: float | None) -> str:
    """3.4 s, 45 s, 2 min 10 s, 1 h 5 min; a dash where nothing was measured."""
    if seconds is None:
        return "–"
    if seconds < 10:
        return gettext("%(seconds)s s") % {"seconds": number_format(seconds, decimal_pos=1)}
    whole = round(seconds)
    if whole < 60:
        return gettext("%(seconds)s s") % {"seconds": whole}
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        short = gettext("%(minutes)s min") % {"minutes": minutes}
        return gettext("%(minutes)s min %(seconds)s s") % {"minutes": minutes, "seconds": rest} if rest else short
    hours, rest = divmod(whole // 60, 60)
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}
