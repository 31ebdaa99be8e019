"""What was shown and accepted, in sentences of the active language, from the rows and the events that tell of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.evidence.terms import TermsFile
from applications.models import Application, CustomerConsent, TermsAcceptance, TermsDocument
from audit.models import Event
from audit.names import EventName


@dataclass(frozen=True)
class Clock:
    """The store's."""

    zone: ZoneInfo

    def __call__(self, at: datetime) -> str:
        return f"{at.astimezone(self.zone):%Y-%m-%d %H:%M:%S}"


@dataclass(frozen=True)
class AcceptanceTold:
    """One acceptance. `texts` are what was accepted, and the French version that came first."""

    sentences: list[str]
    texts: list[TermsFile]
    is_void: bool


def acceptances_told(application: Application, events: Sequence[Event], clock: Clock) -> list[AcceptanceTold]:
    """Each, oldest first."""
    rows = application.acceptances.select_related("document", "french_document", "recorded_by").order_by("accepted_at")
    return [
        AcceptanceTold(
            sentences=[*_french_first(row, events, clock), *_accepted(row, application, clock)],
            texts=[TermsFile(one) for one in (row.document, row.french_document) if one],
            is_void=row.voided_at is not None,
        )
        for row in rows
    ]


def consents_told(application: Application, clock: Clock) -> list[str]:
    """A sentence for each thing that was agreed to beside the terms."""
    return [_consent(row, clock) for row in application.consents.select_related("recorded_by").order_by("given_at")]


def version(document: TermsDocument) -> str:
    """`French, QC`."""
    return f"{_('French') if document.language == 'fr' else _('English')}, {document.province}"


def _french_first(row: TermsAcceptance, events: Sequence[Event], clock: Clock) -> list[str]:
    """That the French version was given before, and English then asked for: at the times of the events that say so."""
    if row.french_document is None:
        return []
    shown = _latest(events, EventName.TERMS_SHOWN, row.french_document, before=row.accepted_at)
    chosen = _latest(events, EventName.TERMS_LANGUAGE_CHOSEN, row.french_document, before=row.accepted_at)
    told = []
    if shown:
        told.append(_("The French version was put before the customer first, on %(at)s.") % {"at": clock(shown.at)})
    if chosen:
        words = _("On %(at)s, having been given it, the customer expressly asked for the English version.")
        told.append(words % {"at": clock(chosen.at)})
    return told


def _accepted(row: TermsAcceptance, application: Application, clock: Clock) -> list[str]:
    with override(application.lang):
        agreement = _("I have read these terms and conditions and I agree to them.")
    what = {"version": version(row.document), "at": clock(row.displayed_at)}
    told = [
        _("The terms were put before the customer on the screen on %(at)s: %(version)s.") % what,
        _("They were accepted on %(at)s, by ticking the box “%(agreement)s”")
        % {"at": clock(row.accepted_at), "agreement": agreement},
        _("Who held the device: %(holder)s.") % {"holder": row.get_device_holder_display()},
        _("Recorded by %(person)s.") % {"person": row.recorded_by},
    ]
    if row.voided_at:
        told.append(
            _("This acceptance was voided on %(at)s, because something that it was given for changed.")
            % {"at": clock(row.voided_at)}
        )
    return told


def _consent(row: CustomerConsent, clock: Clock) -> str:
    return _("On %(at)s the customer agreed to this: %(kind)s. Who held the device: %(holder)s.") % {
        "at": clock(row.given_at),
        "kind": row.get_kind_display(),
        "holder": row.get_device_holder_display(),
    }


def _latest(events: Sequence[Event], name: EventName, document: TermsDocument, *, before: datetime) -> Event | None:
    fitting = (
        event
        for event in reversed(events)
        if event.name == name and event.detail.get("terms") == document.sha256 and event.at <= before
    )
    return next(fitting, None)
