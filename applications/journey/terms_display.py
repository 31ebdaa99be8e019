"""The lender's terms as they stand on the page, and whether every visible word of theirs stands there.

Each display is kept (`TermsDisplay`): years later it is known what was on the screen, whatever this code has become.
"""

import hashlib
import logging

from django.utils.safestring import SafeString

from applications.journey.terms_html import decoded, sanitised
from applications.models import TermsAcceptance, TermsDisplay, TermsDocument
from applications.visible_words import compared

logger = logging.getLogger(__name__)


def display_of(document: TermsDocument) -> TermsDisplay:
    """The document as it is shown now, from the bytes kept. Its words are compared with theirs when it is new."""
    original = decoded(bytes(document.content), document.content_type)
    html = str(sanitised(original))
    digest = hashlib.sha256(html.encode()).hexdigest()
    return document.displays.filter(sha256=digest).first() or _kept(document, original, html, digest)


def displayable(document: TermsDocument) -> SafeString:
    """The document's HTML as it is shown now: harmless, its headings under the page's own."""
    return sanitised(decoded(bytes(document.content), document.content_type))


def accepted_html(acceptance: TermsAcceptance) -> SafeString:
    """What was on the screen when these terms were accepted."""
    return html_of(acceptance.display) if acceptance.display else displayable(acceptance.document)


def html_of(display: TermsDisplay) -> SafeString:
    """Made harmless once more, which changes nothing: what is in the database is no reason to trust it."""
    return sanitised(display.html)


def _kept(document: TermsDocument, original: str, html: str, digest: str) -> TermsDisplay:
    found = compared(original, html)
    display, _ = TermsDisplay.objects.get_or_create(
        document=document,
        sha256=digest,
        defaults={
            "html": html,
            "words": found.words,
            "missing_words": found.missing,
            "left_out": found.embedded + found.unreadable,
            "is_complete": found.is_complete,
        },
    )
    if not found.is_complete:
        logger.error("The terms %s cannot be shown in full: %s", document.sha256, found)
    elif not found.in_order:
        logger.warning("The words of the terms %s stand in another order on the page", document.sha256)
    return display
