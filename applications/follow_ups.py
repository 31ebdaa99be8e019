"""The follow-up of an application that the lender reviews: opened and closed with the status, or ended by a person.

Its rows stand among those of `review`. The class is here because `moves` keeps them in step with the status.
"""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models import Application
from applications.statuses import Status
from audit.events import record
from audit.names import EventName
from merchants.models import Store, User


class StatedOutcome(models.TextChoices):
    """What a person states about an application that the lender reviews."""

    APPROVED = "approved", _("Flexiti approved it")
    DECLINED = "declined", _("Flexiti declined it")
    WITHDRAWN = "withdrawn", _("The customer no longer wants it")
    NOT_TOLD = "not_told", _("Flexiti would not say")


class FollowUp(models.Model):
    """Who looks after a pending application, until when, and what a person stated in the end.

    `store` is the application's, so that the list of some stores, by due time, is read from one index. `outcome` stays
    empty when something else than a person's statement ended it.
    """

    application = models.OneToOneField(Application, models.PROTECT, primary_key=True, related_name="follow_up")
    store = models.ForeignKey(Store, models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    due_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=StatedOutcome, blank=True)

    class Meta:
        app_label = "review"
        indexes = [
            models.Index(
                fields=("store", "due_at", "application"),
                condition=models.Q(closed_at=None),
                name="open_follow_ups_of_store",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} · {self.outcome or 'open'}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.due_at < timezone.now()


def follow_status(application: Application, before: str, *, by: User | None) -> None:
    """Open the follow-up of what has become pending; close that of what is pending no longer.

    Call it in the transaction of the move. Of a person who settled it, the statement is kept.
    """
    if application.status == Status.PENDING:
        due_at = application.updated_at + timedelta(hours=settings.PENDING_DUE_HOURS)
        open_again = {"due_at": due_at, "closed_at": None, "closed_by": None, "outcome": ""}
        FollowUp.objects.update_or_create(
            application=application, defaults={**open_again, "store_id": application.store_id}
        )
    elif before == Status.PENDING:
        _close(application, by=by)


def _close(application: Application, *, by: User | None) -> None:
    stated = application.status if by and application.status in StatedOutcome.values else ""
    found = FollowUp.objects.filter(application=application, closed_at=None)
    if found.update(closed_at=application.updated_at, closed_by=by, outcome=stated):
        record(
            EventName.FOLLOW_UP_CLOSED,
            subject=application,
            merchant_id=application.merchant_id,
            by=by,
            detail={"outcome": application.status},
        )
