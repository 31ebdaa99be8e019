"""The worklists of managers: follow-ups of what the lender reviews, and outcomes to settle."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from applications.review.following_up import mark_of
from applications.review.listing_page import Line
from applications.review.models import FollowUp
from applications.review.scope import ReviewRequest
from applications.review.worklists import Place, Unsettled, Whose, open_follow_ups, unsettled
from applications.statuses import Status
from applications.submission.decisions import Decision
from applications.verdicts import Verdict
from merchants.access import Action, allows
from vault.keys import CannotOpen


@require_GET
@allows(Action.REVIEW)
def worklist_pending(request: ReviewRequest) -> HttpResponse:
    """`?whose=mine|nobodys`, `?after=` a place; what cannot be understood counts as not asked."""
    whose = _whose(request.GET.get("whose", ""))
    after = Place.from_text(request.GET.get("after", ""))
    found = open_follow_ups(request.counter, by=request.user, whose=whose, after=after)
    context = {
        "found": found,
        "lines": [_followed(row) for row in found.rows],
        "whose": whose,
        "choices": _choices(),
        "is_first": after is None,
    }
    return render(request, "review/worklist_pending.html", context)


@require_GET
@allows(Action.REVIEW)
def worklist_unknown(request: ReviewRequest) -> HttpResponse:
    """What was tried for each, and the way to settle it."""
    rows, more = unsettled(request.counter)
    context = {"lines": [_tried(row) for row in rows], "more": more}
    return render(request, "review/worklist_unknown.html", context)


@dataclass(frozen=True)
class Tried:
    """An unsettled application, with what was tried in words."""

    line: Line
    row: Unsettled
    tried: list[str]
    may_be_settled: bool


def _whose(text: str) -> Whose:
    return next((one for one in Whose if one == text), Whose.ALL)


def _choices() -> list[tuple[Whose, str]]:
    return [(Whose.ALL, _("All")), (Whose.MINE, _("Mine")), (Whose.NOBODYS, _("Nobody’s"))]


def _followed(row: FollowUp) -> dict[str, Any]:
    return {"follow_up": row, "line": Line.of(row.application), "mark": mark_of(row)}


def _tried(row: Unsettled) -> Tried:
    settleable = (Status.UNKNOWN, Status.NO_ACCOUNT)
    may_be_settled = row.is_contradicted or row.application.status in settleable
    return Tried(Line.of(row.application), row, list(_in_words(row)), may_be_settled)


def _in_words(row: Unsettled) -> list[str]:
    """What the searches came to, and what is left to do."""
    looks = row.attempt.absent_looks if row.attempt else 0
    verdicts: dict[str, str] = {
        Verdict.CONTRADICTED: _late_answer(row),
        Verdict.AMBIGUOUS: _("Flexiti has accounts that may or may not come from this application."),
        Verdict.NOT_ASKED: _("Flexiti could not be asked."),
    }
    searched = ngettext(
        "Searched %(looks)s time, without finding an account.",
        "Searched %(looks)s times, without finding an account.",
        looks,
    ) % {"looks": looks}
    words = [
        verdicts.get(row.verdict, ""),
        searched if looks else _("Not searched for yet.") if not row.verdict else "",
    ]
    if not row.is_urgent and row.application.status == Status.UNKNOWN:
        words.append(_("The portal goes on searching."))
    return [text for text in words if text]


def _late_answer(row: Unsettled) -> str:
    """Opened only where there is one."""
    if not row.is_contradicted or row.attempt is None:
        return ""
    try:
        says = Decision.from_json(row.attempt.answer).status.label
    except CannotOpen:
        return _("A late answer contradicts what was settled.")
    return _("A late answer says: %(outcome)s.") % {"outcome": says}
