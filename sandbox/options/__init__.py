"""The form values of i18n: codes and English labels of vendor docs 001 and 002; the French labels are ours.

The texts of `qcpa_disclosure`, `insurance`, `insurance_tc` and `annual_fees` are ours in both languages, since the
vendor prints "..." for them.
"""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from threading import Lock
from typing import Any

Json = dict[str, Any]

LANGUAGES = ("en", "fr")

_ALL_PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")

ISSUERS: Mapping[str, tuple[str, ...]] = {
    "CADL": _ALL_PROVINCES,
    "CAHC": ("BC", "NB", "NL", "NT", "NU", "QC", "SK", "YT"),
    "CAPID": ("ON",),
    "CAP": ("CANADA",),
    "CAPRC": ("CANADA",),
    "CAICBC": ("BC",),
    "CAAR": ("AB",),
    "CASGI": ("SK",),
    "CADSNS": ("NS",),
    "CADPPEI": ("PE",),
    "CASNB": ("NB",),
    "CADGSNF": ("NL",),
    "CADTNW": ("NT",),
    "CADCTN": ("NU",),
    "CACSC": ("CANADA",),
    "CAGCEC": ("CANADA",),
    "CALCB": _ALL_PROVINCES,
    "CACFL": ("CANADA",),
    "CACFID": ("CANADA",),
    "CAMPIC": ("MB",),
    "CACAID": ("CANADA",),
}

MEMBER_OF_KEY: Mapping[str, str] = {
    "salutation": "salutations",
    "provinces": "provinces",
    "security_id": "security_ids",
    "govid_type": "govid_types",
    "govid_issued_by": "govid_issued_bys",
    "occupation": "occupation_ids",
    "transaction_type": "transaction_types",
    "plan_id": "plan_ids",
    "qcpa_disclosure": "qcpa_disclosure",
    "insurance": "insurance",
    "insurance_tc": "insurance_tc",
    "annual_fees": "annual_fees",
    "housing_type": "housing_type",
}
"""Filter key to response member: the names differ (contract §3). The order is that of vendor doc 001's answer."""

_FLAT_LISTS = (
    "salutations", "provinces", "security_ids", "govid_types", "transaction_types", "plan_ids", "housing_type",
)  # fmt: skip


def _labels(lang: str) -> Json:
    labels: Json = json.loads((Path(__file__).parent / f"{lang}.json").read_text(encoding="utf-8"))
    return labels


def _issued_by(labels: Json) -> Json:
    names = {**labels["provinces"], "CANADA": labels["country"]}
    return {kind: {code: names[code] for code in codes} for kind, codes in ISSUERS.items()}


def _i18n(lang: str) -> Json:
    """The whole i18n answer in one language, in the vendor's shapes: only occupations are wrapped in `options`."""
    labels = _labels(lang)
    labels["govid_issued_bys"] = {"option_depends": _issued_by(labels)}
    labels["occupation_ids"] = {"options": labels["occupation_ids"]}
    return {member: labels[member] for member in MEMBER_OF_KEY.values()}


class Options:
    """What i18n answers now; the control plane can take codes out or put them in. Safe under threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._original = {lang: _i18n(lang) for lang in LANGUAGES}
        self._now = deepcopy(self._original)

    def i18n(self, lang: str, keys: Iterable[str] | None = None) -> Json:
        """The answer in `lang`, whole or only the members of these filter keys. Raises KeyError for an unknown key."""
        members = [MEMBER_OF_KEY[key] for key in keys] if keys is not None else list(MEMBER_OF_KEY.values())
        with self._lock:
            return deepcopy({member: self._now[lang][member] for member in members})

    def labels(self, member: str, lang: str) -> dict[str, str]:
        """Code to label of one list."""
        with self._lock:
            return dict(_map_of(self._now[lang], member))

    def codes(self, member: str) -> frozenset[str]:
        """The codes of a list that are offered in any language."""
        return frozenset(code for lang in LANGUAGES for code in self.labels(member, lang))

    def issuers(self, govid_type: str) -> frozenset[str]:
        """Who may have issued a document of this type."""
        with self._lock:
            depends = [self._now[lang]["govid_issued_bys"]["option_depends"] for lang in LANGUAGES]
            return frozenset(code for by_type in depends for code in by_type.get(govid_type, {}))

    def remove(self, member: str, codes: Iterable[str], languages: Iterable[str] = LANGUAGES) -> None:
        """Stop offering these codes. Raises KeyError if there is no such list."""
        with self._lock:
            for lang in languages:
                for code in codes:
                    _map_of(self._now[lang], member).pop(code, None)

    def add(self, member: str, labels: Mapping[str, str], languages: Iterable[str] = LANGUAGES) -> None:
        """Offer these codes too, or relabel them. Raises KeyError if there is no such list."""
        with self._lock:
            for lang in languages:
                _map_of(self._now[lang], member).update(labels)

    def reset(self) -> None:
        """Back to the vendor's lists."""
        with self._lock:
            self._now = deepcopy(self._original)


def _map_of(answer: Json, member: str) -> dict[str, str]:
    """The code-to-label map inside one member of an answer."""
    if member == "occupation_ids":
        wrapped: dict[str, str] = answer[member]["options"]
        return wrapped
    if member not in _FLAT_LISTS:
        raise KeyError(member)
    flat: dict[str, str] = answer[member]
    return flat
