"""Everything that is held on one customer, in words and for machines: what they may ask for (canada.md §4).

Left out are the values that must never be written down again: of those it says that they are held, and when they go.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from applications.answers import SENSITIVE_FIELDS
from applications.journey.terms_in_part import missing_from
from applications.models import Application, ConsentKind, DeviceHolder, SettledBy, SubmissionAttempt, TermsAcceptance
from applications.retention.free_text import without_insurance_numbers
from applications.retention.persons_asked import Held
from applications.review.answers_shown import AnswersShown, label_of
from applications.review.models import Export, FollowUp
from applications.review.timeline import timeline_of
from applications.statuses import Status
from applications.submission.decisions import Decision
from applications.templatetags.amounts import money
from audit.events import record, timeline
from audit.names import EventName
from audit.redaction import Detail
from merchants.models import Merchant, User

_SAW = (EventName.VIEWED, EventName.PRINTED, EventName.REVEALED)


@dataclass(frozen=True)
class Fact:
    """One thing that is held: for machines `name` and `value`, in words `label` and `text`."""

    name: str
    value: Any
    label: str
    text: str


@dataclass(frozen=True)
class Part:
    """Facts of one kind about one application."""

    name: str
    title: str
    facts: list[Fact]

    def as_json(self) -> dict[str, Any]:
        return {"part": self.name, "facts": [{fact.name: fact.value} for fact in self.facts]}


def parts_of(held: Held) -> Iterator[Part]:
    """All of it, in the active language; parts with nothing in them are left out."""
    application = held.application
    parts = (
        Part("application", _("Application"), list(_case(application))),
        Part("answers", _("Answers"), list(_answers(held))),
        Part("corrections", _("Corrections"), list(_corrections(application))),
        *(_send(one, application) for one in held.sends),
        Part("terms", _("Terms"), list(_terms(application))),
        Part("consents", _("Consents"), list(_consents(application))),
        Part("settlements", _("Outcomes that were settled"), list(_settlements(held))),
        Part("cancellations", _("Cancellations"), list(_cancellations(application))),
        Part("follow_up", _("Follow-up"), list(_follow_up(application))),
        Part("seen_by", _("Who saw it"), list(_seen_by(application))),
        Part("events", _("What happened"), list(_events(application))),
    )
    return (part for part in parts if part.facts)


@transaction.atomic
def record_access(merchant: Merchant, held: Iterable[Held], *, language: str, by: User) -> None:
    """That it was written out: with each application, and with the merchant, also where nothing was held."""
    applications = [one.application for one in held]
    for application in applications:
        record(EventName.ACCESS_ANSWERED, subject=application, merchant_id=merchant.pk, by=by)
    detail: dict[str, Detail] = {"applications": len(applications), "language": language}
    record(EventName.ACCESS_ANSWERED, subject=merchant, merchant_id=merchant.pk, by=by, detail=detail)


def _case(application: Application) -> Iterator[Fact]:
    yield _fact("reference_id", _("Reference"), application.reference_id)
    yield _fact("merchant", _("Merchant"), str(application.merchant))
    yield _fact("store", _("Store"), str(application.store))
    yield _fact("taken_by", _("Taken by"), str(application.created_by))
    yield _moment("begun_at", pgettext("application", "Begun"), application.created_at, application)
    yield Fact("status", application.status, _("Status"), str(Status(application.status).label))
    yield _moment("changed_at", _("Last change"), application.updated_at, application)
    yield Fact("language", application.language, _("Language"), application.get_language_display())
    if application.province:
        yield _fact("province", _("Province"), application.province)
    if application.amount is not None:
        yield Fact("amount_requested", str(application.amount), _("Amount requested"), money(application.amount))


def _answers(held: Held) -> Iterator[Fact]:
    if not held.answers_are_theirs:
        return
    shown = AnswersShown(held.application)
    flat = shown.answers.flat()
    for name, label, text in shown.in_full():
        if flat.get(name) not in (None, ""):
            yield _concealed(name) if name in SENSITIVE_FIELDS else Fact(name, flat[name], label, text)
    for step, typed in shown.answers.typed.items():
        for name, value in typed.items():
            if value not in (None, ""):
                label = _("%(field)s, typed and not saved yet") % {"field": label_of(name)}
                concealed, written = _concealed(name), without_insurance_numbers(str(value))
                yield concealed if name in SENSITIVE_FIELDS else Fact(f"{step}.{name}", written, label, written)


def _corrections(application: Application) -> Iterator[Fact]:
    for one in application.corrections.select_related("noted_by").order_by("noted_at"):
        label = _("%(at)s, %(who)s") % {"at": _clock(one.noted_at, application), "who": one.noted_by}
        written = without_insurance_numbers(one.text or "")
        text = f"{label_of(one.field)}: {written}" if one.field else written
        value = {"field": one.field, "text": written, "at": one.noted_at.isoformat(), "by": str(one.noted_by)}
        yield Fact("correction", value, label, text)


def _send(attempt: SubmissionAttempt, application: Application) -> Part:
    facts = [_moment("sealed_at", _("Submitted"), attempt.sealed_at, application)]
    facts.append(_fact("submitted_by", _("Submitted by"), str(attempt.submitted_by)))
    if attempt.sending_since:
        facts.append(_moment("sent_at", _("Sent to Flexiti"), attempt.sending_since, application))
    facts += [_value(name, value) for name, value in (attempt.snapshot or {}).items()]
    facts += [_concealed(name) for name in attempt.sensitive or {}]
    facts.append(_fact("digest", _("Keyed digest of what was sealed"), attempt.digest))
    if attempt.closed_at:
        facts.append(_moment("answered_at", _("Closed"), attempt.closed_at, application))
        outcome = str(Status(attempt.outcome).label) if attempt.outcome in Status.values else attempt.outcome
        facts.append(Fact("outcome", attempt.outcome, _("Outcome"), outcome))
    facts += _decision(attempt.answer)
    for account in attempt.found or ():
        told = {name: value for name, value in account.items() if value and name != "account_key"}
        text = ", ".join(map(str, told.values()))
        facts.append(Fact("account_found", told, _("Account found by a search at Flexiti"), text))
    return Part(f"send_{attempt.number}", _("Sent, number %(number)s") % {"number": attempt.number}, facts)


def _decision(answer: Mapping[str, Any] | None) -> list[Fact]:
    """What the lender said, as far as it is kept."""
    if not answer:
        return []
    labels = {
        "code": _("Code"),
        "message": _("Message of Flexiti"),
        "account_number": _("Account number"),
        "customer_id": _("Customer number at Flexiti"),
        "card_ending": _("Last digits of the card"),
        "risk_rating": _("Risk rating"),
        "available_credit": _("Available credit"),
        "credit_limit": _("Credit limit"),
        "debt_ratio": _("Debt ratio"),
        "offer_types": _("Plans offered"),
        "corrections": _("Corrections asked for"),
    }
    decision = asdict(Decision.from_json(answer))
    return [_fact(name, label, decision[name]) for name, label in labels.items() if decision[name]]


def _terms(application: Application) -> Iterator[Fact]:
    rows = application.acceptances.order_by("accepted_at")
    rows = rows.select_related("document", "french_document", "display", "recorded_by")
    for one in rows.defer("document__content", "french_document__content", "display__html"):
        value = {
            "sha256": one.document.sha256,
            "language": one.document.language,
            "province": one.document.province,
            "french_first_sha256": one.french_document.sha256 if one.french_document else None,
            "display_sha256": one.display.sha256 if one.display else None,
            "missing_words": one.display.missing_words if one.display else None,
            "left_out_parts": one.display.left_out if one.display else None,
            "displayed_at": one.displayed_at.isoformat(),
            "scrolled_to_end": one.scrolled_to_end,
            "accepted_at": one.accepted_at.isoformat(),
            "device_holder": one.device_holder,
            "recorded_by": str(one.recorded_by),
            "voided_at": one.voided_at.isoformat() if one.voided_at else None,
        }
        label = _("Accepted on %(at)s") % {"at": _clock(one.accepted_at, application)}
        yield Fact("acceptance", value, label, _acceptance_in_words(one, application))


def _acceptance_in_words(one: TermsAcceptance, application: Application) -> str:
    scrolled = {True: _("Yes"), False: _("No"), None: pgettext("terms", "Not known")}
    words = _(
        "%(language)s, %(province)s, shown on %(at)s. Scrolled to the end: %(scrolled)s. Who held the device: "
        "%(holder)s. SHA-256 of the text: %(digest)s"
    ) % {
        "language": _("French") if one.document.language == "fr" else _("English"),
        "province": one.document.province,
        "at": _clock(one.displayed_at, application),
        "scrolled": scrolled[one.scrolled_to_end],
        "holder": DeviceHolder(one.device_holder).label,
        "digest": one.document.sha256,
    }
    missing = missing_from(one)
    return " ".join((f"{words}.", _("Not the whole document was on the page."), missing)) if missing else words


def _consents(application: Application) -> Iterator[Fact]:
    for one in application.consents.select_related("recorded_by").order_by("given_at"):
        value = {"kind": one.kind, "language": one.language, "at": one.given_at.isoformat()}
        yield Fact("consent", value, _clock(one.given_at, application), str(ConsentKind(one.kind).label))


def _settlements(held: Held) -> Iterator[Fact]:
    """Those of the sends that were about them: a decision names the account that it brought."""
    rows = held.application.settlements.filter(attempt__in=[one.pk for one in held.sends])
    for one in rows.select_related("settled_by").order_by("settled_at"):
        reason = without_insurance_numbers(one.reason or "")
        value = {"outcome": one.outcome, "how": one.how, "reason": reason, "at": one.settled_at.isoformat()}
        words = [str(Status(one.outcome).label), str(SettledBy(one.how).label), str(one.settled_by or ""), reason]
        text = ", ".join(word for word in words if word)
        yield Fact("settlement", value, _clock(one.settled_at, held.application), text)
        yield from _decision(one.answer)


def _cancellations(application: Application) -> Iterator[Fact]:
    for one in application.cancellations.order_by("requested_at"):
        value = {"requested_at": one.requested_at.isoformat(), "outcome": one.outcome, "code": one.outcome_code}
        yield Fact("cancellation", value, _clock(one.requested_at, application), one.outcome or _("under way"))


def _follow_up(application: Application) -> Iterator[Fact]:
    for follow_up in FollowUp.objects.filter(application=application).select_related("owner"):
        yield _moment("due_at", _("Due"), follow_up.due_at, application)
        if follow_up.owner:
            yield _fact("owner", _("Belongs to"), str(follow_up.owner))
    for note in application.notes.select_related("written_by").order_by("written_at"):
        label = _("%(at)s, %(who)s") % {"at": _clock(note.written_at, application), "who": note.written_by}
        written = without_insurance_numbers(note.text or "")
        value = {"at": note.written_at.isoformat(), "by": str(note.written_by), "text": written}
        yield Fact("note", value, label, written)


def _seen_by(application: Application) -> Iterator[Fact]:
    """Who opened or printed it, who was shown a value and why, and which lists with names were written meanwhile."""
    for event in timeline(application).filter(name__in=_SAW).exclude(name=EventName.REVEALED):
        value = {"who": event.actor, "at": event.at.isoformat(), "what": event.name}
        yield Fact("seen", value, _clock(event.at, application), f"{event.actor}: {event.label}")
    for one in application.reveals.select_related("revealed_to").order_by("revealed_at"):
        value = {"who": str(one.revealed_to), "at": one.revealed_at.isoformat(), "field": one.field}
        reason = without_insurance_numbers(one.reason or "")
        text = f"{one.revealed_to}: {label_of(one.field)}. {reason}".strip()
        yield Fact("revealed", {**value, "reason": reason}, _clock(one.revealed_at, application), text)
    exports = Export.objects.filter(merchant=application.merchant, with_names=True, rows_written__gt=0)
    for export in exports.filter(began_at__gte=application.created_at).select_related("requested_by"):
        assert export.began_at
        value = {"who": str(export.requested_by), "at": export.began_at.isoformat(), "filters": export.query}
        text = _("%(who)s exported a list with names in which it may have been") % {"who": export.requested_by}
        yield Fact("exported", value, _clock(export.began_at, application), text)


def _events(application: Application) -> Iterator[Fact]:
    for day in timeline_of(application):
        for entry in day.entries:
            text = " ".join([entry.what, f"({entry.who})", *entry.details])
            value = {"event": entry.name, "at": entry.at.isoformat(), "who": entry.who, "times": entry.times}
            yield Fact("event", value, _clock(entry.at, application), text)


def _concealed(name: str) -> Fact:
    text = _("held, sealed, to be erased with the final answer; never written out")
    return Fact(name, "held", label_of(name), text)


def _value(name: str, value: Any) -> Fact:
    return Fact(name, value, label_of(name), str(value))


def _fact(name: str, label: str, value: Any) -> Fact:
    return Fact(name, value, label, str(value))


def _moment(name: str, label: str, at: datetime, application: Application) -> Fact:
    return Fact(name, at.isoformat(), label, _clock(at, application))


def _clock(at: datetime, application: Application) -> str:
    """By the store's clock."""
    local = timezone.localtime(at, application.store.tzinfo)
    return f"{date_format(local, 'DATE_FORMAT')} {date_format(local, 'H:i:s')}"
