"""Sending: clicks, a lender that does anything, workers that die at every point, and sweeps."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from applications.models import SubmissionAttempt
from applications.statuses import IllegalMove, Status
from applications.submission.claims import ClaimLost, begin_sending, claim_next
from applications.submission.decisions import Decision, approved, refused
from applications.submission.delivery import deliver_next
from applications.submission.recording import record_decision
from applications.submission.sweep import sweep
from chaos.journey.machine import Counter
from chaos.journey.stage import age_everything
from merchants.credentials.probing import probe_due_circuits
from merchants.credentials.sessions import client_for
from merchants.models import Credential
from posapi import CreditApplication, errors

_NOBODY = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
_HOSTILE = "<h2>No</h2><script>alert(1)</script><p onclick='alert(1)' style='position:fixed'>Call us</p>"
# Behind these the lender may or may not have acted.
AMBIGUOUS = (
    "reset_before reset_after close_after cut_off truncated_json duplicate_keys wrong_content_type empty_body "
    "oversized not_an_object ok_without_account ok_with_error_body gateway_timeout_504 internal_error bad_gateway_html "
    "redirect service_unavailable error_code_in_500 unknown_code general_error application_create_error"
).split()
# These say plainly what it did.
PLAIN = (
    "invalid_token expired_token unauthorized insufficient_scope invalid_client invalid_role blocked_466 wrong_inputs "
    "tos_agreement_required account_type_not_permitted external_location_id_not_found not_verified "
    "application_declined_3 application_marked_pending_1 customer_already_exists"
).split()
UNREADABLE = "reset_after truncated_json wrong_content_type internal_error".split()
# What the calls before it meet.
BEFORE = (
    *(("search", fault) for fault in UNREADABLE),
    *(("search", fault) for fault in "insufficient_scope invalid_token invalid_role not_verified".split()),
    *(("token", fault) for fault in "internal_error invalid_client reset_before".split()),
)


@dataclass
class Dead:
    """A worker that was killed while it had a row, or was thought to be; `decision` is what it never recorded."""

    attempt: SubmissionAttempt
    decision: Decision | None = None


def something_waits(counter: Counter) -> bool:
    return counter.anyone_is(Status.QUEUED)


class Delivering(Counter):
    """From the click to the answer."""

    def __init__(self) -> None:
        super().__init__()
        self.dead: list[Dead] = []

    @precondition(lambda self: not self.anyone_is(Status.QUEUED) or self.application.is_editable)
    @rule(clicks=st.integers(1, 3), who=st.integers(0, 2), is_old=st.sampled_from([False, False, True]))
    def submit(self, clicks: int, who: int, is_old: bool) -> None:
        """Once or several times, from the page as it is or an old one, at one device or another."""
        person = self.at(self.stage.staff[who])
        revision = self.application.revision - is_old
        for _ in range(clicks):
            self.shown(person.post(person.url("submit"), {"revision": str(revision)}))

    @precondition(something_waits)
    @rule()
    def a_worker_delivers(self) -> None:
        deliver_next()

    @precondition(something_waits)
    @rule(fault=st.sampled_from(AMBIGUOUS), is_processed=st.booleans())
    def a_worker_gets_no_clear_answer(self, fault: str, is_processed: bool) -> None:
        self._deliver_through("apply", fault, processed=is_processed)

    @precondition(something_waits)
    @rule(fault=st.sampled_from(PLAIN))
    def a_worker_is_told_something_else(self, fault: str) -> None:
        self._deliver_through("apply", fault, message=_HOSTILE)

    @precondition(something_waits)
    @rule(met=st.sampled_from(BEFORE))
    def a_worker_does_not_come_as_far_as_apply(self, met: tuple[str, str]) -> None:
        self._deliver_through(*met)

    @precondition(something_waits)
    @rule(changes=st.sampled_from([{"base_url": _NOBODY}, {"is_active": False}, {"client_secret": "wrong"}]))
    def a_worker_has_no_use_of_the_credential(self, changes: dict[str, Any]) -> None:
        credential = Credential.objects.get(pk=self.stage.credential.pk)
        for name, value in changes.items():
            setattr(credential, name, value)
        credential.save()
        deliver_next()
        self.stage.credential.save()

    @precondition(something_waits)
    @rule(sends=st.booleans(), arrives=st.booleans())
    def a_worker_dies_with_the_next(self, sends: bool, arrives: bool) -> None:
        """The request may have gone out before, and its answer is known to nobody."""
        if attempt := claim_next():
            if sends:
                begin_sending(attempt)
            self.dead.append(Dead(attempt, self._asked(attempt) if sends and arrives else None))

    @precondition(lambda self: self.dead)
    @rule()
    def a_worker_was_not_dead_after_all(self) -> None:
        """It records its answer late, or finds that somebody else has the row."""
        dead = self.dead.pop(0)
        with suppress(IllegalMove, ClaimLost):
            if dead.decision is None:
                begin_sending(dead.attempt)
            record_decision(dead.attempt, dead.decision or self._asked(dead.attempt))

    @precondition(lambda self: self.anyone_is(Status.QUEUED, Status.SENDING, Status.CANCELLING))
    @rule(seconds=st.sampled_from([0, 12, 61, 700]), tokens_expire=st.booleans())
    def time_passes(self, seconds: float, tokens_expire: bool) -> None:
        """And upkeep is done: the sweep, and a probe of a lender that did not answer."""
        age_everything(seconds)
        if tokens_expire:
            self.stage.sandbox.control("POST", "tokens/expire")
        sweep()
        probe_due_circuits()

    def _deliver_through(self, endpoint: str, fault: str, **more: Any) -> None:
        self.fail(endpoint, fault, **more)
        deliver_next()
        self.calm()

    def _asked(self, attempt: SubmissionAttempt) -> Decision:
        with client_for(attempt.credential) as client:
            flow = client.flow(attempt.application.reference_id)
            try:
                return approved(flow.apply(CreditApplication.from_body(attempt.body)))
            except errors.PosApiError as error:
                return refused(error)
