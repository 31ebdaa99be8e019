"""A Quebec customer cancels: `accounts/{n}/close`, recorded before the call and never lost (vendor doc 002)."""

import logging

from django.db import transaction
from django.utils import timezone

from applications.answers import Answers
from applications.flow_log import enter_flow
from applications.models import Application, Cancellation, SettledBy, SubmissionAttempt
from applications.monitoring import set_back
from applications.moves import move
from applications.persons import account_key
from applications.statuses import Status
from applications.submission.claims import lease_from
from applications.submission.connections import patiently, release_connection
from applications.submission.decisions import LEASE_ENDED
from applications.submission.leases import lease_kept
from applications.submission.looking import NOT_FOR_US, search_for
from applications.submission.nudge import nudge_cancellation
from applications.submission.settlement import decision_of, settlement_of
from audit.events import record
from audit.names import EventName
from merchants.credentials.sessions import CredentialUnusable, client_for
from merchants.credentials.succession import in_place_of, was_replaced
from merchants.credentials.trials import not_answering
from merchants.models import User
from posapi import Flow, errors

logger = logging.getLogger(__name__)

CLOSED, REFUSED, UNCONFIRMED = "closed", "refused", "unconfirmed"
WAITING = "waiting"
# Not closed: the number was only written down, and a search for this customer does not bring it.
NOT_THE_CUSTOMERS = "account_not_found_for_customer"


class CannotCancel(Exception):
    """Only a Quebec approval can be cancelled, and only once at a time."""


def may_cancel(application: Application) -> bool:
    """Whether the customer may still be offered the cancellation: a Quebec approval, or one never confirmed."""
    if Answers.from_json(application.answers).province != "QC":
        return False
    if application.status == Status.APPROVED:
        return True
    return application.status == Status.CANCELLING and not open_cancellation(application)


def open_cancellation(application: Application) -> Cancellation | None:
    return application.cancellations.filter(closed_at=None).first()


def request_cancellation(application: Application, *, by: User) -> Cancellation:
    """Record that the customer asks for the account to be closed, and nudge a worker. Raises CannotCancel."""
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        if not may_cancel(current):
            raise CannotCancel
        cancellation = Cancellation.objects.create(application=current, requested_by=by)
        event = EventName.CANCELLATION_REQUESTED
        if current.status == Status.APPROVED:
            move(current, Status.CANCELLING, by=by, event=event)
        else:
            record(event, subject=current, merchant_id=current.merchant_id, by=by, detail={"again": True})
        transaction.on_commit(lambda: nudge_cancellation(cancellation.pk))
    return cancellation


def deliver_close(cancellation_id: int) -> None:
    """Call `close` once for this cancellation, unless another worker has taken it."""
    cancellation = claim(cancellation_id)
    if cancellation is not None:
        enter_flow(cancellation.application)
        with lease_kept(cancellation):
            send_close(cancellation)


def claim(cancellation_id: int) -> Cancellation | None:
    """Take a waiting cancellation and commit that it is being sent, or None when it is not there to take.

    From a database that was set back nothing is taken.
    """
    if not set_back.may_send():
        return None
    now = timezone.now()
    with transaction.atomic():
        waiting = Cancellation.objects.filter(pk=cancellation_id, sending_since=None, closed_at=None)
        sendable = waiting.exclude(application__credential__in=not_answering())
        taken = sendable.update(sending_since=now, lease_until=lease_from(now))
        if not taken:
            return None
        cancellation = Cancellation.objects.select_related("application__credential__merchant").get(pk=cancellation_id)
        application = cancellation.application
        record(EventName.CANCELLATION_SENT, subject=application, merchant_id=application.merchant_id, by=None)
    return cancellation


def send_close(cancellation: Cancellation) -> None:
    """One `close` call, and what its answer means."""
    application = cancellation.application
    credential = in_place_of(application.credential)
    outcome, code = CLOSED, ""
    try:
        # Nobody asks whether the lender is back for a credential out of use: its circuit would stay open for good.
        with client_for(credential, although_down=not credential.is_active) as client:
            account_number, told_of = _account_number(application), _only_told_of(application)
            release_connection()
            flow = client.flow(application.reference_id)
            if told_of is None or _is_the_customers(account_number, told_of, flow):
                flow.close(account_number)
            else:
                outcome, code = UNCONFIRMED, NOT_THE_CUSTOMERS
    except errors.PosApiError as error:
        logger.info("close %s: %s", application.reference_id, error)
        outcome, code = _outcome_of(error), error.code
    if outcome == WAITING or (outcome == REFUSED and patiently(lambda: was_replaced(credential))):
        patiently(lambda: _back_in_line(cancellation))
    else:
        patiently(lambda: _settle(cancellation, outcome, code))


def _only_told_of(application: Application) -> SubmissionAttempt | None:
    """The send whose account a person wrote down on the lender's word, while no answer and no search has named it."""
    decision, settlement = decision_of(application), settlement_of(application)
    if decision is None or decision.http_status is not None or settlement is None:
        return None
    return settlement.attempt if settlement.how == SettledBy.PERSON else None


def _is_the_customers(account_number: str, attempt: SubmissionAttempt, flow: Flow) -> bool:
    """Whether a search for this customer brings the account: a slip of the pen must not close somebody else's."""
    try:
        accounts = search_for(attempt, flow)
    except NOT_FOR_US:
        return False
    return account_key(account_number) in {account_key(account.account_number) for account in accounts}


def _back_in_line(cancellation: Cancellation) -> None:
    Cancellation.objects.filter(pk=cancellation.pk, closed_at=None).update(sending_since=None, lease_until=None)


def abandon(cancellation: Cancellation) -> None:
    """The lease ended without an answer: whether the account is closed is not known."""
    _settle(cancellation, UNCONFIRMED, LEASE_ENDED)


def _outcome_of(error: errors.PosApiError) -> str:
    """Not reached, no token to be had, or no credential to ask with: back in line, the sweep tries again.

    What proves nothing is never resent.
    """
    if isinstance(error, (errors.NotReachable, errors.UnreadableAnswer, CredentialUnusable)):
        return WAITING
    is_refused = error.certainly_not_processed or isinstance(error, errors.NotFound)
    return REFUSED if is_refused else UNCONFIRMED


def _settle(cancellation: Cancellation, outcome: str, code: str) -> None:
    """Close the request with its answer, once; a confirmation that comes after the end of the lease still counts."""
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=cancellation.application_id)
        current = Cancellation.objects.get(pk=cancellation.pk)
        is_late = current.outcome_code == LEASE_ENDED and outcome == CLOSED
        if current.closed_at and not is_late:
            return
        if outcome == REFUSED and application.cancellations.filter(outcome=UNCONFIRMED).exists():
            outcome = UNCONFIRMED  # an earlier request may have closed the account, which would be refused so too
        current.closed_at = timezone.now()
        current.outcome = outcome
        current.outcome_code = code[:80]
        current.save(update_fields=["closed_at", "outcome", "outcome_code"])
        _tell(application, outcome, code[:80])


def _tell(application: Application, outcome: str, code: str) -> None:
    event, detail = EventName.CANCELLATION_ANSWERED, {"outcome": outcome, "code": code}
    after = {CLOSED: Status.CANCELLED, REFUSED: Status.APPROVED}.get(outcome)
    if after and application.status == Status.CANCELLING:
        move(application, after, by=None, event=event, detail=detail)
    else:
        record(event, subject=application, merchant_id=application.merchant_id, by=None, detail=detail)


def _account_number(application: Application) -> str:
    decision = decision_of(application)
    assert decision
    return decision.account_number
