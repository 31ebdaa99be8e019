"""Collect every message to translate into locale/fr/LC_MESSAGES/django.po (needs gettext's xgettext).

python -m scripts.update_messages          writes the catalogue, keeping what is translated
python -m scripts.update_messages --check  writes nothing; fails if any message lacks its translation
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

from scripts.compile_messages import LOCALE, merged, sources

ROOT = LOCALE.parent.parent
TRANSLATED = ("flexiti_portal", "applications", "merchants", "audit", "vault", "posapi", "templates")
HEADER = "French (Canada) of the portal. Written by `make messages`; only the translations are edited by hand."
_NOT_TRANSLATED = shutil.ignore_patterns("migrations", "__pycache__")
_MAY_BREAK = re.compile(r" [:»]|« ")  # French keeps a colon and quotation marks with their words
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def messages_in_sources() -> polib.POFile:
    """Every message that the sources mark for translation, in the order of the files."""
    with tempfile.TemporaryDirectory() as folder:
        for name in TRANSLATED:
            if (ROOT / name).exists():
                shutil.copytree(ROOT / name, Path(folder, name), ignore=_NOT_TRANSLATED)
        Path(folder, "locale").mkdir()
        command = [sys.executable, "-m", "django", "makemessages", "--locale", "fr", "--keep-pot"]
        command += ["--extension", "py,html,txt", "--add-location", "file"]
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environment)
        return polib.pofile(str(Path(folder, "locale", "django.pot")))


def filled_in(messages: polib.POFile, translations: polib.POFile) -> polib.POFile:
    """The messages with the translations that exist."""
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.header = HEADER
    catalogue.metadata = translations.metadata
    known = {(entry.msgctxt, entry.msgid): entry for entry in translations}
    for entry in sorted(messages, key=lambda entry: [place for place, _ in entry.occurrences]):
        translation = known.get((entry.msgctxt, entry.msgid))
        if translation:
            entry.msgstr, entry.tcomment = translation.msgstr, translation.tcomment
            if entry.msgid_plural:
                entry.msgstr_plural = translation.msgstr_plural or {0: "", 1: ""}
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        catalogue.append(entry)
    return catalogue


def problems_of(catalogue: polib.POFile) -> list[str]:
    """A line for every message without a translation, or whose translation lost or invented a placeholder."""
    problems = []
    for entry in catalogue:
        if not entry.translated():
            problems.append(f"not translated: {entry.msgid!r} ({entry.occurrences[0][0]})")
        elif _placeholders(entry.msgid_plural or entry.msgid) != _placeholders(entry.msgstr or entry.msgstr_plural[1]):
            problems.append(f"placeholders differ: {entry.msgid!r} ({entry.occurrences[0][0]})")
        elif any(map(_MAY_BREAK.search, [entry.msgstr, *entry.msgstr_plural.values()])):
            problems.append(f"a space before : or » or after « is no no-break space: {entry.msgid!r}")
    return problems


def _placeholders(text: str) -> set[str]:
    return {named or braced for named, braced in _PLACEHOLDER.findall(text)}


def main(arguments: list[str]) -> int:
    """0 if every message is translated."""
    catalogue = filled_in(messages_in_sources(), merged(sources()))
    if "--check" not in arguments:
        (LOCALE / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        catalogue.save(str(LOCALE / "LC_MESSAGES" / "django.po"))
    problems = problems_of(catalogue)
    print("\n".join([*problems, f"{len(catalogue)} messages, {len(problems)} with a problem"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
