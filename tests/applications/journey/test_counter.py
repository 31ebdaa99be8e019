"""The lists of the first page."""

import pytest
from django.db import connection
from django.urls import reverse

from applications.submission.delivery import deliver_next
from tests.applications.people import another_person, submit_told


@pytest.fixture
def unreadable(ready):
    """`unreadable()`: a draft whose answers were sealed with a key that is no longer there."""

    def make(application=None):
        application = application or ready(first_name="Zoé", **another_person(2))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE applications_application SET answers = replace(answers, 'v1.', 'v1.gone-')"
                " WHERE reference_id = %s",
                [application.reference_id],
            )
        return application

    return make


def test_draft_that_cannot_be_read_is_listed_by_its_reference(walker, ready, unreadable, store, caplog):
    readable, lost = ready(), unreadable()
    page = walker.get(reverse("counter"))
    assert page.status == 200
    assert f"{lost.reference_id} Its answers cannot be read. Tell {store.merchant.support_contact}." in page.text
    assert reverse("application", args=[lost.pk]) not in page.links
    assert reverse("application", args=[readable.pk]) in page.links
    [error] = [record for record in caplog.records if record.levelname == "ERROR"]
    assert error.getMessage() == f"The answers of {lost.reference_id} cannot be opened"
    assert error.exc_info is None


def test_draft_that_cannot_be_read_is_listed_in_french_too(walker, unreadable, store):
    unreadable()
    walker.client.cookies["language"] = "fr"
    page = walker.get(reverse("counter"))
    assert f"Ses réponses ne peuvent pas être lues. Avisez {store.merchant.support_contact}." in page.text


def test_sent_application_that_cannot_be_read_is_listed_by_its_reference(walker, ready, unreadable, associate):
    sent = ready(middle_name="A-RR_L")
    submit_told(sent, by=associate)
    deliver_next()
    unreadable(sent)
    listed = walker.get(reverse("counter")).text.partition("Sent from this store")[2]
    assert f"{sent.reference_id} Its answers cannot be read." in listed
    assert "Approved" in listed
