"""One value of one application in full: with a reason, after a recent sign-in, once, and on the record."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.models import Application
from applications.review.answers_shown import REVEALABLE, AnswersShown, label_of
from applications.review.models import Reveal
from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.review.unreadable import says_what_cannot_be_opened
from audit.events import record
from audit.names import EventName
from flexiti_portal.crispy import bare_helper
from merchants.access import Action, allows
from merchants.models import User
from merchants.signing_in.step_up import recently_signed_in, signed_in_recently


class ReasonForm(forms.Form):
    """Why the value is needed. Kept encrypted beside the fact that it was shown."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Why do you need it?"),
        max_length=1000,
        help_text=_("Kept with your name and the time, for whoever checks later."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Write down why you need it.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.helper = bare_helper()


@require_http_methods(["GET", "POST"])
@allows(Action.REVEAL)
@says_what_cannot_be_opened
def review_reveal(request: ReviewRequest, application_id: UUID, field: str) -> HttpResponse:
    """GET asks for the reason, POST shows the value on this one page."""
    application = application_under_review_or_404(request, application_id)
    if field not in REVEALABLE or not (value := AnswersShown(application).value_of(field)):
        raise Http404
    return _ask(request, application, field) if request.method == "GET" else _shown(request, application, field, value)


@recently_signed_in
def _ask(request: ReviewRequest, application: Application, field: str) -> HttpResponse:
    return _page(request, application, field, form=ReasonForm())


def _shown(request: ReviewRequest, application: Application, field: str, value: str) -> HttpResponse:
    """One that comes too late keeps the reason: the manager signs in in another window and presses again."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, application, field, form=form, status=422)
    if not signed_in_recently(request):
        return _page(request, application, field, form=form, is_too_late=True, status=403)
    reveal(application, field, reason=form.cleaned_data["reason"], by=request.user)
    return _page(request, application, field, value=value)


def reveal(application: Application, field: str, *, reason: str, by: User) -> None:
    """Write down that this value was shown, to whom and why; the value itself is nowhere in it."""
    with transaction.atomic():
        Reveal.objects.create(application=application, field=field, reason=reason, revealed_to=by)
        record(
            EventName.REVEALED,
            subject=application,
            merchant_id=application.merchant_id,
            by=by,
            detail={"field": field},
        )


def _page(
    request: ReviewRequest, application: Application, field: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    shown = {"application": application, "label": label_of(field), "name": AnswersShown(application).name}
    return render(request, "review/reveal.html", {**shown, **context}, status=status)
