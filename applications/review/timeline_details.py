"""What the evidence of an event holds beside its sentence: how long, which code, whose reason, what was noted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from applications.journey.terms_in_part import what_is_missing
from applications.models import Application, SettledBy, SubmissionAttempt
from applications.numerals import counted
from applications.review.attempts import code_in_words
from audit.models import Event
from audit.names import EventName

_ANSWERS = (EventName.ANSWERED, EventName.OUTCOME_UNKNOWN, EventName.CORRECTION_REQUESTED, EventName.ANSWER_CONTRADICTS)


@dataclass(frozen=True)
class Known:
    """The rows beside the events: how long a call took, and what somebody wrote."""

    application: Application
    attempts: Mapping[int, SubmissionAttempt]
    notes: Mapping[str, str]
    reasons: Mapping[datetime, str]

    @classmethod
    def of(cls, application: Application, *, opening: bool) -> "Known":
        attempts = application.attempts.defer("snapshot", "sensitive", "answer", "found")
        notes = application.notes.all() if opening else ()
        settlements = application.settlements.all() if opening else ()
        return cls(
            application=application,
            attempts={attempt.number: attempt for attempt in attempts},
            notes={str(note.pk): note.text for note in notes},
            reasons={settlement.settled_at: settlement.reason or "" for settlement in settlements},
        )

    def seconds(self, event: Event) -> str:
        """How long the call took whose answer this is; empty where nothing was sent."""
        attempt = self.attempts.get(event.detail.get("attempt", 0))
        if attempt is None or attempt.sending_since is None or attempt.closed_at is None:
            return ""
        return number_format((attempt.closed_at - attempt.sending_since).total_seconds(), 1)

    def reason(self, event: Event) -> str:
        """What the person wrote who settled it: the row was written just before the event."""
        earlier = [moment for moment in self.reasons if moment <= event.at]
        return self.reasons[max(earlier)] if earlier else ""

    def clock(self, moment: str) -> str:
        """A moment of a detail, by the store's clock."""
        local = timezone.localtime(datetime.fromisoformat(moment), self.application.store.tzinfo)
        return date_format(local, _("M j, g:i a"))


def tone_of(event: Event) -> str:
    """How the line is marked: by the outcome it brought, or as something that needs a look."""
    if event.name in (EventName.ANSWER_CONTRADICTS, EventName.OUTCOME_UNKNOWN, EventName.CORRECTION_REQUESTED):
        return "warning"
    if event.name in (EventName.ANSWERED, EventName.SETTLED):
        return {"approved": "success", "pending": "info"}.get(str(event.detail.get("outcome")), "neutral")
    return ""


def details_of(event: Event, known: Known) -> list[str]:
    """What the evidence holds beside the sentence."""
    found, detail = [], event.detail
    if seconds := known.seconds(event) if event.name in _ANSWERS else "":
        found.append(_("The call took %(seconds)s seconds.") % {"seconds": seconds})
    if code := detail.get("code"):
        found.append(_("Code: %(code)s") % {"code": code_in_words(code)})
    if http_status := detail.get("http_status"):
        found.append(_("HTTP status %(status)s") % {"status": http_status})
    if terms := detail.get("terms"):
        found.append(_("Fingerprint of the terms: %(digest)s") % {"digest": terms[:16]})
    found += _of_terms_shown(event) if event.name == EventName.TERMS_SHOWN else []
    if event.name == EventName.TERMS_ACCEPTED and (scrolled := detail.get("scrolled_to_end")) is not None:
        found.append(_("The end was on the screen.") if scrolled else _("The end was not on the screen."))
    if event.name == EventName.TERMS_ACCEPTED and detail.get("complete") is False:
        found.append(_("Accepted although not the whole document was on the page."))
    if event.name == EventName.SETTLED and detail.get("how") == SettledBy.PERSON and known.reason(event):
        found.append(_("Reason: %(reason)s") % {"reason": known.reason(event)})
    if note := known.notes.get(str(detail.get("note", ""))):
        found.append(note)
    return found


def _of_terms_shown(event: Event) -> list[str]:
    """Whether it was the whole document, where that was looked at."""
    detail = event.detail
    if "complete" not in detail:
        return []
    words = {"number": counted(detail["words"])}
    if detail["complete"]:
        return [_("Every word of the lender’s document was on the page: %(number)s.") % words]
    missing = what_is_missing(detail.get("missing", 0), detail.get("left_out", 0))
    return [f"{_('Not the whole document was on the page.')} {missing}".strip()]
