"""The lender's HTML made fit to stand inside a page of ours: harmless, without links, under our own headings.

Links are written out instead of followed: on a shared till the customer would be lost to another site mid-application.
"""

import codecs
import re
from email.message import Message
from html import escape
from html.parser import HTMLParser
from urllib.parse import urlsplit

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from applications.page_text import printable

_HEADINGS = tuple(f"h{level}" for level in range(1, 7))
_KEPT = frozenset(
    "p br hr div span strong em b i u s del ins q small sub sup blockquote pre ul ol li dl dt dd".split()
    + "table caption thead tbody tfoot tr th td".split()
)
_CELL = {"colspan", "rowspan"}
# The numbers of clauses are words of the document too.
_KEPT_ATTRIBUTES = {
    "ol": {"start", "reversed", "type"},
    "li": {"value"},
    "th": {*_CELL, "scope"},
    "td": _CELL,
}
# What would glue its words to their neighbours if only the tag were dropped, and what it becomes.
_BECOMES = {
    **dict.fromkeys("address article aside center details dialog fieldset figcaption figure footer".split(), "div"),
    **dict.fromkeys("form header hgroup legend main nav search section summary".split(), "div"),
    "listing": "pre",
    **dict.fromkeys(("dir", "menu"), "ul"),
    "strike": "s",
}
_LIST_TO_CHOOSE_FROM = ("optgroup", "option", "select")
_WRITTEN_OUT = ("a", "img", "input")
# No words of the document are in these (others: the text is kept when a tag is dropped).
_DROPPED_WITH_CONTENT = {"script", "style", "title", "iframe", "noembed", "noframes"}
_INPUTS_WITH_TEXT = ("button", "email", "number", "reset", "search", "submit", "tel", "text", "url")
_LOWEST = 6
_HEADING = re.compile(r"<(/?)h[1-6](?=[\s/>])[^>]*>", re.IGNORECASE)
_NOSCRIPT = re.compile(r"<(/?)noscript(?=[\s/>])", re.IGNORECASE)

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_LOOKED_THROUGH_FOR_META = 1024
_OF_BROWSERS = re.compile(r"utf-8|utf-16(-[bl]e)?|iso8859-\d+|cp125\d|koi8-[ru]|mac-roman|ascii")
# What browsers take these names for (Encoding standard): they have ’ and œ where ISO 8859-1 has control characters.
_WINDOWS = dict.fromkeys(("ascii", "iso8859-1"), "cp1252")


def decoded(content: bytes, content_type: str) -> str:
    """The text of the bytes as a browser reads them; what cannot be read shows as U+FFFD.

    By the mark in front, else the charset of the header, else of a `meta` at the top; without any, UTF-8 or, what is no
    UTF-8, Windows-1252 (HTML standard 13.2.3.1).
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace")
    header = Message()
    header["Content-Type"] = content_type or "text/html"
    declared = (_encoding(header.get_content_charset()), _encoding_of_meta(content))
    if encoding := next(filter(None, declared), ""):
        return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _encoding_of_meta(content: bytes) -> str:
    """UTF-16 it cannot be: then the `meta` could not have been read."""
    found = _META_CHARSET.search(content[:_LOOKED_THROUGH_FOR_META])
    encoding = _encoding(found[1].decode("ascii", errors="replace")) if found else ""
    return "utf-8" if encoding.startswith("utf-16") else encoding


def _encoding(declared: str | None) -> str:
    """What Python calls the declared charset, "" for one that browsers do not read."""
    try:
        name = codecs.lookup(declared or "").name
    except (LookupError, ValueError):  # ValueError: a NUL in it
        return ""
    return _WINDOWS.get(name, name) if _OF_BROWSERS.fullmatch(name) else ""


def sanitised(html: str, *, top_heading: int = 2) -> SafeString:
    """Safe HTML of the lender's: its highest heading becomes `top_heading`, and no level is skipped below it."""
    clean = nh3.clean(
        # It reads as a browser that runs scripts, to which the content of `noscript` is text, tags and all.
        _NOSCRIPT.sub(r"<\1div", html),
        tags={*_KEPT, *_HEADINGS, *_BECOMES, *_LIST_TO_CHOOSE_FROM, *_WRITTEN_OUT},
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={**_KEPT_ATTRIBUTES, "a": {"href"}, "img": {"alt"}, "input": {"type", "value", "alt"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
    )
    rewritten = printable(_Rewriting(clean, top_heading).text)
    # Once more, last: whatever the rewriting does, what is shown is what nh3 let through.
    safe = nh3.clean(rewritten, tags={*_KEPT, *_HEADINGS}, attributes=_KEPT_ATTRIBUTES)
    # A mark in front would go the next time: it says how bytes are read, and is no sign.
    return mark_safe(safe.lstrip("\ufeff"))  # noqa: S308  # nosec # cleaned above


def sanitised_message(message: str) -> SafeString:
    """A message of the lender's (contract §1.4) as safe HTML, its headings as bold paragraphs: the page has its own."""
    return sanitised(_HEADING.sub(lambda tag: "</strong></p>" if tag[1] else "<p><strong>", message))


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
        elif tag in _LIST_TO_CHOOSE_FROM:
            self._out.append("" if tag == "select" else "<br>")
        elif tag in _WRITTEN_OUT:
            self._write_part_out(tag, dict(attrs))
        else:
            tag = _BECOMES.get(tag, tag)
            kept = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
            self._out.append(f"<{tag}{kept}>")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._write_link_out()
        elif tag in _HEADINGS:
            self._out.append(f"</{self._open_heading}>")
        elif tag in _LIST_TO_CHOOSE_FROM:
            self._out.append("<br>" if tag == "select" else "")
        else:
            self._out.append(f"</{_BECOMES.get(tag, tag)}>")

    def handle_data(self, data: str) -> None:
        self._out.append(escape(data, quote=False))

    def _write_part_out(self, tag: str, attributes: dict[str, str | None]) -> None:
        """A picture by the words that stand for it, a button or a box by what is written in it: in brackets."""
        kind = (attributes.get("type") or "text").lower()
        if tag == "img" or kind == "image":
            words = attributes.get("alt")
        else:
            words = attributes.get("value") if kind in _INPUTS_WITH_TEXT else ""
        if words:
            self._out.append(f" [{escape(words, quote=False)}] ")

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
