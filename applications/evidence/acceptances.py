"""What was shown and accepted, in sentences of the active language, from the rows and the events that tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from applications.evidence.clock import Clock
from applications.evidence.provinces import province_named
from applications.evidence.terms import TermsFile
from applications.journey.terms_in_part import what_is_missing
from applications.models import Application, CustomerConsent, DeviceHolder, TermsAcceptance, TermsDocument
from applications.numerals import counted
from audit.models import Event
from audit.names import EventName


@dataclass(frozen=True)
class TextTold:
    """One text: what it is, `page` shows what was on the screen, `file` holds the lender's bytes."""

    version: str
    sha256: str
    page: str
    file: str


@dataclass(frozen=True)
class Told:
    """An acceptance, or what was shown without one. `texts` are what was accepted, and the French that came first."""

    heading: str
    sentences: list[str]
    texts: list[TextTold]
    is_accepted: bool


def acceptances_told(
    application: Application, events: Sequence[Event], terms: Sequence[TermsFile], clock: Clock
) -> list[Told]:
    """Each acceptance, oldest first, and then each text that was shown and never accepted."""
    rows = application.acceptances.select_related("document", "french_document", "recorded_by").order_by("accepted_at")
    accepted = [_Accepted(row, application, events, terms, clock).told() for row in rows]
    named = {one.sha256 for told in accepted for one in told.texts}
    return [*accepted, *(_only_shown(one, events, clock) for one in terms if one.document.sha256 not in named)]


def consents_told(application: Application, clock: Clock) -> list[str]:
    """A sentence for each thing that was agreed to beside the terms."""
    return [_consent(row, clock) for row in application.consents.select_related("recorded_by").order_by("given_at")]


def version(document: TermsDocument) -> str:
    """`French version (Quebec)`."""
    words = _("French version (%(province)s)") if document.language == "fr" else _("English version (%(province)s)")
    return words % {"province": province_named(document.province)}


@dataclass(frozen=True)
class _Accepted:
    row: TermsAcceptance
    application: Application
    events: Sequence[Event]
    terms: Sequence[TermsFile]
    clock: Clock

    def told(self) -> Told:
        row = self.row
        heading = _("Accepted, and voided later: %(version)s") if row.voided_at else _("Accepted: %(version)s")
        documents = [one for one in (row.document, row.french_document) if one]
        return Told(
            heading=heading % {"version": version(row.document)},
            sentences=[*self._french_first(), *self._shown(), *self._accepted(), *self._voided()],
            texts=[self._text(one) for one in documents],
            is_accepted=row.voided_at is None,
        )

    def _french_first(self) -> list[str]:
        """That the French version was given before, and English then asked for: at the times of their events."""
        if self.row.french_document is None:
            return []
        shown = self._latest(EventName.TERMS_SHOWN, self.row.french_document)
        chosen = self._latest(EventName.TERMS_LANGUAGE_CHOSEN, self.row.french_document)
        told = []
        if shown:
            words = _("On %(at)s, the French version was put before the customer first.")
            told += [words % {"at": self.clock.aloud(shown.at)}, _whole(shown)]
        if chosen:
            words = _("On %(at)s, having been given it, the customer expressly asked for the English version.")
            told.append(words % {"at": self.clock.aloud(chosen.at)})
        return told

    def _shown(self) -> list[str]:
        row, shown = self.row, self._latest(EventName.TERMS_SHOWN, self.row.document)
        words = _("On %(at)s, the terms were put before the customer on the screen: %(version)s.")
        told = [words % {"version": version(row.document), "at": self.clock.aloud(row.displayed_at)}]
        return [*_fetched(shown, self.clock), *told, _whole(shown)] if shown else told

    def _accepted(self) -> list[str]:
        row = self.row
        with override(self.application.lang):
            agreement = _("I have read these terms and conditions and I agree to them.")
        scrolled = {
            True: _("The end of the text was on the screen before it was accepted."),
            False: _("The end of the text was not on the screen before it was accepted."),
            None: _("Whether the end of the text was on the screen is not known: the browser could not tell."),
        }[row.scrolled_to_end]
        return [
            scrolled,
            _("On %(at)s, they were accepted by ticking the box “%(agreement)s”")
            % {"at": self.clock.aloud(row.accepted_at), "agreement": agreement},
            *self._in_part(),
            _holder(row),
            _("Recorded by %(person)s.") % {"person": row.recorded_by},
        ]

    def _in_part(self) -> list[str]:
        shown = self._latest(EventName.TERMS_SHOWN, self.row.document)
        if not shown or shown.detail.get("complete", True):
            return []
        return [_("They were accepted although not all of the text was on the page, which the page said.")]

    def _voided(self) -> list[str]:
        if not self.row.voided_at:
            return []
        words = _("On %(at)s, this acceptance was voided, because something that it was given for changed.")
        return [words % {"at": self.clock.aloud(self.row.voided_at)}]

    def _text(self, document: TermsDocument) -> TextTold:
        file = next(one for one in self.terms if one.document == document)
        return _text(file, self._latest(EventName.TERMS_SHOWN, document))

    def _latest(self, name: EventName, document: TermsDocument) -> Event | None:
        """Of the events before the acceptance."""
        return next(
            (one for one in reversed(_about(self.events, name, document)) if one.at <= self.row.accepted_at), None
        )


def _only_shown(file: TermsFile, events: Sequence[Event], clock: Clock) -> Told:
    shown = _about(events, EventName.TERMS_SHOWN, file.document)
    what = {"version": version(file.document)}
    words = ngettext(
        "On %(at)s, the terms were put before the customer on the screen.",
        "The terms were put before the customer on the screen %(times)s times. On %(at)s, it was for the last time.",
        len(shown),
    )
    told = [words % {"times": len(shown), "at": clock.aloud(shown[-1].at)}, _whole(shown[-1])] if shown else []
    return Told(
        heading=_("Shown, not accepted: %(version)s") % what,
        sentences=[*told, _("No acceptance of this text was recorded.")],
        texts=[_text(file, shown[-1] if shown else None)],
        is_accepted=False,
    )


def _text(file: TermsFile, shown: Event | None) -> TextTold:
    digest = shown.detail.get("display") if shown else None
    display = next((one for one in file.displays if one.sha256 == digest), file.displays[-1] if file.displays else None)
    return TextTold(version(file.document), file.document.sha256, file.page_of(display), file.name)


def _about(events: Sequence[Event], name: EventName, document: TermsDocument) -> list[Event]:
    wanted: dict[str, Any] = {
        "terms": document.sha256,
        "language": document.language,
        "province": document.province,
    }
    return [event for event in events if event.name == name and wanted.items() <= event.detail.items()]


def _fetched(shown: Event, clock: Clock) -> list[str]:
    if not (fetched := shown.detail.get("fetched")):
        return []
    words = _("On %(at)s, Flexiti gave the portal this text.")
    return [words % {"at": clock.aloud(datetime.fromisoformat(str(fetched)))}]


def _whole(shown: Event) -> str:
    """What the portal found when it compared the text with what stood on the page."""
    detail = shown.detail
    if "complete" not in detail:
        return _("Whether every word of it was on the page was not compared at that time.")
    number = {"number": counted(detail["words"])}
    if detail["complete"]:
        return _("Every word of it was on the page: all %(number)s were compared.") % number
    told = _("Not all of it was on the page; %(number)s words were compared.") % number
    return f"{told} {what_is_missing(detail['missing'], detail['left_out'])}".strip()


def _consent(row: CustomerConsent, clock: Clock) -> str:
    words = _("On %(at)s, the customer agreed to this: %(kind)s.")
    return f"{words % {'at': clock.aloud(row.given_at), 'kind': row.get_kind_display()}} {_holder(row)}"


def _holder(row: TermsAcceptance | CustomerConsent) -> str:
    if row.device_holder == DeviceHolder.CUSTOMER:
        return _("The customer held the device.")
    return _("The associate held the device, and turned the screen to the customer.")
