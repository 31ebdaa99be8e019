"""The page on which a manager sees one application whole, wherever they stand."""

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from applications.journey.counter import tone_of
from applications.journey.decision_page import Outcome
from applications.models import Application
from applications.review.answers_shown import AnswersShown
from applications.review.attempts import attempts_of
from applications.review.cancelling import last_day_to_cancel, may_cancel_now
from applications.review.corrections import corrections_of
from applications.review.follow_up_forms import ClosingForm, NoteForm, PlanForm
from applications.review.following_up import follow_up_of, mark_of, may_own, notes_of
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.review.terms_copy import acceptances_of
from applications.review.timeline import timeline_of, was_asked_for
from applications.review.unreadable import says_what_cannot_be_opened
from applications.submission.cancellation import open_cancellation
from applications.viewing import record_event
from audit.names import EventName
from merchants.access import Action, allows
from merchants.models import Role


@require_GET
@allows(Action.REVIEW)
@says_what_cannot_be_opened
def review_application(request: ReviewRequest, application_id: UUID) -> HttpResponse:
    """Everything that was asked, shown, accepted, sent and answered. That it was opened is on the record."""
    application = application_under_review_or_404(request, application_id, erased_too=True)
    record_event(application, EventName.VIEWED, by=request.user, detail={"role": Role.MANAGER.value})
    return _erased_page(request, application) if application.erased_at else application_page(request, application)


def application_page(
    request: ReviewRequest, application: Application, *, wrong: Form | None = None, status: int = 200
) -> HttpResponse:
    """The page; `wrong` is the form of it that could not be taken as it was sent, with what was typed."""
    shown = AnswersShown(application)
    outcome = Outcome.of(application)
    context: dict[str, Any] = {
        "application": application,
        "name": shown.name,
        "tone": tone_of(application.status),
        "sections": shown.sections(),
        "account": shown.account_line(),
        "outcome": outcome,
        "offers": outcome.offers,
        "contradiction": outcome.contradiction,
        "attempts": attempts_of(application),
        "corrections": corrections_of(application),
        "acceptances": acceptances_of(application),
        "days": timeline_of(application),
        "may_cancel": may_cancel_now(application),
        "last_day": last_day_to_cancel(application),
        "is_being_cancelled": open_cancellation(application) is not None,
        "form": wrong,
        **_follow_up(application, wrong),
    }
    return render(request, "review/application.html", context, status=status)


def _erased_page(request: ReviewRequest, application: Application) -> HttpResponse:
    """What is left when nothing says any more who the customer was."""
    context = {
        "application": application,
        "tone": tone_of(application.status),
        "was_asked_for": was_asked_for(application),
        "attempts": attempts_of(application),
        "acceptances": acceptances_of(application),
        "days": timeline_of(application),
    }
    return render(request, "review/erased.html", context)


def _follow_up(application: Application, wrong: Form | None) -> dict[str, Any]:
    """Of what was ever pending. The template fills in the times, by the store's clock."""
    follow_up = follow_up_of(application)
    if follow_up is None:
        return {}
    forms: dict[str, Form] = {
        "plan": PlanForm(follow_up=follow_up, people=may_own(application.store)),
        "note": NoteForm(),
        "close": ClosingForm(),
    }
    if wrong is not None:
        forms[str(wrong.prefix)] = wrong
    shown = {f"{name}_form": form for name, form in forms.items()}
    return {"follow_up": follow_up, "mark": mark_of(follow_up), "notes": notes_of(application), **shown}
