"""The style of a page that is opened from a folder: in the page itself, and nothing else may be loaded or run."""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

_PARTS = (Path("static", "portal", "tokens.css"), Path("applications", "evidence", "page.css"))


@dataclass(frozen=True)
class Sheet:
    """A style sheet by its text."""

    text: str

    @classmethod
    def of_bundle(cls) -> "Sheet":
        """The portal's tokens, and what the pages of a bundle need beyond them."""
        return cls("\n".join((settings.BASE_DIR / part).read_text() for part in _PARTS))

    @property
    def element(self) -> SafeString:
        return mark_safe(f"<style>{self.text}</style>")  # noqa: S308  # nosec # files of ours

    @property
    def policy(self) -> SafeString:
        """What the page allows itself: this sheet, by its hash, and nothing to be sent anywhere."""
        digest = base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()
        own = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
        return mark_safe(own)  # noqa: S308  # nosec # base64
