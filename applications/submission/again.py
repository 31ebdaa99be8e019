"""Sending again after `no_account`: looked for once more, with the customer's consent to another credit inquiry."""

from django.db import IntegrityError, transaction

from applications.consents import Consent, record_consent
from applications.models import Application, SubmissionAttempt
from applications.moves import move
from applications.statuses import Status
from applications.submission.looking import NOT_FOR_US
from applications.submission.nudge import nudge_delivery
from applications.submission.reconciliation import look_now
from applications.submission.same_person import OthersOfPerson, PersonUnderWay
from applications.submission.sealing import (
    NotReadyToSubmit,
    credential_to_send_with,
    evidence_of,
    standing_acceptance,
)
from applications.submission.settlement import AlreadySettled, locked_unsettled
from applications.verdicts import Verdict
from audit.names import EventName
from merchants.models import User


class AnswersGone(Exception):
    """What only the lender may know was erased meanwhile: it takes a new application."""


def may_send_again(application: Application) -> bool:
    """Whether what was sent is still there to be sent again, and no person has to tell first what was found."""
    latest, first = application.latest_attempt, application.unsettled_attempt
    if application.status != Status.NO_ACCOUNT or latest is None or first is None:
        return False
    return latest.sensitive is not None and first.look_verdict != Verdict.AMBIGUOUS


def send_again(
    application: Application, consent: Consent, *, by: User, told: str = "", after: int | None = None
) -> Verdict:
    """Search a last time and, if there is still no account, queue exactly what was sent before, once.

    FOUND: that search settled it. AMBIGUOUS: a manager settles it. In both cases nothing is sent. `told` is what it is
    for `submit`; `after` is the number of the send that the customer agreed to repeat, None for the latest there is:
    the consent is to one more inquiry, and to none that follows. Raises PosApiError when the lender cannot be asked,
    AnswersGone, NotReadyToSubmit when the terms are no longer accepted, PersonUnderWay, PersonAppliedBefore, and
    AlreadySettled when an answer, a search or another send was faster.
    """
    first, latest = application.unsettled_attempt, application.latest_attempt
    if application.status != Status.NO_ACCOUNT or first is None or latest is None:
        raise AlreadySettled
    if after not in (None, latest.number):
        raise AlreadySettled
    if latest.sensitive is None:
        raise AnswersGone
    verdict = _look_once_more(first)
    if verdict == Verdict.ABSENT:
        try:
            _queue_again(first, consent, after=latest.number, by=by, told=told)
        except IntegrityError as problem:
            if OthersOfPerson.of(application).under_way.exists():
                raise PersonUnderWay from problem
            raise
    return verdict


def _look_once_more(attempt: SubmissionAttempt) -> Verdict:
    """Where the lender lets nobody search, a person has said that there is no account."""
    try:
        return look_now(attempt)
    except NOT_FOR_US:
        return Verdict.ABSENT


def _queue_again(first: SubmissionAttempt, consent: Consent, *, after: int, by: User, told: str) -> None:
    """The latest send is read under the lock: another one may have gone out and ended since the page was shown."""
    with transaction.atomic():
        application = locked_unsettled(first)
        latest = application.latest_attempt
        if application.status != Status.NO_ACCOUNT or latest is None or latest.number != after:
            raise AlreadySettled
        if latest.sensitive is None:
            raise AnswersGone
        acceptance = standing_acceptance(application)
        if acceptance is None:
            raise NotReadyToSubmit([], terms=True)
        others = OthersOfPerson.of(application)
        attempt = SubmissionAttempt.objects.create(
            application=application,
            number=latest.number + 1,
            acceptance=acceptance,
            store=application.store,
            credential=credential_to_send_with(application),
            submitted_by=by,
            snapshot=latest.snapshot,
            sensitive=latest.sensitive,
            digest=latest.digest,
            known_accounts=first.known_accounts,
        )
        SubmissionAttempt.objects.filter(pk=first.pk).update(next_look_at=None)
        record_consent(application, consent, attempt=attempt, by=by)
        move(application, Status.QUEUED, by=by, event=EventName.SUBMITTED, detail=evidence_of(attempt))
        others.ensure_told(told)
        transaction.on_commit(nudge_delivery)
