"""The page of a bundle that people read: the same in English and in French, whoever the customer was."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import override

from applications.evidence.acceptances import acceptances_told, consents_told
from applications.evidence.afterwards import corrections_told, erasures_told, is_erased
from applications.evidence.clock import Clock
from applications.evidence.outcomes import meaning_of, outcome_told
from applications.evidence.provinces import province_named
from applications.evidence.record import answers_of, applicant_of, known_decision
from applications.evidence.sheet import Sheet
from applications.evidence.terms import TermsFile
from applications.journey.terms_html import sanitised_message
from applications.models import Application, CustomerLanguage
from applications.review.answers_shown import label_of
from applications.review.timeline_details import Known, details_of
from applications.review.timeline_words import sentence_of
from applications.templatetags.amounts import money
from audit.models import Event

_FRENCH_FIRST = ["fr", "en"]
_ENGLISH_FIRST = ["en", "fr"]


@dataclass(frozen=True)
class Proof:
    """Events up to this one were signed by then, with this checkpoint."""

    event: int
    checkpoint: int
    at: str


def page_of(
    application: Application,
    events: Sequence[Event],
    proof_files: Mapping[str, bytes],
    terms: Sequence[TermsFile],
    at: datetime,
) -> bytes:
    """The page; `at` is when it is made. French comes first in Quebec and for whoever chose it."""
    french_first = application.province == "QC" or application.lang == "fr"
    languages = _FRENCH_FIRST if french_first else _ENGLISH_FIRST
    sections = {language: _section(language, application, events, proof_files, terms, at) for language in languages}
    context = {"sections": sections, "first": languages[0], "sheet": Sheet.of_bundle(), "application": application}
    return render_to_string("evidence/index.html", context).encode()


def _section(
    language: str,
    application: Application,
    events: Sequence[Event],
    proof_files: Mapping[str, bytes],
    terms: Sequence[TermsFile],
    at: datetime,
) -> str:
    clock = Clock(application.store.tzinfo)
    with override(language):
        decision = known_decision(application)
        context = {
            "lang": language,
            "application": application,
            "province": province_named(application.province),
            "applicant": applicant_of(application),
            "made": clock.aloud(at),
            "begun": clock.aloud(application.created_at),
            "number": len(events),
            "acceptances": acceptances_told(application, events, terms, clock),
            "was_displayed": all(one.displays for one in terms),
            "consents": consents_told(application, clock),
            "meaning": meaning_of(application),
            "outcome": outcome_told(application, events, clock),
            "decision": decision,
            "message": sanitised_message(decision.message) if decision else "",
            "answers": _answers(application),
            "is_erased": is_erased(events),
            "corrections": corrections_told(events, clock),
            "erasures": erasures_told(events, clock),
            "entries": _entries(application, events, clock),
            "proofs": _proofs(proof_files, clock),
            "keys": json.loads(proof_files["keys.json"]),
        }
        return render_to_string("evidence/section.html", context)


def _answers(application: Application) -> list[tuple[str, str]] | None:
    answers = answers_of(application)
    return None if answers is None else [(label_of(name), _aloud(name, value)) for name, value in answers.items()]


def _aloud(name: str, value: str) -> str:
    """What the portal has words for by itself; other codes are the lender's."""
    match name:
        case "language" if value in CustomerLanguage.values:
            return str(CustomerLanguage(value).label)
        case "province":
            return province_named(value)
        case "amount_requested":
            return str(money(value))
    return value


def _entries(application: Application, events: Sequence[Event], clock: Clock) -> list[dict[str, Any]]:
    """Every event of the chain in its sentence. Nothing sealed is opened for it: reasons and notes are left out."""
    known = Known.of(application, opening=False)
    return [
        {
            "number": event.sequence,
            "at": clock(event.at),
            "what": sentence_of(event, known),
            "who": event.actor,
            "details": details_of(event, known),
        }
        for event in events
    ]


def _proofs(proof_files: Mapping[str, bytes], clock: Clock) -> list[Proof]:
    lines = map(json.loads, proof_files["checkpoints.jsonl"].splitlines())
    moments = {line["number"]: clock.aloud(datetime.fromisoformat(line["at"])) for line in lines}
    found = json.loads(proof_files["proofs.json"])
    return [Proof(one["event"], one["checkpoint"], moments[one["checkpoint"]]) for one in found]
