"""Writing out what is held on a customer: a text to hand over and a JSON file, readable by their owner alone."""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.retention.access import Fact, Part, parts_of
from applications.retention.persons_asked import Held
from merchants.models import Merchant

_WIDTH = 78


def paths(base: Path) -> tuple[Path, Path]:
    """Beside each other: the text and the JSON file."""
    return base.with_name(f"{base.name}.txt"), base.with_name(f"{base.name}.json")


def write_out(base: Path, merchant: Merchant, held: Sequence[Held]) -> None:
    """Both files, in the active language. Raises FileExistsError rather than overwrite one, and OSError."""
    found = [(one.application.reference_id, list(parts_of(one))) for one in held]
    contents = (_in_words(merchant, found), json.dumps(_for_machines(merchant, found), indent=2, ensure_ascii=False))
    written: list[Path] = []
    try:
        for path, content in zip(paths(base), contents, strict=True):
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            written.append(path)
            with open(file, "w", encoding="utf-8") as out:
                out.write(content + "\n")
    except OSError:
        remove(written)
        raise


def remove(files: Sequence[Path]) -> None:
    """Take back what must not stay without its event."""
    for path in files:
        with suppress(FileNotFoundError):
            path.unlink()


def _in_words(merchant: Merchant, found: Sequence[tuple[str, list[Part]]]) -> str:
    heading = _("What %(merchant)s holds on you in its portal for credit applications") % {"merchant": merchant}
    lines = [heading, "=" * min(len(heading), _WIDTH), "", date_format(timezone.localtime(), "DATE_FORMAT"), ""]
    if not found:
        lines += [_("Nothing is held by what you said of yourself."), ""]
    for reference_id, parts in found:
        title = _("Application %(reference)s") % {"reference": reference_id}
        lines += [title, "-" * len(title), ""]
        for part in parts:
            lines += [part.title, *(_line(fact) for fact in part.facts), ""]
    lines.append(
        _("Why the lender decided as it did is for Flexiti to say. What is wrong can be corrected: ask %(merchant)s.")
        % {"merchant": merchant}
    )
    return "\n".join(lines)


def _line(fact: Fact) -> str:
    return "  " + _("%(label)s: %(text)s") % {"label": fact.label, "text": fact.text}


def _for_machines(merchant: Merchant, found: Sequence[tuple[str, list[Part]]]) -> dict[str, Any]:
    return {
        "merchant": str(merchant),
        "written_at": timezone.now().isoformat(),
        "language": get_language(),
        "applications": [
            {"reference_id": reference_id, "parts": [part.as_json() for part in parts]} for reference_id, parts in found
        ],
    }
