"""A click that submits, wherever it is made: with which answers, and where it leads when nothing could be sent."""

import re
from collections.abc import Callable

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from applications.journey.changed import to_changed_answers
from applications.models import Application
from applications.submission.same_person import PersonKnown
from applications.submission.sealing import AlreadySubmitted, NotReadyToSubmit


def revision_in(data: QueryDict) -> int:
    """The revision of the answers that the associate has just read to the customer; -1 is none."""
    asked = data.get("revision", "")
    return int(asked) if re.fullmatch("[0-9]{1,9}", asked) else -1


def to_same_person(application: Application, revision: int) -> HttpResponseRedirect:
    """The way to the page about the same person, with the revision of the answers that were read."""
    return _with_revision("same_person", application, revision)


def to_waiting(application: Application, revision: int) -> HttpResponseRedirect:
    """The way to the question whether it may wait, with the revision of the answers that were read."""
    return _with_revision("let_it_wait", application, revision)


def submitted(application: Application, revision: int, submit: Callable[[], object]) -> HttpResponseRedirect:
    """Submit, once: a second click or a replayed form leads to the same page as the first."""
    try:
        submit()
    except AlreadySubmitted:
        pass
    except PersonKnown:
        return to_same_person(application, revision)
    except NotReadyToSubmit:
        return to_changed_answers(application)
    return redirect("application", application.pk)


def _with_revision(name: str, application: Application, revision: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse(name, args=[application.pk])}?revision={revision}")
