"""What customers say is wrong in what was sent, beside the answers. Noted by `manage.py correct_application`."""

from dataclasses import dataclass
from datetime import datetime

from applications.models import Application
from applications.review.answers_shown import label_of


@dataclass(frozen=True)
class CorrectionShown:
    """One correction; `label` is empty where it is about no single answer."""

    label: str
    text: str
    who: str
    at: datetime


def corrections_of(application: Application) -> list[CorrectionShown]:
    """In the order in which they were noted."""
    rows = application.corrections.select_related("noted_by").order_by("noted_at")
    return [
        CorrectionShown(label_of(one.field) if one.field else "", one.text or "", str(one.noted_by), one.noted_at)
        for one in rows
    ]
