"""The terms that an application's evidence speaks of: the lender's exact bytes, and what of them was on the screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from applications.evidence.sheet import Sheet
from applications.journey.terms_display import displayable, html_of
from applications.journey.terms_in_part import what_is_missing
from applications.models import Application, TermsDisplay, TermsDocument
from audit.chain import written
from audit.models import Event


@dataclass(frozen=True)
class TermsFile:
    """One text. `name` is that of the exact bytes: never .html, a browser would run what the lender's page holds.

    `displays` are what was on the screen of it. Without any, from before they were kept, the page is made anew.
    """

    document: TermsDocument
    displays: tuple[TermsDisplay, ...] = ()

    @property
    def name(self) -> str:
        return f"{self._stem}.bytes"

    def page_of(self, display: TermsDisplay | None) -> str:
        """The name of the page that shows it to whoever reads the bundle."""
        return f"{self._of(display)}.displayed.html" if display else f"{self._stem}.displayed.html"

    def fragment_of(self, display: TermsDisplay) -> str:
        """The name of the very HTML that was on the screen, whose hash the events hold."""
        return f"{self._of(display)}.fragment"

    def facts(self) -> dict[str, Any]:
        """As the record has it."""
        document = self.document
        return {
            "sha256": document.sha256,
            "language": document.language,
            "province": document.province,
            "content_type": document.content_type,
            "first_fetched_at": written(document.first_fetched_at),
            "file": self.name,
            "displays": [self._facts_of(one) for one in self.displays],
        }

    def files(self) -> dict[str, bytes]:
        """The bytes; of each display the HTML, and a page of its own without anything that could act."""
        files = {self.name: bytes(self.document.content)}
        for display in self.displays:
            files[self.fragment_of(display)] = display.html.encode()
            files[self.page_of(display)] = self._page(html_of(display), display)
        if not self.displays:
            files[self.page_of(None)] = self._page(displayable(self.document))
        return files

    @property
    def _stem(self) -> str:
        return f"terms/{self.document.language}-{self.document.province}-{self.document.sha256[:16]}"

    def _of(self, display: TermsDisplay) -> str:
        return f"{self._stem}.{display.sha256[:16]}"

    def _facts_of(self, display: TermsDisplay) -> dict[str, Any]:
        return {
            "sha256": display.sha256,
            "file": self.fragment_of(display),
            "page": self.page_of(display),
            "words": display.words,
            "missing_words": display.missing_words,
            "left_out": display.left_out,
            "complete": display.is_complete,
        }

    def _page(self, html: SafeString, display: TermsDisplay | None = None) -> bytes:
        context = {"document": self.document, "html": html, "sheet": Sheet.of_bundle()}
        if display:
            missing = partial(what_is_missing, display.missing_words, display.left_out)
            context |= {"shown": display.sha256, "missing": missing}
        return render_to_string("evidence/terms.html", context).encode()


def terms_of(application: Application, events: Sequence[Event]) -> list[TermsFile]:
    """All that were shown or accepted, as far as they are kept, in a fixed order."""
    acceptances = application.acceptances.all()
    accepted = Q(pk__in=acceptances.values("document")) | Q(pk__in=acceptances.values("french_document"))
    shown = Q(sha256__in=_told(events, "terms"), province__in=_told(events, "province"))
    documents = TermsDocument.objects.filter(accepted | shown).order_by("language", "province", "sha256")
    displayed = _told(events, "display")
    return [TermsFile(one, tuple(one.displays.filter(sha256__in=displayed).order_by("made_at"))) for one in documents]


def files_of(terms: Iterable[TermsFile]) -> dict[str, bytes]:
    """Bytes and displays of each."""
    return {name: content for one in terms for name, content in one.files().items()}


def _told(events: Sequence[Event], name: str) -> set[str]:
    """What the events about terms say under this name."""
    return {str(event.detail[name]) for event in events if "terms" in event.detail and name in event.detail}
