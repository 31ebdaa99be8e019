"""Keeps sessions and options fresh in the background. Messages carry ids only."""

from celery import shared_task
from django.utils import timezone

from merchants.credentials import daily_checks
from merchants.credentials.probing import probe_due_circuits
from merchants.credentials.sessions import open_session
from merchants.credentials.single_flight import only_one
from merchants.models import CheckOccasion, Credential

_LONGEST_REFRESH_SECONDS = 120


@shared_task
def refresh_sessions() -> None:
    """Ask for a refresh of every credential in use, each its own task: a silent lender delays no other merchant."""
    in_use = Credential.objects.filter(is_active=True, merchant__is_active=True)
    for credential_id in in_use.values_list("pk", flat=True):
        refresh_session.delay(str(credential_id))


@shared_task
def refresh_session(credential_id: str) -> None:
    """Open one credential's session again, unless another worker is at it or the credential went out of use."""
    credential = Credential.objects.filter(pk=credential_id, is_active=True).first()
    if credential is None:
        return
    with only_one(f"session-refresh:{credential_id}", longest_seconds=_LONGEST_REFRESH_SECONDS) as is_free:
        if is_free:
            open_session(credential, by=None)


@shared_task
def probe_circuits() -> None:
    """Ask the lenders that do not answer whether they do again."""
    probe_due_circuits()


@shared_task
def check_credentials() -> None:
    """Ask for the daily check of every credential that is due, each its own task."""
    for credential_id in daily_checks.due_for_the_daily_check(timezone.now()):
        check_credential.delay(str(credential_id), CheckOccasion.DAILY.value)


@shared_task
def check_credential(credential_id: str, occasion: str) -> None:
    """Check one credential, and tell its administrators if that came out otherwise than the last time."""
    daily_checks.check(credential_id, CheckOccasion(occasion))
