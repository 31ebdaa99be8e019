"""The first page: what this person has begun, and what this store has sent."""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from applications.answers import Answers, full_name
from applications.journey.counter_request import CounterRequest
from applications.models import Application
from applications.selectors import open_drafts, recent_applications, waiting_for_a_manager
from applications.statuses import Status
from merchants.access import Action, allows
from merchants.guards import at_the_counter
from merchants.models import User
from merchants.selectors import merchants_administered_by
from vault.keys import CannotOpen

logger = logging.getLogger(__name__)

_TONES = {
    Status.APPROVED: "success",
    Status.FAILED: "warning",
    Status.NEEDS_CORRECTION: "warning",
    Status.HELD: "warning",
    Status.UNKNOWN: "warning",
    Status.NO_ACCOUNT: "warning",
    Status.PENDING: "info",
    Status.QUEUED: "info",
    Status.SENDING: "info",
    Status.CANCELLING: "info",
}


def tone_of(status: str) -> str:
    """The tone of a status on every page (templates/components/status_pill.html)."""
    return _TONES.get(Status(status), "neutral")


@require_GET
@allows(Action.OPEN_HOME)
def counter(request: HttpRequest) -> HttpResponse:
    """The counter for those who take applications, the console for those who administer merchants."""
    if _administers(request.user, request.counter):  # type: ignore[arg-type, attr-defined]
        return redirect("console")
    return home(request)


@at_the_counter
def home(request: CounterRequest) -> HttpResponse:
    context = {
        "drafts": [_listed(draft) for draft in open_drafts(request.counter, request.user)],
        "to_settle": [_to_settle(application) for application in waiting_for_a_manager(request.counter)],
        "recent": [_listed(application) for application in recent_applications(request.counter)],
    }
    return render(request, "journey/counter.html", context)


def _administers(user: User, counter: object) -> bool:
    takes_applications = counter is not None and counter.membership.takes_applications  # type: ignore[attr-defined]
    return not takes_applications and merchants_administered_by(user).exists()


def _listed(application: Application) -> dict[str, object]:
    """A line of a list. What it says of the customer is read here and nowhere kept: this page is never cached."""
    answers = _readable_answers(application)
    identity = answers.of_step("identity") if answers else {}
    return {
        "application": application,
        "is_readable": answers is not None,
        "name": full_name(identity),
        "amount": answers.saved.get("start", {}).get("amount_requested", "") if answers else "",
        "tone": tone_of(application.status),
    }


def _to_settle(application: Application) -> dict[str, object]:
    """A draft's own page is its steps: what a late answer says of it stands on the page where it is settled."""
    return {**_listed(application), "settles": application.status in (Status.DRAFT, Status.EXPIRED)}


def _readable_answers(application: Application) -> Answers | None:
    """One row that cannot be opened, for want of its key, must not hide all the others."""
    try:
        return Answers.from_json(application.answers)
    except CannotOpen:
        logger.error("The answers of %s cannot be opened", application.reference_id)
        return None
