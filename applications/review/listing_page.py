"""The page of a manager's list: filters, pages in both directions, and what needs a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.answers import Answers
from applications.journey.counter import tone_of
from applications.models import Application, CustomerLanguage
from applications.review.counts import NeedsAPerson
from applications.review.keyset import BadCursor, Position
from applications.review.listing import Listing, Page, asked_for
from applications.review.masking import masked_name
from applications.review.scope import ReviewRequest, stores_of_manager
from applications.statuses import Status
from merchants.access import Action, allows
from merchants.signing_in.idleness import asked_by_itself
from vault.keys import CannotOpen


@dataclass(frozen=True)
class Line:
    """A line of a list: the application, the initials of the applicant, and how its status looks.

    Labels come from the choices themselves: Django's own `get_status_display` translates all of them each time.
    """

    application: Application
    name: str
    tone: str
    is_readable: bool

    @property
    def status(self) -> Status:
        return Status(self.application.status)

    @property
    def language(self) -> CustomerLanguage:
        return CustomerLanguage(self.application.language)

    @classmethod
    def of(cls, application: Application) -> Self:
        """Answers that cannot be opened, for want of their key, must not hide the rest of the list."""
        tone = tone_of(application.status)
        try:
            return cls(application, masked_name(Answers.from_json(application.answers)), tone, is_readable=True)
        except CannotOpen:
            return cls(application, "", tone, is_readable=False)


def lines_of(applications: Iterable[Application]) -> list[Line]:
    """What a list shows, in the order given."""
    return [Line.of(application) for application in applications]


@require_GET
@allows(Action.REVIEW)
def review_list(request: ReviewRequest) -> HttpResponse:
    """The newest applications, or those before or after a cursor. What cannot be understood is said, not guessed."""
    form, listing = asked_for(request.counter, request.GET)
    context = {"form": form, "needs": NeedsAPerson.in_stores(form.stores)}
    if listing is None:
        return render(request, "review/list.html", context, status=422)
    page, is_misdirected = _page(request, listing)
    context |= {
        "filters": listing.filters,
        "query": listing.filters.to_query(),
        "page": page,
        "lines": lines_of(page.applications),
        "is_misdirected": is_misdirected,
        "is_first": not ("before" in request.GET or "after" in request.GET) or is_misdirected,
    }
    return render(request, "review/list.html", context)


@asked_by_itself()
@require_GET
@allows(Action.REVIEW)
def review_list_counts(request: ReviewRequest) -> HttpResponse:
    """What needs a person just now: the part of the list that asks for itself again."""
    needs = NeedsAPerson.in_stores(stores_of_manager(request.counter))
    return render(request, "review/counts.html", {"needs": needs})


def _page(request: ReviewRequest, listing: Listing) -> tuple[Page, bool]:
    """The page asked for; the first one, and True, where the address names none."""
    try:
        if before := request.GET.get("before"):
            return listing.page_before(Position.from_cursor(before)), False
        if after := request.GET.get("after"):
            return listing.page_after(Position.from_cursor(after)), False
    except BadCursor:
        return listing.first_page(), True
    return listing.first_page(), False
