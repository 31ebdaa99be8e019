"""Who is approved, for how much: the response keys in `middle_name`, the credit limit, and Quebec's debt ratio.

The vendor documents outcome classes for the keys, not HTTP answers; the mapping is contract §13's proposal. Limits and
ratios are our arithmetic: no page says how the lender computes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sandbox.switches import Switches


@dataclass(frozen=True)
class Approved:
    """An approval with its risk rating."""

    risk_rating: str


@dataclass(frozen=True)
class Refused:
    """A decline, a pending answer or a technical failure, by its `error` code."""

    error: str


Outcome = Approved | Refused

RESPONSE_KEYS: Mapping[str, Outcome] = {
    "A-RR_L": Approved("L"),
    "A-RR_M": Approved("M"),
    "A-RR_H": Approved("H"),
    "A-RR_X": Approved("X"),
    "A-RR_XX": Approved("Y"),
    "A-RR_XXX": Approved("Z"),
    "P-REVIEW_MISC": Refused("application_marked_pending"),
    "P-CREDIT": Refused("application_marked_pending"),
    "P-FRAUD": Refused("application_marked_pending"),
    "P-EXIST_CUST": Refused("application_marked_pending_2"),
    "P-MISSING_INFO": Refused("application_marked_pending_2"),
    "D-FRAUD": Refused("application_declined"),
    "D-MISSING_INFO": Refused("application_declined_2"),
    "D-DUPLICATE": Refused("application_declined_2"),
    "D-NO_HIT": Refused("application_declined_3"),
    "D-NO_SCORE": Refused("application_declined_3"),
    "D-EMAIL_DBL_TIMEOUT": Refused("application_create_error"),
}

STANDARD_RATINGS = ("Y", "Z")
"""Ratings of the standard (non-prime) account, which a merchant must be enabled for (contract §6.5)."""

_DEFAULT_RATINGS = ((80_000, "L"), (45_000, "M"), (25_000, "H"), (0, "X"))
_SHARE_OF_INCOME = {"L": 0.25, "M": 0.20, "H": 0.12, "X": 0.08, "Y": 0.05, "Z": 0.04}
_SMALLEST_LIMIT, _LARGEST_LIMIT, _STEP = 500, 20_000, 100
_MINIMUM_PAYMENT_SHARE = 0.05

_VENDOR_SAMPLE_APPLICANT = ("John", "Doe", "1990-01-01")


@dataclass(frozen=True)
class Overrides:
    """Figures set through the control plane for every approval until reset; None leaves the arithmetic in place."""

    debt_ratio: float | None = None
    credit_limit: float | None = None


class OverridesInForce:
    """The overrides of one instance, safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.now = Overrides()

    def set(self, debt_ratio: float | None, credit_limit: float | None) -> None:
        """Replace both."""
        with self._lock:
            self.now = Overrides(debt_ratio, credit_limit)

    def reset(self) -> None:
        """Back to the arithmetic."""
        self.set(None, None)


def outcome_of(application: Mapping[str, Any], switches: Switches) -> Outcome:
    """The outcome the middle name asks for, or an approval rated by personal income."""
    outcome = RESPONSE_KEYS.get(application.get("middle_name") or "") if switches.response_keys else None
    if outcome is None:
        return Approved(_rating(application["personal_income"]))
    if isinstance(outcome, Approved) and outcome.risk_rating in STANDARD_RATINGS and not switches.standard_account:
        return Refused("application_declined")
    if switches.pending_codes == "numbered" and outcome == Refused("application_marked_pending"):
        return Refused("application_marked_pending_1")
    return outcome


def _rating(personal_income: float) -> str:
    return next(rating for floor, rating in _DEFAULT_RATINGS if personal_income >= floor)


def credit_limit(application: Mapping[str, Any], risk_rating: str) -> float:
    """Dollars: the amount asked for, up to a share of yearly personal income by rating, within 500 and 20,000."""
    asked = _whole(application["amount_requested"])
    share = application["personal_income"] * _SHARE_OF_INCOME[risk_rating]
    affordable = share // _STEP * _STEP
    return max(_SMALLEST_LIMIT, min(asked, affordable, _LARGEST_LIMIT))


def _whole(amount: float) -> float:
    """The next full hundred dollars: lenders do not grant 2,487.13."""
    return -(-amount // _STEP) * _STEP


def debt_ratio(application: Mapping[str, Any], limit: float) -> float:
    """Percent of monthly personal income taken by housing and by the minimum payment on a fully used limit.

    Above 100 where the income is small; 999.99 where there is none. The vendor's sample applicant has the vendor's 0.
    """
    if (application["first_name"], application["last_name"], application["dob"]) == _VENDOR_SAMPLE_APPLICANT:
        return 0
    monthly_income = application["personal_income"] / 12
    if monthly_income <= 0:
        return 999.99
    monthly_debts = (application.get("monthly_housing_expenses") or 0) + limit * _MINIMUM_PAYMENT_SHARE
    return min(round(100 * monthly_debts / monthly_income, 2), 999.99)
