"""The lender's HTML made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.terms_html import decoded, sanitised, sanitised_message, says_something


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<p onclick='x()' style='color:red' id='a' class='b'>Text</p>", "<p>Text</p>"),
        ("<script>alert(1)</script><p>Text</p>", "<p>Text</p>"),
        ("<style>p{}</style><iframe src='https://e.test'></iframe>Text", "Text"),
        ("<img src='https://e.test/x.png' onerror='x()'>Text", "Text"),
        ("<form action='https://e.test'><input name='a'>Text</form>", "<div>Text</div>"),
        ("<!-- note -->Text &amp; more &lt;b&gt;", "Text &amp; more &lt;b&gt;"),
        ("<td>loose</td>", "loose"),
        ("<p>unclosed <strong>bold", "<p>unclosed <strong>bold</strong></p>"),
        ("<section>One</section><section>Two</section>", "<div>One</div><div>Two</div>"),
        ("<title>Title</title><iframe>instead</iframe>Text", "Text"),
        ("<noscript><p>Read <b>this</b></p></noscript>", "<div><p>Read <b>this</b></p></div>"),
        ("<p>19.99 % <strike>was</strike><del>before</del>", "<p>19.99 % <s>was</s><del>before</del></p>"),
        ("<p>Pick <select><option>one<option>two</select>", "<p>Pick <br>one<br>two<br></p>"),
        ("<img alt='Our &lt;b&gt; mark'><input type=submit value=Send>", " [Our &lt;b&gt; mark]  [Send] "),
        ("<input type=hidden value=secret><input type=checkbox value=yes>Text", "Text"),
        ("<xmp><b>x</b></xmp><plaintext><script>", "&lt;b&gt;x&lt;/b&gt;&lt;script&gt;"),
        ("one\x01two", "one\ufffdtwo"),
    ],
)
def test_sanitised_keeps_the_words_only(given, shown):
    assert sanitised(given) == shown


def test_sanitised_keeps_tables_and_lists():
    table = (
        '<table><thead><tr><th scope="col">Rate</th></tr></thead>'
        '<tbody><tr><td colspan="2">31.99 %</td></tr></tbody></table><ul><li>One<br>two</li></ul>'
    )
    assert sanitised(table) == table


def test_sanitised_keeps_the_numbers_of_clauses():
    clauses = '<ol start="4" type="a"><li value="9">Interest</li></ol>'
    assert sanitised(clauses) == clauses


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<h1>A</h1><h2>B</h2>", "<h2>A</h2><h3>B</h3>"),
        ("<h1>A</h1><h4>B</h4><h4>C</h4>", "<h2>A</h2><h3>B</h3><h3>C</h3>"),
        ("<h4>A</h4>", "<h2>A</h2>"),
        ("<h2>A</h2><h1>B</h1><h2>C</h2>", "<h2>A</h2><h2>B</h2><h3>C</h3>"),
        (
            "<h1>1</h1><h2>2</h2><h3>3</h3><h4>4</h4><h5>5</h5><h6>6</h6>",
            "<h2>1</h2><h3>2</h3><h4>3</h4><h5>4</h5><h6>5</h6><h6>6</h6>",
        ),
    ],
)
def test_sanitised_puts_headings_under_the_pages_own(given, shown):
    assert sanitised(given) == shown


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ('<a href="https://flexiti.test/a?b=1&amp;c=2">Site</a>', "Site (https://flexiti.test/a?b=1&amp;c=2)"),
        ('<a href="https://flexiti.test">https://flexiti.test</a>', "https://flexiti.test"),
        ('<a href="tel:18772593750">Call us</a>', "Call us (18772593750)"),
        ('<a href="mailto:care@flexiti.test">care@flexiti.test</a>', "care@flexiti.test"),
        ('<a href="#s4">Section 4</a>', "Section 4"),
        ('<a href="/local">Here</a>', "Here"),
        ('<a href="javascript:alert(1)">Click</a>', "Click"),
        ('<a href="data:text/html,x">Click</a>', "Click"),
        ('<a href="https://[bad">Click</a>', "Click"),
        ('<a href="https://e.test/<h1>">Click</a>', "Click (https://e.test/&lt;h1&gt;)"),
    ],
)
def test_sanitised_writes_links_out(given, shown):
    assert sanitised(given) == shown


def test_sanitised_twice_is_sanitised_once():
    once = sanitised("<h1>A</h1><p>B &amp; <a href='https://e.test'>C</a></p>", top_heading=1)
    assert sanitised(once, top_heading=1) == once


@pytest.mark.parametrize("html", ["</script>\ufeff\ufeff", "<body>\ufeff<p>Words", "\ufeff"])
def test_sanitised_keeps_no_mark_in_front(html):
    assert not sanitised(html).startswith("\ufeff")
    assert sanitised(sanitised(html)) == sanitised(html)


@given(st.text(alphabet="<>/ahp12\"'= &;#xscriptonload:", max_size=120))
def test_sanitised_lets_nothing_active_through(html):
    shown = sanitised(html).lower()
    assert not any(part in shown for part in ("<script", "<a ", "<a>", "<h1", "<img", "<iframe"))
    assert "=" not in "".join(part.split(">")[0] for part in shown.split("<")[1:])


@pytest.mark.parametrize(("html", "says"), [("...", False), ("", False), ("<p>…</p>", False), ("<p>Loi</p>", True)])
def test_says_something_takes_an_ellipsis_for_nothing(html, says):
    assert says_something(html) is says


@pytest.mark.parametrize(
    ("content", "content_type", "text"),
    [
        (b"caf\xe9 \x92", "text/html; charset=ISO-8859-1", "café ’"),
        (b"caf\xe9 \x92", "text/html", "café ’"),
        (b"<meta charset='iso-8859-15'>\xa4", "text/html", "<meta charset='iso-8859-15'>€"),
        (b"<meta charset='iso-8859-15'>\xc3\xa9", "text/html; charset=utf-8", "<meta charset='iso-8859-15'>é"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "text/html; charset=iso-8859-1", "café"),
        ("\ufeffcafé".encode("utf-16-le"), "", "café"),
        (b"caf\xc3\xa9", "text/html; charset=rot13", "café"),
        (b"caf\xc3\xa9", "text/html; charset=idna", "café"),
        (b"caf\xc3\xa9", "text/html; charset=\0utf-16", "café"),
        (b"<meta charset=utf-16>caf\xc3\xa9", "text/html", "<meta charset=utf-16>café"),
        (b"caf\xe9", "text/html; charset=utf-8", "caf\ufffd"),
    ],
)
def test_decoded_reads_as_browsers_do(content, content_type, text):
    assert decoded(content, content_type) == text


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("<h1>Sorry</h1><p>Call <em>us</em></p>", "<p><strong>Sorry</strong></p><p>Call <em>us</em></p>"),
        ("<H2 class=a>Sorry</H2 >Next", "<p><strong>Sorry</strong></p>Next"),
        ("<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"),
        ("<a href='https://e.test'>Here</a><script>x()</script>", "Here (https://e.test)"),
        ("Plain < text", "Plain &lt; text"),
    ],
)
def test_message_keeps_its_words_and_has_no_headings(message, shown):
    assert sanitised_message(message) == shown
