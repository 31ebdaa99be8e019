"""A correction stands beside what was sent, which stays as it is."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from applications.models import Application
from applications.purge import BY_PERIOD
from applications.retention.asking import text_given
from applications.retention.correcting import CORRECTABLE
from applications.retention.erasing import erase_answers
from applications.review.models import Correction
from audit.events import timeline
from tests.factories import StoreFactory


@pytest.fixture
def correct(store, manager, monkeypatch):
    def run(application, text="It is apartment 2", **options):
        monkeypatch.setattr("sys.stdin", io.StringIO(text))
        options = {"merchant": store.merchant.name, "by": manager.username, **options}
        call_command("correct_application", application.reference_id, **options)

    return run


def test_correction_stands_beside_what_was_sent(pending, correct, manager, manager_client):
    before = (pending.answers, pending.attempts.get().snapshot, pending.attempts.get().digest)
    correct(pending, field="address_1")
    after = Application.objects.get(pk=pending.pk)
    assert (after.answers, after.attempts.get().snapshot, after.attempts.get().digest) == before
    event = timeline(pending).last()
    noted = Correction.objects.get()
    assert (event.name, event.actor_id) == ("correction_noted", str(manager.pk))
    assert event.detail == {"correction": str(noted.pk), "field": "address_1"}
    html = manager_client.get(reverse("review_application", args=[pending.pk])).content.decode()
    assert "It is apartment 2" in html
    assert "Corrections the customer asked for" in html
    assert "A correction of one answer was noted" in html


def test_correction_is_sealed(pending, correct):
    correct(pending)
    assert "apartment" not in str(Correction.objects.values_list("text", flat=True).get())
    assert Correction.objects.get().text == "It is apartment 2"


def test_secrets_are_not_written_into_a_correction():
    assert not {"sin", "security_answer", "piw", "govid_number"} & set(CORRECTABLE)
    assert "phone_number" in CORRECTABLE


def test_draft_is_corrected_in_its_form(ready, correct):
    with pytest.raises(CommandError, match="not sent"):
        correct(ready())
    assert not Correction.objects.exists()


@pytest.mark.parametrize("text", ["", "x" * 1001])
def test_text_is_neither_missing_nor_a_book(pending, correct, text):
    with pytest.raises(CommandError, match="1,000 characters"):
        correct(pending, text=text)


def test_text_that_is_no_text_is_told(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Apartment \xff"), encoding="utf-8"))
    with pytest.raises(CommandError, match="standard input cannot be read"):
        text_given(None, "")


def test_what_is_erased_has_nothing_to_correct(decided, correct):
    application = decided(middle_name="A-RR_L")
    with transaction.atomic():
        erase_answers(application, why=BY_PERIOD)
    with pytest.raises(CommandError, match="its answers are erased"):
        correct(application)


def test_merchant_that_is_not_there_is_said_with_those_that_are(pending, correct):
    with pytest.raises(CommandError, match=f"such as: {pending.merchant.name}"):
        correct(pending, merchant="Nowhere")


def test_application_of_another_merchant_is_not_there(pending, correct, manager):
    other = StoreFactory().merchant
    manager.is_superuser = True
    manager.save()
    with pytest.raises(CommandError, match="has no application"):
        correct(pending, merchant=other.name)
