"""The store and its applications as managers see them, and time that has passed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from applications.models import Application
from applications.spans import before
from tests.applications.review.conftest import (  # noqa: F401
    associate,
    credential,
    decided,
    manager,
    manager_client,
    pending,
    ready,
    searched,
    store,
    unknown,
)

# What nobody may find any more of the applicant of the factories.
TELLING = (
    "Brien",
    "1988-04-09",
    "4165550142",
    "anne@example.test",
    "10 Example Street",
    "046454286",
    "Mrs Horse",
    "Cloud",
    "AB000000",
    "52000",
)


@pytest.fixture
def aged():
    """`aged(application, 25, "months")`: its last change was a day before so long ago."""

    def age(application, number, unit):
        moment = before(timezone.now(), number, unit) - timedelta(days=1)
        Application.objects.filter(pk=application.pk).update(updated_at=moment)
        return Application.objects.get(pk=application.pk)

    return age


def opened(application):
    """Everything that is sealed in its rows, opened, as one text."""
    application = Application.objects.get(pk=application.pk)
    values = [application.answers]
    for attempt in application.attempts.all():
        values += [attempt.snapshot, attempt.sensitive, attempt.found, attempt.answer, attempt.known_accounts]
    for settlement in application.settlements.all():
        values += [settlement.answer, settlement.reason]
    values += [note.text for note in application.notes.all()]
    values += [reveal.reason for reveal in application.reveals.all()]
    values += [correction.text for correction in application.corrections.all()]
    return str([value for value in values if value is not None])
