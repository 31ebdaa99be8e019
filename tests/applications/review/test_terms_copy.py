"""The terms as they were shown, years later."""

import hashlib

import pytest
from django.urls import reverse

from applications.models import TermsDocument
from audit.events import timeline
from audit.names import EventName
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import StoreFactory, TermsDocumentFactory

DANGEROUS = b"<h1>Agreement</h1><script>alert(1)</script><p onclick='x()'>You agree \xe9.</p>"


@pytest.fixture
def accepted(ready):
    application = ready()
    acceptance = application.acceptances.get()
    digest = hashlib.sha256(DANGEROUS).hexdigest()
    TermsDocument.objects.update(content=DANGEROUS, content_type="text/html; charset=iso-8859-1", sha256=digest)
    return application, acceptance


def address(application, acceptance, name="review_terms"):
    return reverse(name, args=[application.pk, acceptance.pk])


def test_terms_are_shown_as_the_customer_saw_them_and_harmless(manager_client, accepted):
    application, acceptance = accepted
    html = manager_client.get(address(application, acceptance)).content.decode()
    assert "<h2>Agreement</h2>" in html
    assert "You agree é." in html
    assert "alert(1)" not in html
    assert "onclick" not in html
    assert hashlib.sha256(DANGEROUS).hexdigest() in html
    assert "The customer" in html
    event = timeline(application).get(name=EventName.PRINTED)
    assert event.detail["document"] == "terms"
    assert event.detail["terms"] == hashlib.sha256(DANGEROUS).hexdigest()


def test_bytes_are_exact_and_never_a_page(manager_client, accepted):
    application, acceptance = accepted
    answer = manager_client.get(address(application, acceptance, "review_terms_bytes"))
    assert answer.content == DANGEROUS
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="terms-en-ON-')


def test_french_version_that_came_first_is_kept_beside(manager_client, accepted):
    application, acceptance = accepted
    assert manager_client.get(address(application, acceptance, "review_terms_bytes") + "?french").status_code == 404
    french = TermsDocumentFactory(language="fr", province="QC", content=b"<p>Vous acceptez.</p>")
    application.acceptances.update(french_document=french)
    html = manager_client.get(address(application, acceptance)).content.decode()
    assert "Vous acceptez." in html
    assert "This French version was given first" in html
    answer = manager_client.get(address(application, acceptance, "review_terms_bytes") + "?french")
    assert answer.content == bytes(french.content)


def test_acceptance_of_another_application_is_not_there(manager_client, accepted, ready):
    _, acceptance = accepted
    assert manager_client.get(address(ready(), acceptance)).status_code == 404


@pytest.mark.parametrize("name", ["review_terms", "review_terms_bytes"])
def test_strangers_find_nothing(accepted, associate, name):
    assert signed_in(associate).get(address(*accepted, name)).status_code == 403
    stranger = signed_in(person("stranger", StoreFactory(), Role.MANAGER))
    assert stranger.get(address(*accepted, name)).status_code == 404


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 words of the document are missing. 1 part that is no readable text"),
        ("fr", "3 mots du document manquent à l’écran. 1 partie qui n’est pas du texte lisible"),
    ],
)
def test_terms_that_were_shown_in_part_say_so(manager_client, accepted, language, said):
    application, acceptance = accepted
    manager_client.cookies["language"] = language
    assert said not in manager_client.get(address(application, acceptance)).content.decode()
    display = acceptance.document.displays.create(
        sha256="0" * 64, html="<p>You agree.</p>", words=6, missing_words=3, left_out=1, is_complete=False
    )
    application.acceptances.update(display=display)
    assert said in manager_client.get(address(application, acceptance)).content.decode()
