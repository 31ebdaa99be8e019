"""What the portal's tables say of an application, beside its events: masked, and without what nobody may have."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from applications.answers import SENSITIVE_FIELDS, Answers
from applications.evidence.terms import TermsFile
from applications.models import Application
from applications.review.masking import masked, masked_name
from applications.submission.decisions import Decision
from applications.submission.settlement import decision_of
from audit.chain import written
from vault.keys import CannotOpen

# What went to the lender and may be kept nowhere, and why the rest is hidden, is said on the page.
LEFT_OUT = tuple(sorted(SENSITIVE_FIELDS | {"vcc_number", "account_number", "customer_id", "risk_rating"}))


def record_of(application: Application, terms: Sequence[TermsFile]) -> dict[str, Any]:
    """Everything as JSON can hold it; moments in UTC. `answers` and `decision` are None where no key opens them."""
    return {
        "application": _head(application),
        "terms": [one.facts() for one in terms],
        "acceptances": [_acceptance(one) for one in application.acceptances.order_by("accepted_at")],
        "consents": [_consent(one) for one in application.consents.order_by("given_at")],
        "answers": answers_of(application),
        "attempts": [_attempt(one) for one in application.attempts.order_by("number")],
        "settlements": [_settlement(one) for one in application.settlements.order_by("settled_at")],
        "cancellations": [_cancellation(one) for one in application.cancellations.order_by("requested_at")],
        "decision": _decision(application),
        "corrections": [_correction(one) for one in application.corrections.order_by("noted_at")],
        "left_out": LEFT_OUT,
    }


def answers_of(application: Application) -> dict[str, str] | None:
    """Every answer that is saved, masked, by the API's name of its field."""
    try:
        flat = Answers.from_json(application.answers or {}).flat()
    except CannotOpen:
        return None
    return {name: masked(name, str(value)) for name, value in flat.items() if value and name not in SENSITIVE_FIELDS}


def applicant_of(application: Application) -> str:
    """The initials; empty where nothing is saved or no key opens it."""
    try:
        return masked_name(Answers.from_json(application.answers or {}))
    except CannotOpen:
        return ""


def known_decision(application: Application) -> Decision | None:
    """As `decision_of`; None also where no key opens it."""
    try:
        return decision_of(application)
    except CannotOpen:
        return None


def _head(application: Application) -> dict[str, Any]:
    return {
        "id": str(application.pk),
        "reference_id": application.reference_id,
        "status": application.status,
        "merchant": str(application.merchant),
        "store": str(application.store),
        "store_time_zone": application.store.time_zone,
        "environment": application.environment,
        "province": application.province,
        "language": application.language,
        "applicant": applicant_of(application),
        "begun_at": written(application.created_at),
        "begun_by": str(application.created_by),
        "erased_at": _moment(application.erased_at),
    }


def _acceptance(one: Any) -> dict[str, Any]:
    french = one.french_document
    return {
        "terms": one.document.sha256,
        "language": one.document.language,
        "province": one.document.province,
        "french_terms_first": french.sha256 if french else None,
        "displayed_at": written(one.displayed_at),
        "display": one.display.sha256 if one.display else None,
        "scrolled_to_end": one.scrolled_to_end,
        "accepted_at": written(one.accepted_at),
        "voided_at": _moment(one.voided_at),
        "device_holder": one.device_holder,
        "recorded_by": str(one.recorded_by),
    }


def _consent(one: Any) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "language": one.language,
        "given_at": written(one.given_at),
        "device_holder": one.device_holder,
        "attempt": one.attempt.number if one.attempt else None,
        "recorded_by": str(one.recorded_by),
    }


def _attempt(one: Any) -> dict[str, Any]:
    """`digest` is keyed: with the sealed answers it proves in the portal what was sent, and says nothing outside."""
    return {
        "number": one.number,
        "sealed_at": written(one.sealed_at),
        "sent_at": _moment(one.sending_since),
        "closed_at": _moment(one.closed_at),
        "outcome": one.outcome,
        "outcome_code": one.outcome_code,
        "http_status": one.http_status,
        "digest": one.digest,
        "submitted_by": str(one.submitted_by),
    }


def _settlement(one: Any) -> dict[str, Any]:
    return {
        "attempt": one.attempt.number,
        "how": one.how,
        "outcome": one.outcome,
        "settled_at": written(one.settled_at),
        "settled_by": str(one.settled_by) if one.settled_by else None,
    }


def _cancellation(one: Any) -> dict[str, Any]:
    return {
        "requested_at": written(one.requested_at),
        "requested_by": str(one.requested_by),
        "sent_at": _moment(one.sending_since),
        "closed_at": _moment(one.closed_at),
        "outcome": one.outcome,
        "outcome_code": one.outcome_code,
    }


def _correction(one: Any) -> dict[str, Any]:
    """That the customer asked for it. Its words are as much the customer's own as the answers are."""
    return {
        "id": str(one.pk),
        "field": one.field,
        "noted_at": written(one.noted_at),
        "noted_by": str(one.noted_by),
    }


def _decision(application: Application) -> dict[str, Any] | None:
    """What the lender decided, without what identifies the account."""
    decision = known_decision(application)
    if decision is None:
        return None
    kept = "code http_status message available_credit credit_limit debt_ratio".split()
    plans = [{"plan_name": one.plan_name, "term_options": list(one.term_options)} for one in decision.offer_types]
    return {"status": str(decision.status), **{name: getattr(decision, name) for name in kept}, "offer_types": plans}


def _moment(at: datetime | None) -> str | None:
    return written(at) if at else None
