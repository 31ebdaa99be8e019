"""Periods that contradict the reasons for them, refused at the start."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, register

from applications.retention.kinds import TABLE


@register()
def periods_fit_their_reasons(**_: Any) -> list[Error]:
    """Answers are needed while the lender may still be asked about them; evidence outlives the answers."""
    found = []
    for kind in TABLE:
        if kind.setting and kind.period < 1:
            found.append(_refused(f"{kind.setting} is {kind.period}.", "Give a whole number above 0."))
        elif kind.at_most and kind.period > kind.at_most:
            found.append(_refused(f"{kind.setting} is above {kind.at_most}.", f"{kind.reason} (docs/privacy.md)"))
    if settings.KEEP_ANSWERS_MONTHS < 3:
        found.append(_refused("KEEP_ANSWERS_MONTHS is below 3.", "Customers may ask what a decision was made with."))
    if settings.KEEP_EVIDENCE_YEARS * 12 < settings.KEEP_ANSWERS_MONTHS:
        found.append(_refused("KEEP_EVIDENCE_YEARS ends before KEEP_ANSWERS_MONTHS.", "Raise it."))
    return list({error.msg: error for error in found}.values())


def _refused(what: str, hint: str) -> Error:
    return Error(what, hint=hint, id="portal.E005")
