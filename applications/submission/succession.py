"""Submissions whose credential was replaced before they went out go with the one now in use (docs/decisions/0016)."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from applications.models import SubmissionAttempt
from applications.moves import move
from applications.statuses import Status
from applications.submission.claims import ClaimLost, lock_application
from applications.submission.nudge import nudge_delivery
from audit.names import EventName
from merchants.credentials.succession import in_place_of
from merchants.models import Credential


def follow_switches() -> None:
    """Give whatever is in no worker's hands to the successor of its credential, where there is one."""
    waiting = SubmissionAttempt.objects.filter(closed_at=None, credential__is_active=False)
    for old in Credential.objects.filter(pk__in=waiting.values("credential")).select_related("merchant"):
        successor = in_place_of(old)
        if successor != old:
            _give_waiting(old, successor)


def hand_over(attempt: SubmissionAttempt) -> bool:
    """Put a claimed row back in line for the successor of its credential; False when it has none.

    For a row of which certainly nothing was processed. Raises ClaimLost.
    """
    old = Credential.objects.select_related("merchant").get(pk=attempt.credential_id)
    successor = in_place_of(old)
    if successor == old:
        return False
    mine = SubmissionAttempt.objects.filter(pk=attempt.pk, claim=attempt.claim, closed_at=None)
    with transaction.atomic():
        lock_application(attempt)
        if not mine.update(claim="", lease_until=None, sending_since=None, credential=successor):
            raise ClaimLost
        if attempt.application.status == Status.SENDING:
            detail = {"attempt": attempt.number, "credential": str(successor.pk)}
            move(attempt.application, Status.QUEUED, by=None, event=EventName.HANDED_OVER, detail=detail)
        transaction.on_commit(nudge_delivery)
    _give_waiting(old, successor)
    return True


def _give_waiting(old: Credential, successor: Credential) -> None:
    """Only columns of the row itself are asked for, so that a row claimed at this moment is left to its worker."""
    free = Q(lease_until=None) | Q(lease_until__lt=timezone.now())
    rows = SubmissionAttempt.objects.filter(free, credential=old, closed_at=None, sending_since=None)
    rows.update(credential=successor)
