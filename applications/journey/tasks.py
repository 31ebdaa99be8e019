"""Housekeeping of drafts."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications.drafting import expire
from applications.models import Application
from applications.statuses import AT_THE_COUNTER


@shared_task
def purge_old_drafts() -> None:
    """Empty what nobody has touched for DRAFT_HOURS and the lender has not got, each looked at again under lock."""
    too_old = timezone.now() - timedelta(hours=settings.DRAFT_HOURS)
    old = Application.objects.filter(status__in=AT_THE_COUNTER, updated_at__lt=too_old)
    for application_id in old.values_list("pk", flat=True):
        with transaction.atomic():
            draft = old.select_for_update().filter(pk=application_id).first()
            if draft:
                expire(draft)
