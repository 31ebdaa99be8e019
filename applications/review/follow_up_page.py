"""The buttons of a follow-up. Each leads back to the page of its application, or shows it with what is wrong."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.models import Application
from applications.review.follow_up_forms import ClosingForm, NoteForm, PlanForm
from applications.review.following_up import (
    ChangedMeanwhile,
    add_note,
    close,
    follow_up_of,
    may_own,
    note_call,
    open_again,
    plan,
    take,
)
from applications.review.models import FollowUp, StatedOutcome
from applications.review.one_application import application_page
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.review.settling import NOT_THIS_ONES
from applications.review.unreadable import says_what_cannot_be_opened
from applications.submission.by_person import AccountOfAnother
from applications.submission.settlement import AlreadySettled
from merchants.access import Action, allows
from merchants.returning import safe_next

Button = Callable[[ReviewRequest, Application, FollowUp], HttpResponse]


def _button(act: Button) -> Callable[[ReviewRequest, UUID], HttpResponse]:
    """A POST about an application that is, or was, under review at the lender."""

    @require_POST
    @allows(Action.REVIEW)
    @says_what_cannot_be_opened
    @wraps(act)
    def view(request: ReviewRequest, application_id: UUID) -> HttpResponse:
        application = application_under_review_or_404(request, application_id)
        follow_up = follow_up_of(application)
        if follow_up is None:
            raise Http404
        return act(request, application, follow_up)

    return view


@_button
def follow_up_take(request: ReviewRequest, application: Application, _follow_up: FollowUp) -> HttpResponse:
    """One click, from the page or from the worklist (`next`)."""
    try:
        take(application, seen=request.POST.get("seen", ""), by=request.user)
    except ChangedMeanwhile:
        _say_that_it_changed(request)
    return redirect(safe_next(request) if "next" in request.POST else _page_of(application))


@_button
def follow_up_plan(request: ReviewRequest, application: Application, follow_up: FollowUp) -> HttpResponse:
    """Who looks after it, and until when."""
    form = PlanForm(request.POST, follow_up=follow_up, people=may_own(application.store))
    with timezone.override(application.store.tzinfo):
        is_valid = form.is_valid()
    if not is_valid:
        return application_page(request, application, wrong=form, status=422)
    try:
        plan(
            application,
            owner=form.chosen_owner,
            due_at=form.cleaned_data["due_at"],
            seen=request.POST.get("seen", ""),
            by=request.user,
        )
    except ChangedMeanwhile:
        _say_that_it_changed(request)
        return application_page(request, application, wrong=form, status=409)
    return redirect(_page_of(application))


@_button
def follow_up_note(request: ReviewRequest, application: Application, _follow_up: FollowUp) -> HttpResponse:
    """A note, a call, or both."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, wrong=form, status=422)
    if form.cleaned_data["called"]:
        note_call(application, by=request.user)
    if form.cleaned_data["text"]:
        add_note(application, form.cleaned_data["text"], by=request.user)
    return redirect(_page_of(application))


@_button
def follow_up_close(request: ReviewRequest, application: Application, _follow_up: FollowUp) -> HttpResponse:
    """How it ended, and how the manager knows."""
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return application_page(request, application, wrong=form, status=422)
    stated = StatedOutcome(form.cleaned_data["told"])
    number, reason = form.cleaned_data["account_number"], form.cleaned_data["reason"]
    try:
        close(application, stated, account_number=number, reason=reason, by=request.user)
    except AccountOfAnother:
        form.add_error("account_number", NOT_THIS_ONES)
        return application_page(request, application, wrong=form, status=422)
    except (ChangedMeanwhile, AlreadySettled):
        _say_that_it_changed(request)
        return application_page(request, _anew(request, application), wrong=form, status=409)
    return redirect(_page_of(application))


@_button
def follow_up_open_again(request: ReviewRequest, application: Application, _follow_up: FollowUp) -> HttpResponse:
    """After it was closed without a decision of the lender."""
    try:
        open_again(application, by=request.user)
    except ChangedMeanwhile:
        _say_that_it_changed(request)
    return redirect(_page_of(application))


def _anew(request: ReviewRequest, application: Application) -> Application:
    return application_under_review_or_404(request, application.pk)


def _say_that_it_changed(request: ReviewRequest) -> None:
    messages.warning(
        request, _("Somebody else changed this meanwhile, so nothing of yours was written down. This is how it stands.")
    )


def _page_of(application: Application) -> str:
    return f"{reverse('review_application', args=[application.pk])}#follow-up"
