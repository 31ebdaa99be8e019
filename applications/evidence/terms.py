"""The terms that an application's evidence speaks of: the exact bytes, and what the portal makes of them to show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from applications.evidence.sheet import Sheet
from applications.journey.terms_display import displayable
from applications.models import Application, TermsDocument
from audit.chain import written
from audit.models import Event


@dataclass(frozen=True)
class TermsFile:
    """One text. `name` is that of the exact bytes: never .html, a browser would run what the lender's page holds."""

    document: TermsDocument

    @property
    def name(self) -> str:
        return f"{self._stem}.bytes"

    @property
    def displayed_name(self) -> str:
        return f"{self._stem}.displayed.html"

    @property
    def _stem(self) -> str:
        return f"terms/{self.document.language}-{self.document.province}-{self.document.sha256[:16]}"

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
            "displayed": self.displayed_name,
        }

    def displayed(self) -> SafeString:
        """A page of its own: the text as the portal shows it, without anything that could act."""
        context = {"document": self.document, "html": displayable(self.document), "sheet": Sheet.of_bundle()}
        return render_to_string("evidence/terms.html", context)


def terms_of(application: Application, events: Sequence[Event]) -> list[TermsFile]:
    """All that were shown or accepted, as far as they are kept, in a fixed order."""
    shown = {str(event.detail["terms"]) for event in events if "terms" in event.detail}
    acceptances = application.acceptances.all()
    accepted = Q(pk__in=acceptances.values("document")) | Q(pk__in=acceptances.values("french_document"))
    candidates = TermsDocument.objects.filter(accepted | Q(sha256__in=shown, province__in=_provinces(events)))
    return [TermsFile(document) for document in candidates.order_by("language", "province", "sha256")]


def files_of(terms: Iterable[TermsFile]) -> dict[str, bytes]:
    """Bytes and display of each."""
    files = {}
    for one in terms:
        files[one.name] = bytes(one.document.content)
        files[one.displayed_name] = one.displayed().encode()
    return files


def _provinces(events: Sequence[Event]) -> set[str]:
    return {str(event.detail["province"]) for event in events if "terms" in event.detail and "province" in event.detail}
