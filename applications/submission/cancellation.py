"""A Quebec customer cancels: `accounts/{n}/close`, recorded before the call and never lost (vendor doc 002)."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from applications.answers import Answers
from applications.models import Application, Cancellation
from applications.moves import move
from applications.statuses import Status
from applications.submission.decisions import Decision
from applications.submission.nudge import nudge_cancellation
from audit.events import record
from audit.names import EventName
from merchants.models import User
from merchants.sessions import client_for
from posapi import errors

logger = logging.getLogger(__name__)

CLOSED, REFUSED, UNCONFIRMED = "closed", "refused", "unconfirmed"


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
    cancellation = _claim(cancellation_id)
    if cancellation is None:
        return
    application = cancellation.application
    try:
        with client_for(application.credential) as client:
            client.flow(application.reference_id).close(_account_number(application))
    except errors.PosApiError as error:
        logger.info("close %s: %s", application.reference_id, error)
        _settle(cancellation, error)
    else:
        _close(cancellation, CLOSED, "")


def _claim(cancellation_id: int) -> Cancellation | None:
    now = timezone.now()
    lease = now + timedelta(seconds=settings.SENDING_LEASE_SECONDS)
    with transaction.atomic():
        taken = Cancellation.objects.filter(pk=cancellation_id, sending_since=None, closed_at=None).update(
            sending_since=now, lease_until=lease
        )
        if not taken:
            return None
        cancellation = Cancellation.objects.select_related("application__credential").get(pk=cancellation_id)
        application = cancellation.application
        record(EventName.CANCELLATION_SENT, subject=application, merchant_id=application.merchant_id, by=None)
    return cancellation


def _settle(cancellation: Cancellation, error: errors.PosApiError) -> None:
    """Not reached: back in line, the sweep tries again. Refused: said so. Anything else: unconfirmed, never resent."""
    if isinstance(error, errors.NotReachable):
        Cancellation.objects.filter(pk=cancellation.pk).update(sending_since=None, lease_until=None)
    elif isinstance(error, errors.OutcomeUnknown):
        _close(cancellation, UNCONFIRMED, error.code)
    else:
        _close(cancellation, REFUSED, error.code)


def _close(cancellation: Cancellation, outcome: str, code: str) -> None:
    application = cancellation.application
    with transaction.atomic():
        closed = Cancellation.objects.filter(pk=cancellation.pk, closed_at=None).update(
            closed_at=timezone.now(), outcome=outcome, outcome_code=code[:80]
        )
        if not closed:
            return
        detail = {"outcome": outcome, "code": code[:80]}
        after = {CLOSED: Status.CANCELLED, REFUSED: Status.APPROVED}.get(outcome)
        event = EventName.CANCELLATION_ANSWERED
        if after:
            move(application, after, by=None, event=event, detail=detail)
        else:
            record(event, subject=application, merchant_id=application.merchant_id, by=None, detail=detail)


def abandon(cancellation: Cancellation) -> None:
    """The lease ended without an answer: whether the account is closed is not known."""
    _close(cancellation, UNCONFIRMED, "")


def _account_number(application: Application) -> str:
    attempt = application.attempts.filter(outcome=Status.APPROVED).get()
    return Decision.from_json(attempt.answer).account_number
