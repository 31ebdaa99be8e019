"""A manager cancels for a Quebec customer who asks within the days that the law gives (canada.md §1)."""

from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from applications.answers import Answers
from applications.journey.decision_page import Outcome
from applications.models import Application
from applications.review.answers_shown import AnswersShown
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.review.unreadable import says_what_cannot_be_opened
from applications.statuses import Status
from applications.submission.cancellation import CannotCancel, may_cancel, request_cancellation
from merchants.access import Action, allows


def last_day_to_cancel(application: Application) -> date | None:
    """By the store's clock, counted from the approval; None where nothing was approved in Quebec."""
    if Answers.from_json(application.answers).province != "QC":
        return None
    answered = application.attempts.filter(outcome=Status.APPROVED).order_by("closed_at")
    settled = application.settlements.filter(outcome=Status.APPROVED).order_by("settled_at")
    moments = [
        answered.values_list("closed_at", flat=True).first(),
        settled.values_list("settled_at", flat=True).first(),
    ]
    told_at = min((moment for moment in moments if moment), default=None)
    if told_at is None:
        return None
    approved_on = timezone.localdate(told_at, application.store.tzinfo)
    return approved_on + timedelta(days=settings.QUEBEC_CANCELLATION_DAYS)


def may_cancel_now(application: Application) -> bool:
    """What may be cancelled at all, within its days; a cancellation never confirmed may be asked for again later."""
    last_day = last_day_to_cancel(application)
    if last_day is None or not may_cancel(application):
        return False
    today = timezone.localdate(timezone=application.store.tzinfo)
    return application.status == Status.CANCELLING or today <= last_day


@require_http_methods(["GET", "POST"])
@allows(Action.REVIEW)
@says_what_cannot_be_opened
def review_cancel(request: ReviewRequest, application_id: UUID) -> HttpResponse:
    """Asked once more here; the POST records the request, and by whom, before anything is sent."""
    application = application_under_review_or_404(request, application_id)
    if request.method == "GET" and may_cancel_now(application):
        context = {
            "application": application,
            "outcome": Outcome.of(application),
            "last_day": last_day_to_cancel(application),
            "name": AnswersShown(application).name,
        }
        return render(request, "review/cancel.html", context)
    if request.method == "POST" and may_cancel_now(application):
        with suppress(CannotCancel):
            request_cancellation(application, by=request.user)
    return redirect("review_application", application_id)
