"""Compile the French translations to the .mo file that Django reads.

django.po holds our messages, libraries.po our words over those of Django and allauth.

Uses polib, so running the portal needs no gettext tools. Does nothing when the .mo file is up to date.
"""

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale" / "fr"


def sources(locale: Path = LOCALE) -> list[Path]:
    """The .po files that make up the translation; later ones win."""
    return [locale / "LC_MESSAGES" / "django.po", locale / "libraries.po"]


def merged(files: list[Path]) -> polib.POFile:
    """One catalogue of all entries."""
    catalogue = polib.POFile()
    catalogue.metadata = {
        "Language": "fr",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    found: dict[tuple[str | None, str], polib.POEntry] = {}
    for file in files:
        for entry in polib.pofile(str(file)):
            if not entry.obsolete and not entry.fuzzy:
                found[entry.msgctxt, entry.msgid] = entry
    catalogue.extend(found.values())
    return catalogue


def main() -> int:
    """Write locale/fr/LC_MESSAGES/django.mo if any source is newer."""
    files = sources()
    target = LOCALE / "LC_MESSAGES" / "django.mo"
    if not files or (target.exists() and target.stat().st_mtime >= max(file.stat().st_mtime for file in files)):
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    merged(files).save_as_mofile(str(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
