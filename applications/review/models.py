"""What a manager adds: the follow-up of an application, values that were shown, lists that were exported."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from applications.follow_ups import FollowUp as FollowUp
from applications.follow_ups import StatedOutcome as StatedOutcome
from applications.models import Application
from merchants.models import Merchant
from vault.fields import EncryptedTextField


class FollowUpNote(models.Model):
    """A line somebody added. Never edited; deleted when the answers of its application are erased."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="notes")
    text = EncryptedTextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.application_id} · {self.written_at}"


class Reveal(models.Model):
    """That one value was shown to a manager, and why. Never edited; the reason is erased with the answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="reveals")
    field = models.CharField(max_length=40)
    reason = EncryptedTextField(null=True)
    revealed_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revealed_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.application_id} · {self.field}"


class Correction(models.Model):
    """What a customer says is wrong in an application that was sent, and what would be right.

    What was sent is evidence and stays as it is; this stands beside it. Never edited; `text` is erased with the
    answers. `field` is the API's name of one, or empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=40, blank=True)
    text = EncryptedTextField(null=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.application_id} · {self.noted_at}"


class Export(models.Model):
    """One download of a filtered list. `query` is the address of the list and holds no applicant's data.

    `began_at` is of the first download; everything after it is of the last. An end that is not complete is one where
    the connection broke; without an end, the process died, or it goes on.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="exports")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    requested_at = models.DateTimeField(default=timezone.now)
    query = models.CharField(max_length=1000, blank=True)
    language = models.CharField(max_length=2)
    with_names = models.BooleanField(default=False)
    reason = EncryptedTextField(null=True)
    rows_expected = models.PositiveIntegerField(null=True)
    rows_written = models.PositiveIntegerField(default=0)
    is_complete = models.BooleanField(default=False)
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.requested_by_id} · {self.rows_written}"
