"""The lender's HTML made fit to stand inside a page of ours: harmless, without links, under our own headings.

Links are written out instead of followed: on a shared till the customer would be lost to another site mid-application.
"""

from email.message import Message
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_KEPT = frozenset(
    "p br hr div span strong em b i u small sub sup blockquote ul ol li dl dt dd".split()
    + "table caption thead tbody tfoot tr th td".split()
)
_CELL = {"colspan", "rowspan"}
_LOWEST = 6


def decoded(content: bytes, content_type: str) -> str:
    """The text of the bytes, by the declared charset, else UTF-8; undecodable bytes show as such."""
    header = Message()
    header["Content-Type"] = content_type or "text/html"
    try:
        return content.decode(header.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode("utf-8", errors="replace")


def sanitised(html: str, *, top_heading: int = 2) -> SafeString:
    """Safe HTML of the lender's: its highest heading becomes `top_heading`, and no level is skipped below it."""
    clean = nh3.clean(
        html,
        tags={*_KEPT, *_HEADINGS, "a"},
        attributes={"a": {"href"}, "th": {*_CELL, "scope"}, "td": _CELL},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    rewritten = _Rewriting(clean, top_heading).text
    # Once more, last: whatever the rewriting does, what is shown is what nh3 let through.
    safe = nh3.clean(rewritten, tags={*_KEPT, *_HEADINGS}, attributes={"th": {*_CELL, "scope"}, "td": _CELL})
    return mark_safe(safe)  # noqa: S308  # nosec  (cleaned above)


def says_something(html: str) -> bool:
    """Whether there is a word in it: the vendor's documents have "..." where a text was left out."""
    return any(character.isalpha() for character in strip_tags(html))


class _Rewriting(HTMLParser):
    """Writes parsed HTML again with headings moved down and links written out."""

    def __init__(self, html: str, top_heading: int) -> None:
        super().__init__(convert_charrefs=True)
        self._levels = _levels(html, top_heading)
        self._above = top_heading - 1
        self._open_heading = ""
        self._link: tuple[str, int] | None = None
        self._out: list[str] = []
        self.feed(html)
        self.close()
        self.text = "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._out))
        elif tag in _HEADINGS:
            self._above = min(self._levels[tag], self._above + 1)
            self._open_heading = f"h{self._above}"
            self._out.append(f"<{self._open_heading}>")
        else:
            kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
            self._out.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._write_link_out()
        elif tag in _HEADINGS:
            self._out.append(f"</{self._open_heading}>")
        else:
            self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._out.append(escape(data, quote=False))

    def _write_link_out(self) -> None:
        """The address in brackets, unless the text of the link is the address already."""
        if self._link is None:
            return
        href, start = self._link
        self._link = None
        address = _address(href)
        if address and escape(address, quote=False) not in "".join(self._out[start:]):
            self._out.append(f" ({escape(address, quote=False)})")


def _address(href: str) -> str:
    """What a person can dial, write to or type; nothing for a place within the lender's own page."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    if parts.scheme in ("mailto", "tel"):
        return parts.path
    return href if parts.netloc else ""


def _levels(html: str, top_heading: int) -> dict[str, int]:
    """The headings used, closed up: h1 and h4 under a page's h1 become h2 and h3."""
    used = [tag for tag in _HEADINGS if f"<{tag}>" in html]
    return {tag: min(top_heading + index, _LOWEST) for index, tag in enumerate(used)}
