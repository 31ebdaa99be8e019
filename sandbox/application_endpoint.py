"""POST apply: check, adjudicate, open an account (vendor doc 002, contract §6)."""

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Response

from sandbox import adjudication
from sandbox.accounts import Account
from sandbox.answers import json_answer
from sandbox.calls import Call
from sandbox.errors import FieldError, Refusal, business, wrong_inputs
from sandbox.field_rules import field_errors
from sandbox.journal import APPROVED
from sandbox.lender import Lender

Application = Mapping[str, Any]


def apply(lender: Lender, call: Call) -> Response:
    """An approval, or a refusal: input errors first, then the terms, then the lender's own reasons."""
    application = call.json_body()
    _check(lender, application)
    lender.journal.accepted(call.reference_id)
    try:
        account = _adjudicate(lender, call, application)
    except Refusal as refusal:
        lender.journal.decided(call.reference_id, refusal.error)
        raise
    lender.journal.decided(call.reference_id, APPROVED)
    return json_answer(account.as_approval(lender.switchboard.now))


def _check(lender: Lender, application: Application) -> None:
    """Raises 409 refusals for everything that stops an application before it is adjudicated."""
    switches = lender.switchboard.now
    errors = field_errors(application, switches, lender.options.codes)
    errors += _issuer_errors(lender, application) if not errors else []
    if errors:
        raise wrong_inputs(*errors)
    if application.get("tos_agreement") is not True:
        raise business("tos_agreement_required")
    if application.get("account_type", "consumer") == "business" and not switches.business_accounts:
        raise business("account_type_not_permitted")
    location = application.get("external_location_id")
    if location and switches.registered_locations and location not in switches.registered_locations:
        raise business("external_location_id_not_found")


def _issuer_errors(lender: Lender, application: Application) -> list[FieldError]:
    """The issuer must be one that i18n lists for the type of document (contract §6.3)."""
    govid_type, issuer = application.get("govid_type"), application.get("govid_issuedby")
    if not govid_type or not issuer or issuer in lender.options.issuers(str(govid_type)):
        return []
    return [FieldError("govid_issuedby", "invalid", issuer)]


def _adjudicate(lender: Lender, call: Call, application: Application) -> Account:
    switches = lender.switchboard.now
    if switches.duplicate_check and lender.accounts.knows(application):
        raise business("customer_already_exists")
    outcome = adjudication.outcome_of(application, switches)
    if isinstance(outcome, adjudication.Refused):
        raise business(outcome.error)
    overrides = lender.overrides.now
    limit = overrides.credit_limit
    if limit is None:
        limit = adjudication.credit_limit(application, outcome.risk_rating)
    ratio = overrides.debt_ratio
    if ratio is None:
        ratio = adjudication.debt_ratio(application, limit)
    return lender.accounts.open(
        application,
        merchant=call.merchant,
        risk_rating=outcome.risk_rating,
        credit_limit=limit,
        debt_ratio=ratio,
        reference_id=call.reference_id,
        one_per_person=switches.duplicate_check,
    )
