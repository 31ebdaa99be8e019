"""What an answer of `/apply` means. One table from the client's exceptions to the states of design.md §3."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any, Self

from applications.statuses import Status
from posapi import Account, Approval, CreditApplication, errors

# Fields of `/apply` that a step asks for; the other two are ours to set.
ANSWERABLE = frozenset(member.name for member in fields(CreditApplication)) - {"tos_agreement", "input_type"}


# Codes of our own, beside the lender's: no answer in time, and nothing sent because what was sealed is damaged.
LEASE_ENDED = "lease_ended"
UNSENDABLE = "sealed_answers_unsendable"
# The lender's answers to a second application of one person (contract §13: D-DUPLICATE).
DUPLICATE_CODES = frozenset({"application_declined_2", "customer_already_exists"})
# Closed before it was sent: the lender has an account already, the answers are changed first, nobody decided for days.
FOUND_BEFORE_SENDING = "found_before_sending"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
# Not sent: the lender does not answer and nobody agreed to wait, or the customer waited for as long as may be.
LENDER_DOWN = "lender_down"
WAITED_TOO_LONG = "waited_too_long"

# The credential's trouble: certainly nothing was processed, and another credential may be taken.
REFUSED_CREDENTIAL = frozenset(
    {"CredentialsRejected", "CredentialUnusable", "TokenRejected", "ScopeInsufficient", "RoleNotProvisioned"}
)
# The lender's trouble, and a passing one: no connection, no token, or not tried while it was known not to answer.
_PASSING = frozenset({"LedAstray", "LenderNotAnswering", "NotReachable", "UnreadableAnswer"})


@dataclass(frozen=True)
class OfferedPlan:
    """An offer type of an approval (vendor doc 002): terms are numbers of months."""

    plan_id: str
    plan_name: str
    offer_category: str
    term_options: tuple[int, ...]


@dataclass(frozen=True)
class Decision:
    """The lender's answer, or what is known instead of one.

    `error` names the client's exception, `code` is the API's own; amounts are decimal strings in dollars.
    """

    status: Status
    error: str = ""
    code: str = ""
    http_status: int | None = None
    message: str = ""
    account_number: str = ""
    customer_id: str = ""
    card_ending: str = ""
    risk_rating: str = ""
    available_credit: str = ""
    credit_limit: str = ""
    debt_ratio: str | None = None
    offer_types: tuple[OfferedPlan, ...] = ()
    corrections: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_passing(self) -> bool:
        """Whether it was not sent because the lender did not answer, so that waiting may help."""
        return self.status == Status.FAILED and (self.error in _PASSING or self.code in (LENDER_DOWN, WAITED_TOO_LONG))

    @property
    def is_refused_credential(self) -> bool:
        """Whether it was not processed because the lender no longer takes this key, or it cannot be used."""
        return self.status == Status.FAILED and self.error in REFUSED_CREDENTIAL

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "status": str(self.status)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        plans = tuple(
            OfferedPlan(**{**plan, "term_options": tuple(plan["term_options"])}) for plan in data["offer_types"]
        )
        return cls(**{**data, "status": Status(data["status"]), "offer_types": plans})


def approved(approval: Approval) -> Decision:
    """200 with an account number."""
    return Decision(
        status=Status.APPROVED,
        http_status=200,
        account_number=approval.account_number,
        customer_id=approval.customer_id,
        card_ending=approval.card_ending,
        risk_rating=approval.risk_rating,
        available_credit=_plain(approval.available_credit) or "",
        credit_limit=_plain(approval.credit_limit) or "",
        debt_ratio=_plain(approval.debt_ratio),
        offer_types=tuple(
            OfferedPlan(offer.plan_id, offer.plan_name, offer.offer_category, offer.term_options)
            for offer in approval.offer_types
        ),
    )


def found_by_search(account: Account) -> Decision:
    """An account that only this application can have brought. A search tells no offers and no debt ratio."""
    return Decision(
        status=Status.APPROVED,
        account_number=account.account_number,
        customer_id=account.customer_id,
        card_ending=account.card_ending,
        risk_rating=account.risk_rating,
        available_credit=_plain(account.available_credit) or "",
        credit_limit=_plain(account.credit_limit) or "",
    )


def refused(error: errors.PosApiError) -> Decision:
    """Every other answer, and every silence. What is not certain to be unprocessed is unknown, never declined."""
    corrections = _corrections(error)
    return _problem(_status_of(error, corrections), error, corrections)


def unsent(error: errors.PosApiError) -> Decision:
    """A call before `apply` went wrong: whatever it was, the application was not sent."""
    return _problem(Status.FAILED, error, {})


def _problem(status: Status, error: errors.PosApiError, corrections: Mapping[str, str]) -> Decision:
    return Decision(
        status=status,
        error=type(error).__name__,
        code=error.code,
        http_status=error.http_status,
        message=error.message,
        corrections=corrections,
    )


def _status_of(error: errors.PosApiError, corrections: Mapping[str, str]) -> Status:
    match error:
        case errors.ApplicationDeclined():
            return Status.DECLINED
        case errors.ApplicationPending():
            return Status.PENDING
        case errors.CustomerAlreadyExists():
            return Status.ALREADY_CUSTOMER
        case errors.WrongInputs() if corrections:
            return Status.NEEDS_CORRECTION
    return Status.FAILED if error.certainly_not_processed else Status.UNKNOWN


def _corrections(error: errors.PosApiError) -> dict[str, str]:
    """What the API complained of that a person can correct, by field name.

    It prints some names in another case: "SIN" for `sin` (vendor doc 002).
    """
    complaints = {complaint.param.lower(): complaint.msg for complaint in error.field_errors}
    return {name: msg for name, msg in complaints.items() if name in ANSWERABLE}


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
