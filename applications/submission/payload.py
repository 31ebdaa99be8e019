"""From saved answers to the body of `/apply`, and its split into what may be kept and what must go."""

import json

from applications.answers import SENSITIVE_FIELDS, Answers, Values
from applications.models import Application
from vault.digests import keyed_digest

# The only documented value of `input_type` (vendor doc 002). After a scan it would be untrue, and every other value is
# unknown (contract §6.1), so it is left out: the field is optional.
INPUT_TYPE_TYPED = "manual"

_REQUIRED = (
    "amount_requested phone_number email salutation first_name last_name dob address_1 city province postal_code "
    "personal_income household_income housing_type occupation_id occupation_title security_qid security_answer piw"
).split()


def missing_fields(answers: Answers) -> list[str]:
    """Required fields of `/apply` without an answer, monthly_housing_expenses among them in Quebec (vendor doc 002)."""
    flat = answers.flat()
    required = [*_REQUIRED, *(["monthly_housing_expenses"] if answers.province == "QC" else [])]
    return [name for name in required if flat.get(name) in (None, "")]


def seal_body(application: Application) -> Values:
    """The body as it will be sent, JSON-safe: amounts stay decimal strings until the client writes numbers."""
    answers = Answers.from_json(application.answers)
    body = {name: value for name, value in answers.flat().items() if value not in (None, "")}
    if not answers.scanned:
        body["input_type"] = INPUT_TYPE_TYPED
    return {**body, "language": application.language, "tos_agreement": True}


def split(body: Values) -> tuple[Values, Values]:
    """What may be kept for years, and what is purged after a final answer (design.md §4)."""
    sensitive = {name: value for name, value in body.items() if name in SENSITIVE_FIELDS}
    return {name: value for name, value in body.items() if name not in SENSITIVE_FIELDS}, sensitive


def digest_of(body: Values) -> str:
    """Keyed digest of the sealed body: it proves what was sent, also after the sensitive part is purged."""
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return keyed_digest(canonical.encode(), purpose="submission")
