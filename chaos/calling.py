"""What the patterns have in common that the portal is compared with: call the lender, write the answer into the row."""

from django.utils import timezone

from applications.models import Application
from applications.persons import account_key
from applications.statuses import Status
from applications.submission.payload import seal_body
from merchants.credentials.sessions import client_for
from posapi import CreditApplication, errors


def call_and_keep(application: Application) -> None:
    """One `apply`, and what it came to. Raises PosApiError for every answer that decides nothing."""
    body = CreditApplication.from_body(seal_body(application))
    with client_for(application.credential) as client:
        try:
            approval = client.flow(application.reference_id).apply(body)
        except errors.ApplicationDeclined:
            keep(application, Status.DECLINED)
        except errors.ApplicationPending:
            keep(application, Status.PENDING)
        else:
            application.account_key = account_key(approval.account_number)
            keep(application, Status.APPROVED)


def keep(application: Application, status: Status) -> None:
    """The row alone: no attempt, no event, no table of moves."""
    application.status = status
    application.updated_at = timezone.now()
    application.save(update_fields=["status", "updated_at", "account_key"])
