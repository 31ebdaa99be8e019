"""Delivering an attempt: looked for, committed before the socket, sent once, closed by the answer (design.md §3)."""

import logging

from applications.flow_log import enter_flow
from applications.models import SubmissionAttempt
from applications.statuses import Status
from applications.submission.claims import ClaimLost, begin_sending, claim_next
from applications.submission.connections import patiently, release_connection
from applications.submission.decisions import UNSENDABLE, Decision, approved, refused, unsent
from applications.submission.leases import lease_kept
from applications.submission.looking import nothing_speaks_against_sending
from applications.submission.recording import record_decision
from applications.submission.succession import hand_over
from applications.submission.waiting import back_in_line
from merchants.credentials.circuits import watching
from merchants.credentials.sessions import OUT_OF_USE, CredentialUnusable, client_for
from merchants.credentials.trials import leave_trial
from posapi import CreditApplication, Flow, errors
from vault.keys import CannotOpen

logger = logging.getLogger(__name__)


def deliver_next() -> None:
    """Deliver the next row in line, if there is one."""
    attempt = claim_next()
    while attempt is not None and not attempt.credential.is_active and hand_over(attempt):
        attempt = claim_next()
    if attempt is not None:
        enter_flow(attempt.application)
        with lease_kept(attempt):
            deliver(attempt)
        patiently(lambda: leave_trial(attempt.credential, holder=attempt.pk.hex))


def deliver(attempt: SubmissionAttempt) -> None:
    """Look, send and record one claimed attempt. Never raises for what the network or the lender does."""
    try:
        decision = _deliver(attempt)
        if decision is None:
            return
        if decision.is_refused_credential and patiently(lambda: hand_over(attempt)):
            return
        if attempt.waits_since and decision.is_passing:
            patiently(lambda: back_in_line(attempt))
        else:
            patiently(lambda: record_decision(attempt, decision))
    except ClaimLost:
        logger.info("apply %s: somebody else has it", _reference(attempt))


def _deliver(attempt: SubmissionAttempt) -> Decision | None:
    """What came of it; None when it is held for the associate."""
    try:
        body = CreditApplication.from_body(attempt.body)
    except (ValueError, CannotOpen) as problem:
        logger.error("apply %s: what was sealed cannot be sent: %s", _reference(attempt), type(problem).__name__)
        return Decision(status=Status.FAILED, code=UNSENDABLE)
    try:
        if not attempt.credential.is_active:
            raise CredentialUnusable(OUT_OF_USE)  # and nothing has taken its place
        with client_for(attempt.credential, observe=watching(attempt.credential, holder=attempt.pk.hex)) as client:
            flow = client.flow(_reference(attempt))
            release_connection()
            if not nothing_speaks_against_sending(attempt, flow):
                return None
            return send(attempt, body, flow)
    except errors.PosApiError as error:  # before `apply`: certainly nothing was processed
        logger.info("search %s: %s", _reference(attempt), error)
        return unsent(error)


def send(attempt: SubmissionAttempt, body: CreditApplication, flow: Flow) -> Decision:
    """One `apply` call and what its answer means. Raises ClaimLost before anything is sent."""
    begin_sending(attempt)
    release_connection()
    try:
        return approved(flow.apply(body))
    except errors.PosApiError as error:
        logger.info("apply %s: %s", flow.reference_id, error)
        return refused(error)


def _reference(attempt: SubmissionAttempt) -> str:
    return attempt.application.reference_id
