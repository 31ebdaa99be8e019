"""The lender has an account already: what exists, what to say, and the three ways on."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.journey.consent_form import ConsentForm
from applications.journey.counter_request import CounterRequest, application_or_404
from applications.journey.decision_page import Outcome, Row
from applications.models import Application, ConsentKind, SubmissionAttempt
from applications.submission.held import (
    NotHeld,
    change_answers,
    held_attempt,
    mark_of,
    send_all_the_same,
    use_existing_account,
)
from merchants.guards import at_the_counter

USE_ACCOUNT, CHANGE_ANSWERS = "use_account", "change_answers"


@dataclass(frozen=True)
class FoundAccount:
    """An account as the search told of it, in words; only a normal one can buy (contract §9.3)."""

    may_buy: bool
    rows: list[Row]

    @classmethod
    def of(cls, found: dict[str, Any]) -> "FoundAccount":
        opened, card = found["creation_date"], found["card_ending"]
        return cls(
            may_buy=found["account_status"] == "N",
            rows=[
                Row(_("Status"), status_in_words(found["account_status"])),
                Row(_("Since"), date_format(date.fromisoformat(opened), "DATE_FORMAT") if opened else ""),
                Row(_("Opened at"), found["originating_merchant_name"]),
                Row(_("Card ending in"), f"•••• {card}" if card else ""),
            ],
        )


def status_in_words(code: str) -> str:
    """The account statuses of contract §9.3; one that it does not list is shown as it came."""
    return {
        "N": _("Normal: it can be used to buy"),
        "A": _("Purchases are not authorized at present"),
        "F": _("Frozen"),
        "Z": _("Charged off"),
        "C": _("Closed: it cannot be opened again"),
    }.get(code, code)


def held_page(request: CounterRequest, application: Application) -> HttpResponse:
    """What exists and the choices; where another window decided a moment ago, the page of the state it is in now."""
    attempt = held_attempt(application)
    if attempt is None:
        return redirect("application", application.pk)
    return render(request, "outcome/held.html", _context(application, attempt))


@require_POST
@at_the_counter
def decide_held(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Use the account there is, or change the answers; once, however many windows and clicks."""
    found = application_or_404(request, application_id)
    decide = {USE_ACCOUNT: use_existing_account, CHANGE_ANSWERS: change_answers}.get(request.POST.get("choice", ""))
    if decide is not None:
        with suppress(NotHeld):
            decide(found, mark=request.POST.get("mark", ""), by=request.user)
    return redirect("application", application_id)


@require_http_methods(["GET", "POST"])
@at_the_counter
def send_held(request: CounterRequest, application_id: UUID) -> HttpResponse:
    """Send all the same: asked here, with the customer's recorded consent to a credit inquiry."""
    found = application_or_404(request, application_id)
    attempt = held_attempt(found)
    if attempt is None:
        return redirect("application", application_id)
    data = request.POST if request.method == "POST" else None
    form = ConsentForm(data, kind=ConsentKind.ANOTHER_INQUIRY, language=found.lang)
    if not form.is_valid():
        context = {**_context(found, attempt), "form": form}
        return render(request, "outcome/held_consent.html", context, status=422 if form.is_bound else 200)
    try:
        send_all_the_same(found, mark=request.POST.get("mark", ""), consent=form.consent, by=request.user)
    except NotHeld:
        messages.warning(request, _("Something changed since this page was shown. Please look again."))
    return redirect("application", application_id)


def _context(application: Application, attempt: SubmissionAttempt) -> dict[str, object]:
    accounts = [FoundAccount.of(found) for found in attempt.found or ()]
    return {
        "application": application,
        "outcome": Outcome.of(application),
        "accounts": accounts,
        "may_buy": any(account.may_buy for account in accounts),
        "mark": mark_of(attempt),
    }
