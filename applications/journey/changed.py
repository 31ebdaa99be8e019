"""Answers changed in another window between the check page and the click: nothing was sent, and they are read again."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from applications.models import Application

# In the address, because a message kept for the next page could be shown on one where it is no longer true.
_MARK = "changed"


def to_changed_answers(application: Application) -> HttpResponseRedirect:
    """Back to where the application was left, with word of what happened if it is still to be submitted there."""
    return HttpResponseRedirect(f"{reverse('journey', args=[application.pk])}?{_MARK}=1")


def to_step(request: HttpRequest, application: Application, step_name: str) -> HttpResponseRedirect:
    """To a step, passing that word on."""
    there = redirect("step", application.pk, step_name)
    return HttpResponseRedirect(f"{there.url}?{_MARK}=1") if _MARK in request.GET else there
