"""The values a form may offer, read from either shape the vendor documents.

`i18n` answers plural names with flat maps (vendor doc 001); `merchants/login` answers singular names wrapped
in `options` inside `form_values` (vendor doc 002). Both read into one `FormValues`. Labels come from the
lender and may be anything: escape them. The order is the lender's.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Self

from posapi.errors import UnreadableAnswer
from posapi.reading import Json, NotUnderstood, needed, object_of, text

LANGUAGES = ("en", "fr")

_NAMES = {
    "salutations": ("salutations", "salutation"),
    "provinces": ("provinces", "province"),
    "security_ids": ("security_ids", "security_qid", "security_id"),
    "govid_types": ("govid_types", "govid_type"),
    "occupation_ids": ("occupation_ids", "occupation_id", "occupation"),
    "housing_type": ("housing_type", "housing_types"),
    "transaction_types": ("transaction_types", "transaction_type"),
    "plan_ids": ("plan_ids", "plan_id"),
}
_ISSUERS = ("govid_issued_bys", "govid_issued_by")
_DISCLOSURES = ("qcpa_disclosure", "insurance", "insurance_tc", "annual_fees")
ESSENTIAL = (
    "salutations",
    "provinces",
    "security_ids",
    "govid_types",
    "govid_issued_bys",
    "occupation_ids",
    "housing_type",
)


@dataclass(frozen=True)
class Choice:
    """One option: the code that `apply` takes and the label people read."""

    code: str
    label: str


@dataclass(frozen=True)
class Offer:
    """One financing plan with its terms in months (vendor doc 002)."""

    plan_id: str
    plan_name: str
    offer_category: str = ""
    term_options: tuple[int, ...] = ()


@dataclass(frozen=True)
class FormValues:
    """Every list and disclosure of one language, for one merchant.

    `raw` is the answer they were read from, as JSON types; `from_json(raw, lang)` rebuilds the same values.
    Keep it where the order of members survives (text, not PostgreSQL's jsonb).
    """

    lang: str
    salutations: tuple[Choice, ...] = ()
    provinces: tuple[Choice, ...] = ()
    security_ids: tuple[Choice, ...] = ()
    govid_types: tuple[Choice, ...] = ()
    govid_issued_bys: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    occupation_ids: tuple[Choice, ...] = ()
    housing_type: tuple[Choice, ...] = ()
    transaction_types: tuple[Choice, ...] = ()
    plan_ids: tuple[Choice, ...] = ()
    qcpa_disclosure: str = ""
    insurance: str = ""
    insurance_tc: str = ""
    annual_fees: str = ""
    offer_types: tuple[Offer, ...] = ()
    raw: Mapping[str, Json] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def from_json(cls, mapping: Mapping[str, Json], lang: str) -> Self:
        """Read a kept i18n answer. A missing or empty list that `apply` needs raises UnreadableAnswer."""
        try:
            return cls.read(mapping, lang, essential=ESSENTIAL)
        except NotUnderstood as problem:
            raise UnreadableAnswer("i18n", reason=str(problem)) from None

    @classmethod
    def read(cls, mapping: Json, lang: str, *, essential: tuple[str, ...] = ()) -> Self:
        """Read either documented shape; NotUnderstood when an `essential` list is missing or empty."""
        members = object_of(mapping)
        inner = object_of(members.get("form_values", members))
        lists: dict[str, Any] = {name: _choices(name, _first(inner, spellings)) for name, spellings in _NAMES.items()}
        issuers = _issuers(_first(inner, _ISSUERS))
        for name in essential:
            if not (issuers if name == "govid_issued_bys" else lists[name]):
                raise NotUnderstood(f"{name} is missing")
        disclosures: dict[str, Any] = {name: text(inner, name) for name in _DISCLOSURES}
        return cls(
            lang=lang,
            govid_issued_bys=issuers,
            offer_types=read_offers(inner.get("offer_types")),
            raw=_plain(members),
            **lists,
            **disclosures,
        )

    @property
    def digest(self) -> str:
        """SHA-256 of everything a person could see or choose, in its order: equal digests, equal forms."""
        seen = {
            "lang": self.lang,
            "lists": {name: _pairs(getattr(self, name)) for name in _NAMES},
            "issuers": [[kind, _pairs(choices)] for kind, choices in self.govid_issued_bys.items()],
            "disclosures": {name: getattr(self, name) for name in _DISCLOSURES},
            "offers": [
                [offer.plan_id, offer.plan_name, offer.offer_category, offer.term_options] for offer in self.offer_types
            ],
        }
        return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def read_offers(value: Json) -> tuple[Offer, ...]:
    """Plans with their terms; the terms come as strings or numbers. Absent means none."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise NotUnderstood("offer_types is not a list")
    return tuple(_offer(object_of(entry)) for entry in value)


def _offer(members: Mapping[str, Json]) -> Offer:
    terms = members.get("term_options") or []
    if not isinstance(terms, list):
        raise NotUnderstood("term_options is not a list")
    return Offer(
        plan_id=needed(text(members, "plan_id"), "plan_id"),
        plan_name=text(members, "plan_name"),
        offer_category=text(members, "offer_category"),
        term_options=tuple(_months(term) for term in terms),
    )


def _months(term: Json) -> int:
    written = str(term).strip()
    if isinstance(term, bool) or not (written.isascii() and written.isdigit() and len(written) <= 4):
        raise NotUnderstood("term_options holds something that is no number of months")
    return int(written)


def _first(members: Mapping[str, Json], spellings: tuple[str, ...]) -> Json:
    return next((members[name] for name in spellings if members.get(name) is not None), None)


def _choices(name: str, value: Json) -> tuple[Choice, ...]:
    if value is None:
        return ()
    labels = object_of(value)
    labels = object_of(labels.get("options", labels))
    return tuple(Choice(code, _label(name, labels, code)) for code in labels)


def _label(name: str, labels: Mapping[str, Json], code: str) -> str:
    if not isinstance(labels[code], str):
        raise NotUnderstood(f"{name} holds a label that is not text")
    return text(labels, code)


def _issuers(value: Json) -> dict[str, tuple[Choice, ...]]:
    if value is None:
        return {}
    by_type = object_of(value)
    by_type = object_of(by_type.get("option_depends", by_type))
    return {kind: _choices("govid_issued_bys", issuers) for kind, issuers in by_type.items()}


def _pairs(choices: tuple[Choice, ...]) -> list[list[str]]:
    return [[choice.code, choice.label] for choice in choices]


def _plain(value: Json) -> Json:
    """The same value with every Decimal as text, so that any JSON encoder takes it."""
    if isinstance(value, Mapping):
        return {name: _plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_plain(member) for member in value]
    return str(value) if isinstance(value, Decimal) else value
