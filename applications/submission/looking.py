"""The look before the bureau is asked: `customers/search` costs the customer nothing (contract §9.1)."""

import logging
from typing import Any

from django.db import transaction
from django.utils import timezone

from applications.models import SubmissionAttempt
from applications.moves import move
from applications.persons import account_key, account_keys
from applications.statuses import Status
from applications.submission.claims import ClaimLost, lock_application
from applications.submission.held import give_way
from audit.names import EventName
from posapi import Account, Flow, errors

# The lender does not let this client search: nothing is known, and nothing speaks against sending.
NOT_FOR_US = (errors.ScopeInsufficient, errors.NotVerified, errors.RoleNotProvisioned)

logger = logging.getLogger(__name__)


def nothing_speaks_against_sending(attempt: SubmissionAttempt, flow: Flow) -> bool:
    """Search for the applicant; False when the lender has accounts that nobody at the counter has decided on.

    Then the row is held, and the associate is told what exists; a second send gives way to the search for what the
    first one brought. Raises any PosApiError of a lender that cannot be asked, which proves that nothing was
    processed, and ClaimLost.
    """
    try:
        accounts = search_for(attempt, flow)
    except NOT_FOR_US as refusal:
        logger.info("search %s: %s", flow.reference_id, refusal)
        return True
    known = sorted(account_key(account.account_number) for account in accounts)
    decided_on = set(attempt.known_accounts or ())
    if not any(decided_on.isdisjoint(account_keys(account.account_number)) for account in accounts):
        _keep_known(attempt, known)
        return True
    _hold(attempt, known, accounts)
    return False


def search_for(attempt: SubmissionAttempt, flow: Flow) -> tuple[Account, ...]:
    """The accounts of the person whose application this is."""
    body = attempt.snapshot
    return flow.search(
        first_name=body["first_name"], last_name=body["last_name"], dob=body["dob"], postal_code=body["postal_code"]
    )


def _keep_known(attempt: SubmissionAttempt, known: list[str]) -> None:
    if attempt.known_accounts is None:
        attempt.known_accounts = known
        attempt.save(update_fields=["known_accounts"])


def _hold(attempt: SubmissionAttempt, known: list[str], accounts: tuple[Account, ...]) -> None:
    mine = SubmissionAttempt.objects.filter(pk=attempt.pk, claim=attempt.claim, closed_at=None, sending_since=None)
    with transaction.atomic():
        lock_application(attempt)
        if not mine.update(claim="", lease_until=None, known_accounts=known):
            raise ClaimLost
        attempt.claim, attempt.lease_until, attempt.known_accounts = "", None, known
        attempt.found = [shown(account) for account in accounts]
        attempt.save(update_fields=["found"])
        first = attempt.application.unsettled_attempt
        status = give_way(attempt, first) if first else Status.HELD
        detail = {"attempt": attempt.number, "accounts": len(accounts)}
        move(attempt.application, status, by=None, event=EventName.HELD, detail=detail)


def shown(account: Account) -> dict[str, Any]:
    """What the associate needs to recognise the account, and no more."""
    return {
        "account_status": account.account_status,
        "creation_date": account.creation_date.isoformat() if account.creation_date else "",
        "originating_merchant_name": account.originating_merchant_name,
        "card_ending": account.card_ending,
        "looked_at": timezone.now().isoformat(),
    }
