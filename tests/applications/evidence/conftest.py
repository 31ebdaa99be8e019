"""An application of Quebec from the first sight of the terms to the answer, with all that it leaves behind."""

import hashlib

import pytest
from django.db import transaction

from applications.answers import Answers
from applications.consents import Consent, record_consent
from applications.journey import terms
from applications.journey.terms import Offered
from applications.journey.terms_display import display_of
from applications.models import ConsentKind, CustomerLanguage, DeviceHolder
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from audit.events import record
from audit.names import EventName
from tests.applications.submission.conftest import associate, credential, store  # noqa: F401
from tests.factories import ApplicationFactory, TermsDocumentFactory, saved_answers

FRENCH = "<h1>Conditions</h1><script>alert(1)</script><p>Vous acceptez, à vos frais.</p>".encode()
ENGLISH = b"<h1>Terms</h1><p onclick='x()'>You agree.</p>"


@pytest.fixture
def store_in_quebec(store):  # noqa: F811
    store.time_zone = "America/Vancouver"
    store.save()
    return store


@pytest.fixture
def agreed(store_in_quebec, associate, credential):  # noqa: F811
    """French terms first, English asked for and accepted, another inquiry agreed to; not submitted yet."""
    application = ApplicationFactory(
        store=store_in_quebec,
        credential=credential,
        created_by=associate,
        language=CustomerLanguage.ENGLISH,
        province="QC",
        answers=Answers(saved=saved_answers(language="en-CA", province="QC")).to_json(),
    )
    with transaction.atomic():
        record(EventName.APPLICATION_STARTED, subject=application, merchant_id=application.merchant_id, by=associate)
    french, english = document_in("fr", FRENCH), document_in("en", ENGLISH)
    terms.record_shown(application, display_of(french), by=associate)
    terms.choose_english(application, french, by=associate)
    terms.record_shown(application, display_of(english), by=associate)
    offered = Offered(english, french_first=french)
    terms.accept_terms(application, offered, english.sha256, device_holder=DeviceHolder.CUSTOMER, by=associate)
    consent = Consent(ConsentKind.WAITING, DeviceHolder.ASSOCIATE)
    with transaction.atomic():
        record_consent(application, consent, attempt=None, by=associate)
    return application


@pytest.fixture
def decided(agreed, associate):  # noqa: F811
    """Submitted, and answered by the lender."""
    submit(agreed, by=associate, revision=agreed.revision)
    deliver_next()
    agreed.refresh_from_db()
    assert agreed.status == "approved"
    return agreed


def document_in(language, content):
    return TermsDocumentFactory(
        language=language, province="QC", content=content, sha256=hashlib.sha256(content).hexdigest()
    )
