"""What can be seen of HTML from outside, token by token, by the rules of the HTML standard with scripting off.

Plain Python (13.2.5, "Tokenization"), apart from what makes the HTML harmless: it is what that is checked with. What a
browser hides by `hidden` or by a style is taken as seen: whether it is hidden depends on more than the document.
"""

import re
import sys
from dataclasses import dataclass, field
from html import unescape

from applications.page_text import REPLACEMENT, printable

# A word, or one sign that is not a blank: "31.99 %" is 31 . 99 %.
_WORD = re.compile(r"\w+|[^\w\s]")
_NAME = re.compile(r"[^\t\n\f\r />]+")
_BETWEEN_ATTRIBUTES = re.compile(r"[\t\n\f\r /]*")
_ATTRIBUTE = re.compile(r"=?[^\t\n\f\r />=]*")
_EQUALS = re.compile(r"[\t\n\f\r ]*=[\t\n\f\r ]*")
_BARE_VALUE = re.compile(r"[^\t\n\f\r >]*")
_COMMENT_ENDS = re.compile(r"--!?>")
# In a style sheet, what is put before or after an element: strings, and functions of which none gives words of its own.
_CONTENT_OF_A_STYLE = re.compile(
    r"""content\s*:((?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\([^)]*\)?|[^"'(;}])*)""", re.IGNORECASE | re.DOTALL
)
_STRING_OF_A_STYLE = re.compile(r"""\([^)]*\)?|"((?:[^"\\]|\\.)*)|'((?:[^'\\]|\\.)*)""", re.DOTALL)
_COMMENT_IN_A_STYLE = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPED_IN_A_STYLE = re.compile(r"\\(?:([0-9a-f]{1,6})[ \t\n\f\r]?|(.))", re.IGNORECASE | re.DOTALL)

# A word never goes on across these, wherever they stand; across those of a table only inside one.
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol optgroup "
    "option p plaintext pre search section select summary table ul xmp".split()
)
_PARTS_OF_A_TABLE = frozenset("tbody td tfoot th thead tr".split())
# Their content is text up to their end tag.
_NO_TEXT = frozenset("iframe noembed noframes script style title".split())
_RAW_TEXT = frozenset("textarea xmp".split())
_FOREIGN = frozenset(("math", "svg"))
# What is shown by them is somewhere else.
_EMBEDDED = frozenset("applet audio embed frame iframe object video".split())
_PICTURES = frozenset("canvas img math picture svg".split())
_INPUTS_WITHOUT_TEXT = frozenset("checkbox color file hidden image password radio range".split())


@dataclass
class Document:
    """What can be seen of some HTML.

    words: in the order of the document. embedded: parts whose words come from elsewhere (frames, films, a page that
    sends the browser on, words in a style sheet). pictures: parts that may show words, and hold none that can be read.
    """

    words: list[str] = field(default_factory=list)
    embedded: int = 0
    pictures: int = 0

    @property
    def unreadable(self) -> int:
        """Characters that could not be decoded."""
        return self.words.count(REPLACEMENT)


def document_of(html: str) -> Document:
    """Everything that can be seen of this HTML."""
    reading = _Reading(html.replace("\0", ""))
    reading.read()
    seen = reading.document
    seen.words = _WORD.findall(printable("".join(reading.text)).replace("\ufeff", ""))  # a mark that is no sign
    return seen


class _Reading:
    """One walk through the tokens, in which nothing is looked at twice: the time is in proportion to the length."""

    def __init__(self, html: str) -> None:
        self.document, self.text = Document(), list[str]()
        self._html = html
        self._tables = self._templates = self._foreign = 0

    def read(self) -> None:
        html, at = self._html, 0
        while (opening := html.find("<", at)) >= 0:
            self._say(unescape(html[at:opening]))
            following = html[opening + 1 : opening + 2]
            if following.isascii() and following.isalpha():
                at = self._start_tag(opening + 1)
            elif following == "/":
                at = self._end_tag(opening + 2)
            elif following in ("!", "?"):
                at = self._declaration(opening + 1)
            else:
                self._say("<")
                at = opening + 1
        self._say(unescape(html[at:]))

    def _say(self, text: str) -> None:
        if not self._templates:
            self.text.append(text)

    def _start_tag(self, at: int) -> int:
        """After the tag and, where its content is no HTML, after its end tag. A tag that never ends is the end."""
        name, attributes, at = self._tag(at)
        if at > len(self._html):
            return at
        self._note(name, attributes, is_closed=self._html.endswith("/>", 0, at))
        if self._foreign:
            return at
        if name == "plaintext":
            self._say(self._html[at:])
            return len(self._html)
        return self._content(name, at) if name in _NO_TEXT | _RAW_TEXT else at

    def _note(self, name: str, attributes: dict[str, str], *, is_closed: bool) -> None:
        self._break_at(name)
        self._tables += name == "table"
        self._foreign += name in _FOREIGN and not is_closed
        self._templates += name == "template"
        if self._templates:
            return
        sends_on = name == "meta" and attributes.get("http-equiv", "").lower() == "refresh"
        self.document.embedded += name in _EMBEDDED or (sends_on and "url" in attributes.get("content", "").lower())
        self.document.pictures += name in _PICTURES
        if words := words_of_a_part(name, attributes):
            self._say(f"\n{words}\n")

    def _content(self, name: str, at: int) -> int:
        end = re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE).search(self._html, at)
        content = self._html[at : end.start() if end else None]
        if name in _RAW_TEXT:
            self._say(content if name == "xmp" else unescape(content))
        elif name == "style" and not self._templates:
            self.document.embedded += _writes_words(content)
        return end.start() if end else len(self._html)

    def _end_tag(self, at: int) -> int:
        following = self._html[at : at + 1]
        if not (following.isascii() and following.isalpha()):
            if not following:
                self._say("</")
            return at + 1 if following == ">" else self._after(">", at)
        name, _, at = self._tag(at)
        self._break_at(name)
        self._tables = max(self._tables - (name == "table"), 0)
        self._foreign = max(self._foreign - (name in _FOREIGN), 0)
        self._templates = max(self._templates - (name == "template"), 0)
        return at

    def _declaration(self, at: int) -> int:
        """A comment, a document type, a section of characters (in SVG only), or what is taken for a comment."""
        html = self._html
        if html.startswith("!--", at):
            if closed := re.compile(r"-?>").match(html, at + 3):
                return closed.end()
            end = _COMMENT_ENDS.search(html, at + 3)
            return end.end() if end else len(html)
        if self._foreign and html.startswith("![CDATA[", at):
            after = self._after("]]>", at)
            self._say(html[at + 8 : after].removesuffix("]]>"))
            return after
        return self._after(">", at)

    def _after(self, mark: str, at: int) -> int:
        found = self._html.find(mark, at)
        return found + len(mark) if found >= 0 else len(self._html)

    def _break_at(self, name: str) -> None:
        if name in _BLOCKS or (self._tables and name in _PARTS_OF_A_TABLE):
            self._say("\n")

    def _tag(self, at: int) -> tuple[str, dict[str, str], int]:
        """Name, attributes, and the place after the tag: beyond the end of the document if it never ends."""
        html, attributes = self._html, dict[str, str]()
        name = _NAME.match(html, at)
        assert name
        at = name.end()
        while True:
            at = _BETWEEN_ATTRIBUTES.match(html, at).end()  # type: ignore[union-attr]
            if html[at : at + 1] in (">", ""):
                return name[0].lower(), attributes, at + 1
            attribute = _ATTRIBUTE.match(html, at)
            assert attribute
            value, at = self._value(attribute.end())
            attributes.setdefault(attribute[0].lower(), unescape(value))

    def _value(self, at: int) -> tuple[str, int]:
        html = self._html
        if not (equals := _EQUALS.match(html, at)):
            return "", at
        at = equals.end()
        if (quote := html[at : at + 1]) not in ("'", '"'):
            bare = _BARE_VALUE.match(html, at)
            assert bare
            return bare[0], bare.end()
        end = html.find(quote, at + 1)
        return (html[at + 1 : end], end + 1) if end >= 0 else ("", len(html))


def _writes_words(sheet: str) -> bool:
    """Whether a style sheet puts letters or digits on the page. Quotation marks and bullets are no words."""
    return any(
        any(map(str.isalnum, _unescaped(double or single)))
        for one in (sheet, _COMMENT_IN_A_STYLE.sub(" ", sheet))
        for value in _CONTENT_OF_A_STYLE.findall(one)
        for double, single in _STRING_OF_A_STYLE.findall(value)
    )


def _unescaped(text: str) -> str:
    """A string of a style sheet as it is shown (CSS Syntax, 4.3.7)."""
    return _ESCAPED_IN_A_STYLE.sub(lambda found: _sign(found[1]) if found[1] else found[2], text)


def _sign(hexadecimal: str) -> str:
    number = int(hexadecimal, 16)
    return chr(number) if number <= sys.maxunicode else REPLACEMENT


def words_of_a_part(name: str, attributes: dict[str, str]) -> str:
    """The words that a part without content shows: on a button, in a box, in place of a picture."""
    if name == "img":
        return attributes.get("alt", "")
    if name != "input":
        return ""
    kind = attributes.get("type", "").lower()
    if kind == "image":
        return attributes.get("alt", "")
    return "" if kind in _INPUTS_WITHOUT_TEXT else attributes.get("value", "")
