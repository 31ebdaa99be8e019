"""Answers that no key of the vault opens: said on a page of their own, with what is known without them."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from applications.review.scope import ReviewRequest, application_under_review_or_404
from applications.review.timeline import timeline_of
from vault.keys import CannotOpen

View = Callable[..., HttpResponse]

logger = logging.getLogger(__name__)


def says_what_cannot_be_opened(view: View) -> View:
    """A key was lost, or a row was changed: the manager is told, and whoever looks after the portal finds it logged."""

    @wraps(view)
    def guarded(request: ReviewRequest, application_id: UUID, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, application_id, *args, **kwargs)
        except CannotOpen as problem:
            application = application_under_review_or_404(request, application_id)
            logger.error("The answers of %s cannot be opened: %s", application.reference_id, problem)
            context = {"application": application, "days": timeline_of(application, opening=False)}
            return render(request, "review/cannot_open.html", context)

    return guarded
