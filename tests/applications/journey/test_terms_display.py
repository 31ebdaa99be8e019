"""Terms that cannot be shown with every word: said, recorded and counted, and not accepted where that is wanted."""

import hashlib
import logging

import pytest
from django.db import transaction

from applications.journey import terms_display
from applications.journey.terms_display import accepted_html, display_of
from applications.journey.terms_html import sanitised
from applications.models import TermsAcceptance, TermsDisplay, TermsDocument
from applications.monitoring import tallies
from audit.events import record, timeline
from audit.names import EventName
from tests.factories import TermsDocumentFactory

IN_PART = b"<h1>Agreement</h1><p>You pay 31.99 %.</p><iframe src='https://e.test/the-rest'></iframe>"


@pytest.fixture
def at_terms_in_part(walker):
    walker.arrive("terms")
    digest = hashlib.sha256(IN_PART).hexdigest()
    TermsDocument.objects.update(content=IN_PART, sha256=digest)
    TermsDisplay.objects.all().delete()
    return walker


def shown(walker):
    return [event for event in timeline(walker.application) if event.name == EventName.TERMS_SHOWN][-1]


@pytest.fixture
def must_be_whole(settings):
    settings.TERMS_MUST_BE_WHOLE = True


def in_part_now(content):
    TermsDocument.objects.update(content=content, sha256=hashlib.sha256(content).hexdigest())
    TermsDisplay.objects.all().delete()


def test_terms_in_part_are_accepted_and_it_is_said_and_recorded(at_terms_in_part, caplog):
    walker = at_terms_in_part
    with caplog.at_level(logging.ERROR):
        page = walker.open("terms")
    assert "A part of this document cannot be shown here" in page.text
    assert "You pay 31.99 %." in page.text
    assert "1 part that is no readable text" in page.text
    asked = "Before you agree, you may ask Flexiti for the whole document at 1-877-259-3750."
    assert page.text.count(asked) == 2
    assert page.text.rindex(asked) > page.text.index("Who held the device") > page.text.index("You pay")
    assert "Turn the screen to the customer" in page.text
    detail = shown(walker).detail
    assert (detail["complete"], detail["missing"], detail["left_out"]) == (False, 0, 1)
    assert [record.levelname for record in caplog.records if "cannot be shown in full" in record.message] == ["ERROR"]
    assert tallies.observed(tallies.TERMS_IN_PART)["en", ""].count == 1

    assert walker.accept(page).url == walker.url("check")
    assert walker.acceptance.display == TermsDisplay.objects.get()
    (event,) = [event for event in timeline(walker.application) if event.name == EventName.TERMS_ACCEPTED]
    assert (event.detail["complete"], event.detail["missing"], event.detail["left_out"]) == (False, 0, 1)
    again = walker.open("terms")
    assert "Not the whole document was on the page." in again.text
    assert "1 part that is no readable text" in again.text


def test_terms_in_part_are_told_in_both_languages(at_terms_in_part):
    walker = at_terms_in_part
    in_part_now(b"<p>You pay.</p><iframe></iframe>\xff")
    walker.client.cookies["language"] = "fr"
    page = walker.open("terms")
    assert "Une partie de ce document ne peut pas être affichée ici" in page.text
    assert "2 parties qui ne sont pas du texte lisible" in page.text
    assert 'au <span class="phone">1\u00a0877\u00a0259-3750</span>' in page.html
    spoken = [one for one in page.elements("blockquote") if one.get("lang") == "en"]
    assert "2 parts that are no readable text" in "".join(spoken[0].itertext())
    walker.post(walker.url("terms"), {"switch_customer_language": "fr-CA"})
    TermsDocument.objects.update(content=IN_PART)
    TermsDisplay.objects.all().delete()
    in_french = walker.open("terms")
    asked = "Avant de donner votre accord, vous pouvez demander le document complet à Flexiti, au <span"
    assert in_french.html.count(asked) == 2


def test_nothing_to_read_is_nothing_to_accept(at_terms_in_part):
    walker = at_terms_in_part
    in_part_now(b"<iframe src='https://e.test/all'></iframe>")
    page = walker.open("terms")
    assert "cannot be accepted here" in page.text
    assert 'name="accept"' not in page.html
    walker.accept(page, digest=TermsDocument.objects.get().sha256)
    assert not TermsAcceptance.objects.exists()


@pytest.mark.usefixtures("must_be_whole")
def test_terms_that_must_be_whole_are_not_accepted_in_part(at_terms_in_part, caplog):
    walker = at_terms_in_part
    with caplog.at_level(logging.ERROR):
        page = walker.open("terms")
    assert "cannot be accepted here" in page.text
    assert "You pay 31.99 %." in page.text
    assert "1 part that is no readable text" in page.text
    assert hashlib.sha256(IN_PART).hexdigest() in page.text
    assert 'name="accept"' not in page.html
    assert "Say to the customer" in page.text
    assert "Turn the screen to the customer" not in page.text
    detail = shown(walker).detail
    assert (detail["complete"], detail["missing"], detail["left_out"]) == (False, 0, 1)
    assert [record.levelname for record in caplog.records if "cannot be shown in full" in record.message] == ["ERROR"]
    assert tallies.observed(tallies.TERMS_IN_PART)["en", ""].count == 1

    again = walker.accept(page, digest=hashlib.sha256(IN_PART).hexdigest())
    assert again.url == walker.url("terms")
    assert "cannot be accepted here" in again.text
    assert not TermsAcceptance.objects.exists()


def test_missing_words_are_said(at_terms_in_part, monkeypatch):
    TermsDocument.objects.update(content=b"<p>You must not pay</p>")
    monkeypatch.setattr(terms_display, "sanitised", lambda html: sanitised(html.replace("not", "")))
    assert "1 word of the document is missing" in at_terms_in_part.open("terms").text
    assert shown(at_terms_in_part).detail["missing"] == 1


def test_french_version_in_part_is_given_first(walker):
    walker.arrive("terms", province="QC")
    TermsDocument.objects.update(content=IN_PART, sha256=hashlib.sha256(IN_PART).hexdigest())
    page = walker.open("terms")
    assert "A part of this document cannot be shown here" in page.text
    walker.post(walker.url("terms"), {"choose_english": "yes", "digest": page.hidden("digest")})
    (event,) = [event for event in timeline(walker.application) if event.name == EventName.TERMS_LANGUAGE_CHOSEN]
    assert event.detail["terms"] == hashlib.sha256(IN_PART).hexdigest()


@pytest.mark.usefixtures("must_be_whole")
def test_french_version_in_part_is_no_version_given_first_where_it_must_be_whole(walker):
    walker.arrive("terms", province="QC")
    TermsDocument.objects.update(content=IN_PART, sha256=hashlib.sha256(IN_PART).hexdigest())
    page = walker.open("terms")
    assert "choose_english" not in page.html
    walker.post(walker.url("terms"), {"choose_english": "yes", "digest": hashlib.sha256(IN_PART).hexdigest()})
    names = [event.name for event in timeline(walker.application)]
    assert EventName.TERMS_LANGUAGE_CHOSEN not in names


def test_terms_shown_before_displays_were_kept_are_shown_again(walker):
    page = walker.arrive("terms")
    TermsDocument.objects.update(sha256="0" * 64)
    application = walker.application
    with transaction.atomic():
        record(
            EventName.TERMS_SHOWN,
            subject=application,
            merchant_id=application.merchant_id,
            by=application.created_by,
            detail={"terms": "0" * 64, "language": "en", "province": "ON"},
        )
    again = walker.accept(page, digest="0" * 64)
    assert "have changed" in again.text
    assert walker.accept(again).url == walker.url("check")


@pytest.mark.django_db
def test_display_is_kept_once_and_outlives_the_code_that_made_it(monkeypatch):
    document = TermsDocumentFactory(content=b"<h1>Agreement</h1><p>You <i>agree</i>.</p>")
    first = display_of(document)
    assert display_of(document) == first
    monkeypatch.setattr(terms_display, "sanitised", lambda html: sanitised(html.replace("<i>", "").replace("</i>", "")))
    second = display_of(document)
    assert second != first
    assert (first.words, second.words) == (4, 4)
    assert accepted_html(TermsAcceptance(document=document, display=first)) == "<h2>Agreement</h2><p>You agree.</p>"
    monkeypatch.undo()
    assert accepted_html(TermsAcceptance(document=document, display=first)) == first.html
    assert accepted_html(TermsAcceptance(document=document)) == first.html


@pytest.mark.django_db
def test_what_somebody_wrote_into_the_database_is_harmless_too():
    document = TermsDocumentFactory()
    display = TermsDisplay(document=document, html="<p onclick='x()'>You agree.<script>x()</script></p>")
    assert accepted_html(TermsAcceptance(document=document, display=display)) == "<p>You agree.</p>"


@pytest.mark.usefixtures("must_be_whole")
def test_terms_that_must_be_whole_are_refused_in_french_too(at_terms_in_part):
    at_terms_in_part.client.cookies["language"] = "fr"
    page = at_terms_in_part.open("terms")
    assert "Ces conditions ne peuvent pas être acceptées ici" in page.text
    assert "1 partie qui n’est pas du texte lisible" in page.text
    assert "Une partie de ce document" not in page.text
    assert 'name="accept"' not in page.html
