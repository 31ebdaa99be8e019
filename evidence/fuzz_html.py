"""What reads documents of others in pages: the lender's HTML and its charsets, and reports of browsers."""

import re

from hypothesis import strategies as st

from applications.html_text import document_of
from applications.journey.terms_html import decoded, sanitised, sanitised_message, says_something
from applications.monitoring import browser_reports
from applications.visible_words import compared
from evidence.fuzz_inputs import PIECES, contents, documents, texts
from evidence.fuzz_parsers import Parser

_TERMS = "<h1>Agreement</h1><p>You <b>must</b> pay 31.99&nbsp;% &amp; more.<ol start=4><li>One<li>Two</ol>"
_PARTS = st.sampled_from(
    (
        *re.findall(
            r"<[^>]*>",
            "<p><b></b><h1></h3><h6><h2><a href=https://e.test></a><img alt=Mark src=x onerror=y()><script></script>"
            "<svg></svg><math><style></style><table><tr><td colspan=2></table><select><option><input value=Box>"
            "<textarea></textarea><template></template><noscript></noscript><iframe><plaintext><xmp><title><form>"
            "<base href=//e.test><meta http-equiv=refresh><object><ul><li value=3><p/style=x><ol type=a onload=x>"
            "<mglyph><annotation-xml><foreignObject><frameset><caption><body>",
        ),
        *("<![CDATA[", "]]>", "<!--", "-->", "words ", "&lt;", "& ", "javascript:x"),
    )
) | st.sampled_from(PIECES)
_HTML = st.lists(_PARTS, max_size=14).map("".join) | texts(_TERMS) | texts(_TERMS)
_TAG = re.compile(r"<(/?)([^\s/>]*)([^>]*)>")
_ATTRIBUTES = re.compile(r'(?: (?:start|reversed|type|value|scope|colspan|rowspan)="[^"<]*")*')
_HARMLESS = frozenset(
    "p br hr div span strong em b i u s del ins q small sub sup blockquote pre ul ol li dl dt dd table caption thead "
    "tbody tfoot tr th td h1 h2 h3 h4 h5 h6 col colgroup".split()
)


def _sanitise(html: str) -> None:
    for shown in (str(sanitised(html)), str(sanitised_message(html))):
        for closes, name, attributes in _TAG.findall(shown):
            assert name in _HARMLESS, name
            assert _ATTRIBUTES.fullmatch(attributes), attributes
            assert not (closes and attributes)
        assert "<" not in _TAG.sub("", shown)
        says_something(shown)
    assert sanitised(sanitised(html)) == sanitised(html)


def _compare(html: str) -> None:
    assert len("".join(document_of(html).words)) <= 2 * len(html)
    if document_of(html).words:
        assert compared(html, html).in_order
    compared(html, sanitised(html))


def _decode(given: tuple[bytes, str]) -> None:
    decoded(*given).encode()


_REPORT = {
    "csp-report": {
        "document-uri": "http://127.0.0.1/applications/0123/identity/?x=1",
        "violated-directive": "script-src-elem",
        "effective-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/x.js",
        "source-file": "http://127.0.0.1/static/portal/portal.0123456789ab.js",
        "line-number": 3,
    }
}
_PLACE = re.compile(r"other|/\S*|…\S+|[a-z-]+")


def _browser_report(given: tuple[str, bytes]) -> None:
    content_type, body = given
    try:
        report = browser_reports.read(content_type, body, host="127.0.0.1")
    except browser_reports.NotAReport:
        return
    assert report.directive in browser_reports.DIRECTIVES
    assert all(map(_PLACE.fullmatch, (report.page, report.blocked, report.source)))


PARSERS = (
    Parser("HTML made harmless", 40, _HTML, _sanitise),
    Parser("visible words", 30, _HTML, _compare),
    Parser(
        "charsets",
        25,
        st.tuples(contents(b"<meta charset=iso-8859-15>caf\xe9"), texts("text/html; charset=utf-8")),
        _decode,
    ),
    Parser(
        "reports of browsers", 30, st.tuples(st.just("application/csp-report"), documents(_REPORT)), _browser_report
    ),
)
