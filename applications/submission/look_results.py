"""What follows from a search for an unsettled submission: settled, left to a manager, or to be looked for again."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from applications.models import Application, SettledBy, SubmissionAttempt
from applications.moves import move
from applications.persons import account_key, account_keys, person_keys_to_find
from applications.statuses import UNSETTLED, Status
from applications.submission import look_times
from applications.submission.decisions import found_by_search
from applications.submission.judging import Judgement, Sent, earliest_day, judge
from applications.submission.looking import shown
from applications.submission.settlement import AlreadySettled, locked_unsettled, settle
from applications.verdicts import Verdict
from audit.events import record
from audit.names import EventName
from posapi import Account
from vault.digests import names_known_key

_NEXT_FOR_THE_OTHERS = timedelta(seconds=10)

Accounts = tuple[Account, ...]

logger = logging.getLogger(__name__)


def conclude(attempt: SubmissionAttempt, accounts: Accounts, looked_at: datetime) -> None:
    """Act on what the search of a claimed row brought. Safe to repeat."""
    judgement = judge(accounts, _sent(attempt, accounts))
    try:
        if judgement.verdict == Verdict.ABSENT:
            _note_absence(attempt, judgement, looked_at)
        else:
            _decide(attempt, judgement, accounts, looked_at)
    except AlreadySettled:
        logger.info("search %s: settled meanwhile", attempt.application.reference_id)


def conclude_now(attempt: SubmissionAttempt, accounts: Accounts, looked_at: datetime) -> Verdict:
    """The same for a search outside the plan, but that nothing was found does not count. Raises AlreadySettled."""
    judgement = judge(accounts, _sent(attempt, accounts))
    if judgement.verdict == Verdict.ABSENT:
        with transaction.atomic():
            _record_look(locked_unsettled(attempt), attempt, judgement)
    else:
        _decide(attempt, judgement, accounts, looked_at)
    return judgement.verdict


def try_later(attempt: SubmissionAttempt, *, others_too: bool) -> None:
    """The lender could not be asked: that is no absence. With `others_too` no row of this credential is due now."""
    now = timezone.now()
    assert attempt.closed_at
    later = look_times.after_failure(attempt.closed_at, now)
    _mine(attempt).update(next_look_at=later, look_verdict=Verdict.NOT_ASKED)
    if others_too:
        due = SubmissionAttempt.objects.filter(credential=attempt.credential_id, next_look_at__lte=now)
        due.update(next_look_at=now + _NEXT_FOR_THE_OTHERS)


def _sent(attempt: SubmissionAttempt, accounts: Accounts) -> Sent:
    """What the database knows about the submission that these accounts are judged by."""
    application = attempt.application
    sent_at = attempt.sending_since or attempt.sealed_at
    this_person = person_keys_to_find(attempt.snapshot)["person_key"]
    same_person = Application.objects.filter(merchant=application.merchant_id, person_key__in=this_person)
    others = same_person.exclude(pk=application.pk)
    keys = [key for account in accounts for key in account_keys(account.account_number)]
    known = frozenset(attempt.known_accounts or ())
    rivals = others.filter(status__in={Status.SENDING, *UNSETTLED}, attempts__sending_since__gt=sent_at)
    return Sent(
        day=earliest_day(sent_at),
        merchant_id=attempt.credential.merchant_id_at_lender,
        known_accounts=known,
        knows_accounts_by_lost_key=not all(map(names_known_key, known)),
        accounts_of_others=frozenset(others.filter(account_key__in=keys).values_list("account_key", flat=True)),
        has_later_rival=rivals.exists(),
    )


def _decide(attempt: SubmissionAttempt, judgement: Judgement, accounts: Accounts, looked_at: datetime) -> None:
    """Settle by the account that was found, or leave several to a manager."""
    with transaction.atomic():
        application = locked_unsettled(attempt)
        _record_look(application, attempt, judgement)
        if judgement.account is not None:
            settle(attempt, found_by_search(judgement.account), how=SettledBy.SEARCH)
        current = SubmissionAttempt.objects.get(pk=attempt.pk)
        current.looked_at, current.next_look_at, current.look_verdict = looked_at, None, judgement.verdict
        if judgement.account is None:
            current.found = [_shown_with_key(account) for account in accounts]
        current.save(update_fields=["looked_at", "next_look_at", "look_verdict", "found"])


def _shown_with_key(account: Account) -> dict[str, Any]:
    return {**shown(account), "account_key": account_key(account.account_number)}


def _note_absence(attempt: SubmissionAttempt, judgement: Judgement, looked_at: datetime) -> None:
    """Count it, unless another search has this row by now; often and long enough, it is `no_account`."""
    assert attempt.closed_at
    looks = attempt.absent_looks + 1
    with transaction.atomic():
        application = locked_unsettled(attempt)
        counted = _mine(attempt).update(
            absent_looks=looks,
            looked_at=looked_at,
            look_verdict=judgement.verdict,
            next_look_at=look_times.after_absence(attempt.closed_at, looked_at, looks),
        )
        if not counted:
            return
        _record_look(application, attempt, judgement, looks=looks)
        if application.status == Status.UNKNOWN and look_times.is_absent_for_long(attempt.closed_at, looked_at, looks):
            detail = {"attempt": attempt.number, "looks": looks}
            move(application, Status.NO_ACCOUNT, by=None, event=EventName.NO_ACCOUNT, detail=detail)


def _mine(attempt: SubmissionAttempt) -> QuerySet[SubmissionAttempt]:
    """The row, as long as it is pushed ahead by exactly this claim."""
    return SubmissionAttempt.objects.filter(pk=attempt.pk, next_look_at=attempt.next_look_at)


def _record_look(
    application: Application, attempt: SubmissionAttempt, judgement: Judgement, *, looks: int | None = None
) -> None:
    record(
        EventName.LOOKED,
        subject=application,
        merchant_id=application.merchant_id,
        by=None,
        detail={"attempt": attempt.number, "verdict": str(judgement.verdict), "absent_looks": looks},
    )
