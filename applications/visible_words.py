"""Whether every word that a browser could show of the lender's HTML stands in what the portal shows instead."""

from collections import Counter
from dataclasses import dataclass

from applications.html_text import document_of


@dataclass(frozen=True)
class Comparison:
    """The words of an original beside those of what is shown. `in_order`: they follow each other as in the original."""

    words: int
    missing: int
    in_order: bool
    unreadable: int
    embedded: int
    pictures: int

    @property
    def is_complete(self) -> bool:
        """Whether there is something to read, and nothing of it is left out."""
        return bool(self.words) and not (self.missing or self.unreadable or self.embedded)


def compared(original: str, shown: str) -> Comparison:
    """How the HTML that is shown stands to the original it was made from."""
    given, visible = document_of(original), document_of(shown).words
    in_order = _are_among(given.words, visible)
    missing = 0 if in_order else (Counter(given.words) - Counter(visible)).total()
    return Comparison(len(given.words), missing, in_order, given.unreadable, given.embedded, given.pictures)


def _are_among(wanted: list[str], words: list[str]) -> bool:
    """Whether all of them come one after the other among the words."""
    rest = iter(words)
    return all(word in rest for word in wanted)
