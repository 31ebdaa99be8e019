"""A correction that a customer asks for: what was sent is evidence and stays, the correction stands beside it."""

from django.db import transaction

from applications.answers import SENSITIVE_FIELDS
from applications.journey.steps import FORM_STEPS
from applications.models import Application
from applications.review.models import Correction
from applications.statuses import AT_THE_COUNTER
from audit.events import record
from audit.names import EventName
from merchants.models import User

LONGEST = 1000
_ASKED = frozenset(name for step in FORM_STEPS for name in step.fields)
CORRECTABLE = tuple(sorted(_ASKED - SENSITIVE_FIELDS))


class CannotCorrect(Exception):
    """A draft is corrected in its form, and where the answers are erased there is nothing to correct."""


def note_correction(application: Application, text: str, *, field: str = "", by: User) -> Correction:
    """Write down what the customer says is wrong, and what is right. Raises CannotCorrect.

    Flexiti is not told: what it should know, a person tells it.
    """
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if current.status in AT_THE_COUNTER or current.erased_at or not current.attempts.exists():
            raise CannotCorrect
        noted = Correction.objects.create(application=current, field=field, text=text, noted_by=by)
        detail = {"correction": str(noted.pk), "field": field}
        record(EventName.CORRECTION_NOTED, subject=current, merchant_id=current.merchant_id, by=by, detail=detail)
    return noted
