"""Searching for what became of submissions that brought no readable answer, until it is known (decisions/0011)."""

import logging
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.flow_log import flow_of
from applications.models import SubmissionAttempt
from applications.submission.connections import patiently, release_connection
from applications.submission.look_results import conclude, conclude_now, try_later
from applications.submission.looking import search_for
from applications.verdicts import Verdict
from merchants.credentials.sessions import OUT_OF_USE, CredentialUnusable, client_for
from merchants.credentials.succession import in_place_of
from merchants.models import Credential, CredentialStanding
from posapi import Account, Timeouts, errors

# One task searches for one row after the other, but lets the sweep have its turn.
_IN_A_ROW_SECONDS = 3.0
# Enough for a token and a search. Whoever died with a row delays it by so much; two searches for it do no harm.
_CLAIM = timedelta(seconds=20)
_TIMEOUTS = Timeouts(connect=2, read=4, total=5)
# Not the row's fault but the lender's: the other rows need not find out one by one.
_LENDER_IS_AWAY = (errors.NotReachable, errors.UnreadableAnswer)

logger = logging.getLogger(__name__)


def due_for_a_look(now: datetime) -> QuerySet[SubmissionAttempt]:
    """The submissions to search for, those that have waited longest first."""
    return SubmissionAttempt.objects.filter(next_look_at__lte=now).order_by("next_look_at")


def look_for_what_is_due() -> None:
    """Search for one row after the other, for a few seconds, until none is due or the lender cannot be asked."""
    until = time.monotonic() + _IN_A_ROW_SECONDS
    while time.monotonic() < until:
        attempt = claim_look()
        if attempt is None or not look(attempt):
            return


def claim_look() -> SubmissionAttempt | None:
    """Take the next row that is due, by pushing it ahead: nobody else takes it, and a crash only delays it."""
    now = timezone.now()
    with transaction.atomic():
        found = due_for_a_look(now).select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True)
        pk = found.first()
        if pk is None or not due_for_a_look(now).filter(pk=pk).update(next_look_at=now + _CLAIM):
            return None
    return SubmissionAttempt.objects.select_related("application", "credential__merchant").get(pk=pk)


def look(attempt: SubmissionAttempt) -> bool:
    """One search for a claimed row, and what follows from it; False when the lender could not be asked."""
    with flow_of(attempt.application):
        looked_at = timezone.now()
        try:
            # A search may be answered while `apply` is not, and tells the circuit so.
            accounts = _ask(attempt, although_down=True)
        except errors.PosApiError as error:
            logger.info("search %s: %s", attempt.application.reference_id, error)
            is_away = isinstance(error, _LENDER_IS_AWAY)
            patiently(lambda: try_later(attempt, others_too=is_away))
            return False
        patiently(lambda: conclude(attempt, accounts, looked_at))
        return True


def look_now(attempt: SubmissionAttempt) -> Verdict:
    """Search while a person waits. What it finds is settled; that it finds nothing counts for nothing.

    Raises PosApiError when the lender cannot be asked, and AlreadySettled.
    """
    looked_at = timezone.now()
    return conclude_now(attempt, _ask(attempt), looked_at)


def _ask(attempt: SubmissionAttempt, *, although_down: bool = False) -> tuple[Account, ...]:
    credential = _credential_to_ask_with(attempt)
    with client_for(credential, timeouts=_TIMEOUTS, although_down=although_down) as client:
        release_connection()
        return search_for(attempt, client.flow(attempt.application.reference_id))


def _credential_to_ask_with(attempt: SubmissionAttempt) -> Credential:
    """The one in use in the environment it was sent to or, where there is none any more, the one it was sent with."""
    credential = in_place_of(attempt.credential)
    if credential.standing in (CredentialStanding.IN_USE, CredentialStanding.RETIRED):
        return credential
    raise CredentialUnusable(OUT_OF_USE)
