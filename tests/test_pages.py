"""Each rule of tests/pages has a page that breaks it, and the good page breaks none."""

import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.test import override_settings
from django.urls import path

from tests.pages import CheckedClient, check_borrowed_page, check_fragment, check_headers, check_page

GOOD = """<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Identity – Credit counter</title>
    <link rel="stylesheet" href="/static/portal.css">
    <script src="/static/enhance.js" defer></script>
    <script id="options" type="application/json">{"a": "{{ kept as data }}"}</script>
    <noscript><meta http-equiv="refresh" content="5; url=/applications/1/"></noscript>
  </head>
  <body>
    <a class="skip-link" href="#main">Skip to the content</a>
    <main id="main">
      <h1>Identity</h1>
      <svg aria-hidden="true" viewBox="0 0 1 1"><path d="M0 0"/></svg>
      <svg role="img" viewBox="0 0 1 1"><title>Seven of ten</title><path d="M0 0"/></svg>
      <img src="/static/mark.svg" alt="">
      <p>Call <a href="tel:+18772593750">1-877-259-3750</a> or <a href="mailto:help@example.com">write</a>.</p>
      <ul><li><a href="#first_name">Type the first name</a></li></ul>
      <form method="post" action="/applications/1/identity" autocomplete="off" data-applicant novalidate>
        <input type="hidden" name="csrfmiddlewaretoken" value="abc">
        <label for="first_name">First name</label>
        <input id="first_name" name="first_name" aria-describedby="hint">
        <p id="hint">As on the document.</p>
        <label><input type="checkbox" name="agreed"> Agreed</label>
        <select name="province" aria-label="Province"><option value="">Choose</option></select>
        <button type="submit">Continue</button>
      </form>
      <form method="get" action="?"><input name="q" aria-label="Search"><button type="submit">Find</button></form>
      <button type="submit" form="leave">Leave</button>
      <form id="leave" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="abc"></form>
    </main>
  </body>
</html>
"""


def test_good_page_passes() -> None:
    check_page(GOOD, url="/", language="en")
    check_borrowed_page(GOOD, url="/admin/")


@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("<!DOCTYPE html>", "", "does not begin with <!doctype html>"),
        ("<!DOCTYPE html>", '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN">', "does not begin with"),
        ("<h1>Identity</h1>", "<h1>Identity</h2>", "line 14: End tag (h2) seen too early"),
        ("<p>Call", "<p id=p id=q>Call", "Dropped duplicate attribute"),
        ("<p>Call", "</div><p>Call", "End tag (div) seen too early"),
        ("<p>Call", "<p>Q&A&b; Call", "Named entity expected"),
        ("<h1>Identity</h1>", "", "0 <h1> instead of one"),
        ("<h1>Identity</h1>", "<h1>Identity</h1><h1>Again</h1>", "2 <h1> instead of one"),
        ("<h1>Identity</h1>", "<h1> <span></span></h1>", "<h1> is empty"),
        ("<title>Identity – Credit counter</title>", "", "the title is missing"),
        ("Identity – Credit counter", " ", "the title is missing"),
        ("Identity – Credit counter", " – Credit counter", "begins with nothing"),
        ('<html lang="en">', '<html lang="fr">', '<html lang="fr"> on a page in "en"'),
        ('<html lang="en">', "<html>", '<html lang="None"> on a page in "en"'),
        ('<p id="hint">', '<p id="hint"></p><p id="hint">', 'id "hint" is given 2 times'),
        ('<p id="hint">', '<p id="hint"></p><p id="">', 'id "" is empty'),
        ('for="first_name"', 'for="last_name"', 'for of <label for="last_name"> refers to "last_name"'),
        ('aria-describedby="hint"', 'aria-describedby="hint gone"', 'refers to "gone"'),
        ('aria-label="Province"', 'aria-labelledby="gone"', 'refers to "gone"'),
        ('href="#first_name"', 'href="#gone"', 'refers to "gone"'),
        ('href="#first_name"', 'href="#"', 'refers to ""'),
        ('form="leave"', 'form="gone"', 'refers to "gone"'),
        ("<p>Call", '<p hx-target="#gone">Call', 'refers to "gone"'),
        ('for="first_name"', 'for="hint"', "which takes no label"),
        ("<p>Call", "<script>go()</script><p>Call", "inline script <script>"),
        ("<p>Call", '<script type="module">go()</script><p>Call', "inline script <script>"),
        ("<p>Call", '<p style="color:red">Call', "style attribute on <p>"),
        ("<p>Call", "<style>p {}</style><p>Call", "inline <style>"),
        ("<p>Call", '<p onclick="go()">Call', "handler onclick on <p>"),
        ("<p>Call", '<p hx-on:click="go()">Call', "handler hx-on:click on <p>"),
        ('href="tel:+18772593750"', 'href="https://example.com/"', "leaves this host"),
        ('href="tel:+18772593750"', 'href="//example.com/"', "leaves this host"),
        ('href="tel:+18772593750"', 'href="/\\example.com/"', "leaves this host"),
        ('src="/static/mark.svg"', 'src="data:image/png;base64,AA=="', "leaves this host"),
        ('action="/applications/1/identity"', 'action="http://example.com/"', "leaves this host"),
        ("url=/applications/1/", "url=https://example.com/", "refreshes to another host"),
        ("<p>Call", "<iframe></iframe><p>Call", "<iframe> has no place here"),
        ('<meta charset="utf-8">', '<meta charset="utf-8"><base href="/">', "<base"),
        ('href="tel:+18772593750"', 'href="javascript:go()"', "code in href"),
        ('href="tel:+18772593750"', 'href=" java&#10;script:go()"', "code in href"),
        ('alt=""', "", "no alt on <img>"),
        ('<svg aria-hidden="true"', "<svg", 'neither aria-hidden nor role="img"'),
        ("<title>Seven of ten</title>", "", 'neither aria-hidden nor role="img"'),
        ('<label for="first_name">First name</label>', "", 'no label for <input id="first_name"'),
        (">First name<", "> <", 'no label for <input id="first_name"'),
        ("> Agreed", ">", 'no label for <input name="agreed">'),
        (' aria-label="Province"', "", 'no label for <select name="province">'),
        (
            '<select name="province" aria-label="Province"><option value="">Choose</option></select>',
            '<label><select name="bare"><option value="">Choose</option></select></label>',
            'no label for <select name="bare">',
        ),
        ('<button type="submit">Continue', "<button>Continue", "no type on <button>"),
        ('<button type="submit">Continue', '<button type="submit">', "no words in <button>"),
        (">1-877-259-3750<", "><", "no words in <a"),
        ("<main", "<div", "0 <main> instead of one"),
        ("<h1>Identity</h1>", "<h1>Identity</h1><main></main>", "2 <main> instead of one"),
        ('href="#main"', 'href="/"', "the first link does not skip to <main>"),
        ('href="#main"', 'href="#hint"', "the first link does not skip to <main>"),
        (' autocomplete="off" data-applicant', " data-applicant", "autocomplete is not off on <input"),
        ('name="first_name"', 'name="first_name" autocomplete="given-name"', "autocomplete is not off"),
        ('method="post" action="/applications/1/identity"', 'action="/"', "applicant's answers into the address"),
        ('<input type="hidden" name="csrfmiddlewaretoken" value="abc">', "", "0 csrfmiddlewaretoken in <form"),
        ('name="csrfmiddlewaretoken" value="abc"', 'name="csrfmiddlewaretoken" value=""', "0 csrfmiddlewaretoken"),
        ('method="post" action="/applications/1/identity"', 'action="/"', "csrfmiddlewaretoken into the address"),
        ("As on the document.", "As on the {{ document }}.", "template code in or after <p"),
        ("As on the document.", "As on the {% trans document %}.", "template code in or after <p"),
        ("As on the document.", "<b>As</b> {# note #}", "template code in or after <b>"),
        ("As on the document.", "None", "None stands in or after <p"),
        ("As on the document.", "<b>As</b> None ", "None stands in or after <b>"),
        ('name="agreed"', 'name="agreed" value="None"', "value of <input"),
        ('name="agreed"', 'name="{{ name }}"', "is template code or None"),
        ("<ul><li>", "<ul><p>No item</p><li>", "<p> stands in <ul> without an item"),
    ],
)
def test_page_that_breaks_a_rule_is_refused(good: str, bad: str, complaint: str) -> None:
    assert good in GOOD
    with pytest.raises(AssertionError) as refused:
        check_page(GOOD.replace(good, bad), url="/applications/1/identity", language="en")
    assert complaint in str(refused.value)
    assert str(refused.value).startswith("/applications/1/identity breaks the rules")


def test_complaint_shows_nothing_a_person_typed() -> None:
    page = GOOD.replace('name="first_name"', 'name="first_name" value="Geneviève" style=""')
    with pytest.raises(AssertionError) as refused:
        check_page(page, url="/", language="en")
    assert "Geneviève" not in str(refused.value)


@pytest.mark.parametrize(
    "fragment",
    [
        '<div id="waiting" hx-target="#main"><p aria-describedby="outside">Waiting</p></div>',
        '<tr id="row"><td>1</td></tr>',
        '<option value="ON">Ontario</option><option value="QC">Québec</option>',
        "only words",
    ],
)
def test_good_fragment_passes(fragment: str) -> None:
    check_fragment(fragment, url="/poll")


@pytest.mark.parametrize(
    ("fragment", "complaint"),
    [
        ('<p id="a">1</p><p id="a">2</p>', 'id "a" is given 2 times'),
        ("<script>go()</script>", "inline script"),
        ('<p style="">1</p>', "style attribute"),
        ('<tr><td onclick="go()">1</td></tr>', "handler onclick"),
        ('<a href="https://example.com">1</a>', "leaves this host"),
        ("<p>{{ outcome }}</p>", "template code"),
        ("<form method=post></form>", "0 csrfmiddlewaretoken"),
    ],
)
def test_fragment_that_breaks_a_rule_is_refused(fragment: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        check_fragment(fragment, url="/poll")


@pytest.mark.parametrize("bad", ["<script>go()</script>", '<p style="">1</p>', '<a href="https://example.com">1</a>'])
def test_borrowed_page_that_could_do_harm_is_refused(bad: str) -> None:
    check_borrowed_page("<p>another's markup, <b>not ours</p>", url="/admin/")
    with pytest.raises(AssertionError):
        check_borrowed_page(bad, url="/admin/")


SAFE = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("Content-Security-Policy", "", "default-src 'none'"),
        ("Content-Security-Policy", "default-src 'self'", "default-src 'none'"),
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'", "allows 'unsafe-'"),
        ("Cache-Control", "private", "not no-store"),
        ("X-Content-Type-Options", "", "not nosniff"),
        ("Referrer-Policy", "unsafe-url", "tells others"),
    ],
)
def test_headers_that_let_a_browser_do_harm_are_refused(name: str, value: str, complaint: str) -> None:
    check_headers(SAFE, url="/")
    with pytest.raises(AssertionError, match=complaint):
        check_headers({**SAFE, name: value}, url="/")


def respond(request: HttpRequest, kind: str) -> HttpResponse:
    headers = {**SAFE, "Content-Language": request.GET.get("language", "en")}
    responses = {
        "good": lambda: HttpResponse(GOOD, headers=headers),
        "bad": lambda: HttpResponse(GOOD.replace("<h1>", "<h2>"), headers=headers),
        "bare": lambda: HttpResponse(GOOD),
        "fragment": lambda: HttpResponse("<p>Waiting</p>", headers=headers),
        "bad-fragment": lambda: HttpResponse('<p style="">Waiting</p>', headers=headers),
        "json": lambda: JsonResponse({"style": "<p style>"}),
        "moved": lambda: HttpResponseRedirect(request.GET["to"], headers=headers),
    }
    return responses[kind]()


urlpatterns = [path("<kind>", respond), path("admin/<kind>", respond)]


@pytest.fixture
def checked() -> CheckedClient:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[]):
        yield CheckedClient()


@pytest.mark.parametrize("address", ["/good", "/fragment", "/json", "/moved?to=/", "/admin/good", "/admin/bad"])
def test_client_hands_over_what_is_right(checked: CheckedClient, address: str) -> None:
    assert checked.get(address).status_code in {200, 302}
    assert checked.post(address).status_code in {200, 302}


@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("/bad", r"GET /bad \(200\) breaks the rules"),
        ("/bare", "no Content-Security-Policy"),
        ("/bad-fragment", "style attribute"),
        ("/admin/bad-fragment", "style attribute"),
        ("/good?language=fr", '<html lang="en"> on a page in "fr"'),
    ],
)
def test_client_refuses_what_is_wrong(checked: CheckedClient, address: str, complaint: str) -> None:
    with pytest.raises(AssertionError, match=complaint):
        checked.get(address)


def test_client_checks_every_page_on_the_way(checked: CheckedClient) -> None:
    assert checked.get("/moved?to=/good", follow=True).redirect_chain == [("/good", 302)]
    with pytest.raises(AssertionError, match=r"GET /bad \(200\)"):
        checked.get("/moved?to=/bad", follow=True)
