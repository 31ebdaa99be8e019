"""What browsers report of a page that broke its Content-Security-Policy: a script of somebody else's, most of all.

Anybody may send such a report, and an honest one holds the address of the page, a query, the first words of a script.
So nothing of it is kept as it came: what is told are words of this code, the pattern of an address without its ids,
and the end of a foreign host's name.
"""

import json
import logging
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.urls import Resolver404, resolve

from applications.monitoring import tallies

LARGEST = 16 * 1024  # bytes of one message
_OTHER = "other"
DIRECTIVES = (
    "base-uri",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-attr",
    "script-src-elem",
    "style-src",
    "style-src-attr",
    "style-src-elem",
    "worker-src",
    _OTHER,
)
_WORDS = frozenset({"inline", "eval", "wasm-eval", "data", "blob", "self", "chrome-extension", "moz-extension"})
_MARK_OF_A_FILE = re.compile(r"\.[0-9a-f]{12}(?=\.)")
_END_OF_A_HOST = re.compile(r"(?:[a-z][a-z0-9-]{0,40}\.)?[a-z][a-z0-9-]{1,40}")

logger = logging.getLogger(__name__)


class NotAReport(ValueError):
    """The message is none that a browser sends."""


@dataclass(frozen=True)
class Report:
    """Places are patterns or static files of ours, words of this code, or the end of a foreign host's name."""

    directive: str
    page: str
    blocked: str
    source: str
    line: int


def read(content_type: str, body: bytes, *, host: str) -> Report:
    """The report in a message (CSP level 2); NotAReport when there is none. `host` is our own."""
    try:
        found = json.loads(body)["csp-report"] if content_type == "application/csp-report" else None
        return _report(found, host)
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as problem:
        raise NotAReport from problem


def tell(report: Report) -> None:
    """Count it, and tell it in the log."""
    tallies.count_browser_report(report.directive)
    told = report.directive, report.page, report.blocked, report.source, report.line
    logger.warning("A browser reports that %s was broken on %s by %s, from %s line %d", *told)


def _report(found: Any, host: str) -> Report:
    directive = str(found.get("effective-directive") or found.get("violated-directive") or "").partition(" ")[0]
    line = found.get("line-number")
    return Report(
        directive=directive if directive in DIRECTIVES else _OTHER,
        page=_place(found.get("document-uri"), host),
        blocked=_place(found.get("blocked-uri"), host),
        source=_place(found.get("source-file"), host),
        line=line if isinstance(line, int) and 0 <= line < 1_000_000 else 0,
    )


def _place(given: Any, host: str) -> str:
    """An address, or one of the words that stand for one, without anything that could be of a person."""
    text = str(given or "")
    address = urlsplit(text)
    if text in _WORDS or address.scheme in _WORDS:
        return text if text in _WORDS else address.scheme
    if not address.netloc:
        return _OTHER
    return _of_ours(address) if address.netloc == host else _of_others(address)


def _of_ours(address: SplitResult) -> str:
    static = f"/{settings.STATIC_URL.strip('/')}/"
    if address.path.startswith(static):
        name = _MARK_OF_A_FILE.sub("", address.path.removeprefix(static))
        return f"{static}{name}" if ".." not in name and _is_static_file(name) else _OTHER
    try:
        return f"/{resolve(address.path).route}"
    except Resolver404:
        return _OTHER


def _is_static_file(name: str) -> bool:
    try:
        return bool(finders.find(name))
    except SuspiciousFileOperation:  # such as //etc/passwd
        return False


def _of_others(address: SplitResult) -> str:
    """Two labels of its name: who reports may have put anything into the others, and a script may carry data out so."""
    end = ".".join((address.hostname or "").rsplit(".", 2)[-2:])
    return f"…{end}" if _END_OF_A_HOST.fullmatch(end) else _OTHER
