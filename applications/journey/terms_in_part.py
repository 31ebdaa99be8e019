"""Terms of which not all is on the page: what is missing, in words, and whether they may be accepted all the same."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import ngettext

from applications.models import TermsAcceptance
from applications.numerals import counted
from audit.redaction import Detail


def what_is_missing(missing: int, left_out: int) -> str:
    """Sentences in the active language: so many words of the document, so many parts without readable text."""
    told = []
    if missing:
        words = ngettext(
            "%(number)s word of the document is missing.", "%(number)s words of the document are missing.", missing
        )
        told.append(words % {"number": counted(missing)})
    if left_out:
        words = ngettext(
            "%(number)s part that is no readable text, such as a page within the page, is left out.",
            "%(number)s parts that are no readable text, such as a page within the page, are left out.",
            left_out,
        )
        told.append(words % {"number": counted(left_out)})
    return " ".join(told)


def missing_from(acceptance: TermsAcceptance) -> str:
    """The same of what was on the screen when it was accepted, where that was kept."""
    display = acceptance.display
    return what_is_missing(display.missing_words, display.left_out) if display else ""


def are_withheld(shown: Mapping[str, Detail]) -> bool:
    """Whether what the event *terms shown* tells of cannot be accepted.

    Where nothing at all can be read there is nothing to agree to. What is there in part may be accepted, and that is
    said and recorded, unless the merchant's lawyer wants it otherwise (docs/decisions/0022).
    """
    if shown["complete"]:
        return False
    return settings.TERMS_MUST_BE_WHOLE or shown["words"] == shown["missing"]
