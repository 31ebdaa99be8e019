"""When nothing needs a replaced credential any more, its secrets are erased (docs/decisions/0016).

While its successor is in the same environment, only calls that are under way at this moment still need it, because
everything else goes with the successor. When the merchant has gone on to another environment, what is open in the old
one can only be finished with the old credential.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from applications.models import Application, Cancellation, SubmissionAttempt
from applications.statuses import Status
from merchants.credentials.rotation import erase
from merchants.credentials.succession import is_left_behind
from merchants.models import Credential

# The last day to cancel ends when it ends where in Canada the day ends last.
_CLOCKS_APART = timedelta(days=2)


def erase_retired_credentials() -> None:
    """Erase the secrets of every credential that was replaced long enough ago and that nothing needs."""
    long_ago = timezone.now() - timedelta(hours=settings.CREDENTIAL_KEEP_HOURS)
    retired = Credential.objects.filter(is_active=False, erased_at=None, retired_at__lt=long_ago)
    for credential in retired.select_related("merchant"):
        if not is_needed(credential, timezone.now()):
            erase(credential)


def is_needed(credential: Credential, now: datetime) -> bool:
    """Whether something can only be done with this credential."""
    own = SubmissionAttempt.objects.filter(credential=credential, closed_at=None)
    in_hand = own.filter(Q(sending_since__isnull=False) | Q(lease_until__gt=now))
    sent_with_it = Cancellation.objects.filter(application__credential=credential, closed_at=None)
    if in_hand.exists() or sent_with_it.filter(sending_since__isnull=False).exists():
        return True
    return is_left_behind(credential) and _is_anything_open(credential, now)


def _is_anything_open(credential: Credential, now: datetime) -> bool:
    last_day = now - timedelta(days=settings.QUEBEC_CANCELLATION_DAYS) - _CLOCKS_APART
    to_be_sent = Q(status__in={Status.QUEUED, Status.HELD, Status.SENDING})
    to_be_looked_for = Q(attempts__next_look_at__isnull=False)
    may_be_sent_again = Q(status=Status.NO_ACCOUNT, attempts__sensitive__isnull=False)
    may_cancel = Q(status__in={Status.APPROVED, Status.CANCELLING}, province="QC", updated_at__gt=last_day)
    is_cancelling = Q(cancellations__isnull=False, cancellations__closed_at=None)
    is_open = to_be_sent | to_be_looked_for | may_be_sent_again | may_cancel | is_cancelling
    return Application.objects.filter(is_open, credential=credential).exists()
