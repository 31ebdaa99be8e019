"""Promotional plans: those of merchants/login, and which of them an approved Quebec account is offered."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """A plan as merchants/login prints it (vendor doc 002), with its terms in months."""

    plan_id: str
    plan_name: str
    offer_category: str
    term_options: tuple[int, ...]

    def as_login_offer(self, label: str) -> Json:
        """merchants/login prints terms as numbers."""
        return {
            "plan_name": label,
            "term_options": list(self.term_options),
            "plan_id": self.plan_id,
            "offer_category": self.offer_category,
        }


PLANS = (
    Plan("1", "90 Days Grace, Equal Payments Regular Interest", "equal_billing", (18, 36, 48, 72)),
    Plan("2", "Equal Payments, Low Interest", "equal_billing", (3, 6, 40, 60)),
    Plan("4", "Equal Payments, Regular Interest", "equal_billing", (3, 6, 18, 36, 72)),
    Plan("5", "Equal Payments, No Interest", "equal_billing", (3, 6, 10, 20, 30, 40)),
    Plan("6", "No Interest, No Payments (S.A.C.)", "deferred_payment", (3, 6, 8)),
    Plan("7", "No Interest, No Payments ", "deferred_payment", (3, 12)),
    Plan("9", "No Interest, Minimum monthly payments", "deferred_payment", (3, 6, 9, 12, 18)),
)

_SAMPLE_TERMS = ("12", "18", "24", "36")
_SHORT_TERMS = ("6", "12")
_SHORT_TERM_PLANS = ("5", "9")
_SHORT_TERM_LIMIT = 5000


def offer_types(credit_limit: float) -> list[Json]:
    """Plan 1 with the terms of vendor doc 002's sample; below 5,000 dollars also two short interest-free plans (ours).

    apply prints terms as strings.
    """
    by_id = {plan.plan_id: plan for plan in PLANS}
    offers = [_offer(by_id["1"], _SAMPLE_TERMS)]
    if credit_limit < _SHORT_TERM_LIMIT:
        offers += [_offer(by_id[plan_id], _SHORT_TERMS) for plan_id in _SHORT_TERM_PLANS]
    return offers


def _offer(plan: Plan, terms: tuple[str, ...]) -> Json:
    return {
        "plan_name": plan.plan_name.strip(),
        "plan_id": plan.plan_id,
        "offer_category": plan.offer_category,
        "term_options": list(terms),
    }
