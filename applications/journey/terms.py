"""The lender's terms: fetched, kept by their exact bytes, shown, accepted. Each leaves its evidence.

What cannot be shown with every visible word is shown as far as it goes, and that is recorded (docs/decisions/0022).

In Quebec the French version comes first, and another language counts only once the customer has expressly asked for it
(canada.md §2; `QUEBEC_FRENCH_TERMS_FIRST`).
"""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from redis import RedisError

from applications.answers import Answers
from applications.drafting import NotEditable
from applications.journey.terms_in_part import are_withheld
from applications.models import Application, TermsAcceptance, TermsDisplay, TermsDocument
from applications.monitoring.tallies import count_terms_in_part
from audit.events import record, timeline
from audit.models import Event
from audit.names import EventName
from audit.redaction import Detail
from merchants.credentials.sessions import client_for
from merchants.models import Credential, User

FRESH_FOR_SECONDS = 600
# Without the cache the lender is simply asked more often.
_CACHE_IS_DOWN = (RedisError, OSError)


@dataclass(frozen=True)
class Offered:
    """The terms to show now. `french_first` is the French version that was given before this English one.

    `may_choose_english` is true while the French version is shown to a customer whose language is English.
    """

    document: TermsDocument
    french_first: TermsDocument | None = None
    may_choose_english: bool = False


class NotShown(Exception):
    """Acceptance of a document that is not the one shown last: the terms, or the customer's choices, have changed."""


class NotInFull(Exception):
    """Nothing of the lender's document can be read, or not all of it, where `TERMS_MUST_BE_WHOLE`."""


def offered_terms(application: Application, *, again_in_french: bool = False) -> Offered:
    """The terms for this customer's language and province. Raises `posapi.PosApiError` when they cannot be had."""
    if not _french_comes_first(application):
        return Offered(fetch_terms(application, application.lang))
    french = fetch_terms(application, "fr")
    if again_in_french or not _chose_english(application, french):
        return Offered(french, may_choose_english=True)
    return Offered(fetch_terms(application, "en"), french_first=french)


def fetch_terms(application: Application, lang: str) -> TermsDocument:
    """The terms in `en` or `fr` for the customer's province, from the lender at most once in ten minutes."""
    province = Answers.from_json(application.answers).province
    key = _cache_key(application.credential, lang, province)
    if known := _cached(key):
        return known
    with client_for(application.credential) as client:
        terms = client.flow(application.reference_id).terms(lang, province)
    document, is_new = TermsDocument.objects.get_or_create(
        sha256=hashlib.sha256(terms.content).hexdigest(),
        language=lang,
        province=province,
        defaults={"content": terms.content, "content_type": terms.content_type[:100]},
    )
    if not is_new:
        document.last_fetched_at = timezone.now()
        document.save(update_fields=["last_fetched_at"])
    with suppress(*_CACHE_IS_DOWN):
        cache.set(key, document.pk, timeout=FRESH_FOR_SECONDS)
    return document


def _cache_key(credential: Credential, lang: str, province: str) -> str:
    """One for each address and client: a credential that is moved must not show the terms of where it was."""
    at = hashlib.sha256(f"{credential.base_url}\n{credential.client_id}".encode()).hexdigest()
    return f"terms:{credential.pk}:{at[:16]}:{lang}:{province}"


def _cached(key: str) -> TermsDocument | None:
    try:
        return TermsDocument.objects.filter(pk=cache.get(key)).first()
    except _CACHE_IS_DOWN:
        return None


def record_shown(application: Application, display: TermsDisplay, *, by: User) -> None:
    """Evidence that this was put before the customer; its time is the acceptance's `displayed_at`."""
    document = display.document
    with transaction.atomic():
        _record(
            EventName.TERMS_SHOWN,
            application,
            document,
            by=by,
            fetched=document.last_fetched_at.isoformat(),
            display=display.sha256,
            **display.compared(),
        )
        if not display.is_complete:
            count_terms_in_part(document.language)


def choose_english(application: Application, french: TermsDocument, *, by: User) -> None:
    """The customer, having been given the French version, expressly asks for English. Raises NotShown, NotInFull."""
    if (shown := last_shown(application, french)) is None:
        raise NotShown
    _refuse_withheld(shown)
    with transaction.atomic():
        _record(EventName.TERMS_LANGUAGE_CHOSEN, application, french, by=by, chosen="en")


def accept_terms(
    application: Application,
    offered: Offered,
    digest: str,
    *,
    device_holder: str,
    scrolled_to_end: bool | None = None,
    by: User,
) -> TermsAcceptance:
    """The customer agrees to the document with this digest. `scrolled_to_end` is None where the browser cannot tell.

    Raises NotShown unless it is the one on offer and was shown, NotInFull if so little of it was shown that it is
    withheld, and NotEditable after submission. Accepting the same document twice is one acceptance.
    """
    shown = last_shown(application, offered.document)
    if digest != offered.document.sha256 or shown is None:
        raise NotShown
    _refuse_withheld(shown)
    with transaction.atomic():
        current = Application.objects.select_for_update().get(pk=application.pk)
        _refuse_changed(current, application)
        standing = current.acceptances.filter(voided_at=None)
        if same := standing.filter(document=offered.document).first():
            return same
        standing.update(voided_at=timezone.now())
        acceptance = TermsAcceptance.objects.create(
            application=current,
            document=offered.document,
            french_document=offered.french_first,
            display=offered.document.displays.get(sha256=shown.detail["display"]),
            displayed_at=shown.at,
            scrolled_to_end=scrolled_to_end,
            recorded_by=by,
            device_holder=device_holder,
        )
        _record(
            EventName.TERMS_ACCEPTED,
            current,
            offered.document,
            by=by,
            display=shown.detail["display"],
            **{name: shown.detail[name] for name in ("missing", "left_out", "complete")},
            scrolled_to_end=scrolled_to_end,
            device_holder=device_holder,
        )
    return acceptance


def last_shown(application: Application, document: TermsDocument) -> Event | None:
    """When this document was last put before the customer, and what of it; None if it never was, on the record."""
    events = _events(application, EventName.TERMS_SHOWN, document)
    return next((event for event in events if "display" in event.detail), None)


def _refuse_withheld(shown: Event) -> None:
    if are_withheld(shown.detail):
        raise NotInFull


def _refuse_changed(current: Application, shown: Application) -> None:
    """Another window may have sent the application, or changed the language or province the terms were fetched for."""
    if not current.is_editable:
        raise NotEditable
    province = Answers.from_json(shown.answers).province
    if (current.language, Answers.from_json(current.answers).province) != (shown.language, province):
        raise NotShown


def _french_comes_first(application: Application) -> bool:
    is_quebec = Answers.from_json(application.answers).province == "QC"
    return settings.QUEBEC_FRENCH_TERMS_FIRST and is_quebec and application.lang != "fr"


def _chose_english(application: Application, french: TermsDocument) -> bool:
    """A choice counts for the French version it was made after: a newer one is given first again."""
    return bool(_events(application, EventName.TERMS_LANGUAGE_CHOSEN, french))


def _events(application: Application, name: EventName, document: TermsDocument) -> list[Event]:
    """The latest first."""
    events = timeline(application).filter(name=name).reverse()
    wanted = _evidence(document)
    return [event for event in events if wanted.items() <= event.detail.items()]


def _evidence(document: TermsDocument) -> dict[str, str]:
    return {"terms": document.sha256, "language": document.language, "province": document.province}


def _record(name: EventName, application: Application, document: TermsDocument, *, by: User, **more: Detail) -> None:
    detail: dict[str, Detail] = {**_evidence(document), **more}
    record(name, subject=application, merchant_id=application.merchant_id, by=by, detail=detail)
