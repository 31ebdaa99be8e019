"""The words that a browser could show of HTML, and whether others stand beside them."""

import time
from pathlib import Path

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.html_text import document_of
from applications.visible_words import compared

SANDBOX_TERMS = sorted(Path("sandbox/terms").glob("*.html"))


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>31.99&nbsp;% a year</p>", "31 . 99 % a year"),
        ("<p>One</p><p>Two</p>Three<br>Four", "One Two Three Four"),
        ("in<b>ter</b>est", "interest"),
        ("<table><tr><td>A</td><td>B</td></tr></table>", "A B"),
        ("<td>A</td><td>B</td>", "AB"),
        ("<p hidden>Hidden <span style='display:none'>too</span></p>", "Hidden too"),
        ("<script>var a = '<p>no</p>'</script><style>p{}</style><title>No</title>Yes", "Yes"),
        ("<SCRIPT>no</script >Yes", "Yes"),
        ("<script>never ends", ""),
        ("<template>no<template>no</template>no</template>Yes", "Yes"),
        ("<noscript>Yes <b>too</b></noscript>", "Yes too"),
        ("<textarea>a &amp; <b></textarea>", "a & < b >"),
        ("<plaintext>a</plaintext>", "a < / plaintext >"),
        ("a<!-- no -->b<!-->c<!--->d<!-- no --!>e<!no>f<?no>g</ no>h</>i", "abcdefghi"),
        ("Yes<!-- never ends", "Yes"),
        ('<p title="a > b">Yes<p title=\'never ends>', "Yes"),
        ("<p title=a>Yes</p title='>'>!", "Yes !"),
        ("a < b &lt; c <", "a < b < c <"),
        ("a&eacuteb &#233; &#x92;", "aéb é ’"),
        ("<svg><title>a</title><![CDATA[b]]></svg><![CDATA[no]]>", "ab"),
        ("<svg/><style>no</style>Yes", "Yes"),
        (
            "<img alt='The mark'><input value=Box><input type=hidden value=no><input type=image alt=Go>",
            "The mark Box Go",
        ),
        ("one\0two\x01", "onetwo \ufffd"),
    ],
)
def test_words_are_those_of_the_standard(html, words):
    assert document_of(html).words == words.split()


@pytest.mark.parametrize("file", SANDBOX_TERMS, ids=lambda file: file.name)
def test_words_of_terms_are_those_of_another_parser(file):
    root = html5lib.parseFragment(file.read_text(), namespaceHTMLElements=False)
    assert "".join(document_of(file.read_text()).words) == "".join("".join(root.itertext()).split())


@pytest.mark.parametrize(
    "html",
    [
        "<iframe src=/all></iframe>",
        "<object data=/all>fallback</object>",
        "<frameset><frame src=/all></frameset>",
        "<meta http-equiv=Refresh content='0; URL=/all'>",
        "<style>p::after { content: 'plus 3 %' }</style>",
        "<style>p::after { content: '\\70lus' }</style>",
        "<style>p::after { content: counter(a) /* ' */ '%' \"plus 3\" }</style>",
        "<style>p::after { content: '\\'; b' }</style>",
        "<video src=/all></video>",
    ],
)
def test_words_from_elsewhere_are_left_out(html):
    assert document_of(html).embedded
    assert not compared(f"<p>Words</p>{html}", "<p>Words fallback</p>").is_complete


@pytest.mark.parametrize(
    "sheet",
    [
        "q:before { content: '\\201C' } q:after { content: \"\\201D \" }",
        "li::before { content: '•' } .a { content: '\\f101'; color: '1' }",
        "p::after { content: '' } p::before { content: url('logo1.png') }",
        "p { justify-content: center; quotes: 'a' }",
        "p::after { content: '\\FFFFFF \\a' }",
    ],
)
def test_signs_that_a_style_adds_are_no_words(sheet):
    assert not document_of(f"<style>{sheet}</style>").embedded


@pytest.mark.parametrize("piece", ["content", "content:", "content:'", "content:(", "/*", "content:'\\", "\\"])
def test_time_to_read_a_style_is_in_proportion_to_its_length(piece):
    began = time.process_time()
    document_of(f"<style>{piece * 50_000}")
    assert time.process_time() - began < 3


@given(st.text(alphabet="<>/ap!-\"'= &;#x1tdscript[]", max_size=80))
def test_reading_ends_whatever_is_read(html):
    seen = document_of(html)
    assert len("".join(seen.words)) <= 2 * len(html)


@pytest.mark.parametrize(
    "piece", ["<", "<!", "<!--", "<![CDATA[", "</", "<a ", "<a b=", "<a b='", "&", "<svg>", "<script>"]
)
def test_time_to_read_is_in_proportion_to_the_length(piece):
    began = time.process_time()
    document_of(piece * 50_000)
    assert time.process_time() - began < 3


# Beside what is shown


def test_more_than_the_original_is_complete():
    found = compared("<p>See <a href='https://e.test'>us</a>.</p>", "<p>See us (https://e.test).</p>")
    assert (found.is_complete, found.in_order, found.words, found.missing) == (True, True, 3, 0)


@pytest.mark.parametrize(
    ("shown", "missing"),
    [
        ("<p>You must pay</p>", 1),
        ("<p>You mustnot pay</p>", 2),
        ("", 4),
        ("<p>You must <script>not</script> pay</p>", 1),
    ],
)
def test_less_than_the_original_is_not_complete(shown, missing):
    found = compared("<p>You must <i>not</i> pay</p>", shown)
    assert (found.is_complete, found.missing) == (False, missing)


def test_one_of_two_like_words_is_missed():
    assert compared("pay, and pay again", "pay, and again").missing == 1


def test_another_order_is_complete_and_told():
    found = compared("<table><tr><td>A</td></tr>loose</table>", "loose<table><tr><td>A</td></tr></table>")
    assert (found.is_complete, found.in_order) == (True, False)


def test_byte_order_mark_is_no_word_that_could_be_missing():
    assert compared("<body>\ufeff<p>You must pay</p>", "<p>You must pay</p>").is_complete


@pytest.mark.parametrize("original", ["", "<p></p>", "<script>words</script>", "caf\ufffd"])
def test_nothing_to_read_is_not_complete(original):
    assert not compared(original, original).is_complete
