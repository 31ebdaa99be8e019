"""Check answers, and the click that sends them."""

import pytest
from django.urls import reverse

from applications.journey import form_page, views
from applications.journey.position import position_of
from applications.models import Application
from applications.statuses import Status
from applications.submission.sealing import submit as seal_and_queue
from tests.applications.journey.walking import FORM_STEPS


def submit(walker, revision=None):
    revision = walker.application.revision if revision is None else revision
    return walker.client.post(reverse("submit", args=[walker.id]), {"revision": revision})


@pytest.fixture
def sent_meanwhile(walker, monkeypatch):
    """`sent_meanwhile(module)`: another window submits just after that module's view has read the application."""

    def arrange(module):
        def position_and_then(application):
            position = position_of(application)
            seal_and_queue(application, by=application.created_by, revision=application.revision)
            return position

        monkeypatch.setattr(module, "position_of", position_and_then)

    return arrange


@pytest.fixture
def outcome(walker, ready):
    walker.take(ready())
    return reverse("application", args=[walker.id])


def test_check_shows_every_answer_in_words(walker, ready):
    text = walker.take(ready(middle_name="A-RR_M")).open("check").text
    for words in ("$2,500.00", "Ontario", "Anne-Élise", "A-RR_M", "Passport", "M5V 2T6", "Full-time Employment"):
        assert words in text


def test_check_masks_what_is_secret(walker, ready):
    page = walker.take(ready()).open("check")
    assert "••• ••• 286" in page.text
    for secret in ("046454286", "046 454 286", "Mrs Horse", "Cloud"):
        assert secret not in page.html


def test_check_gives_choices_in_the_customers_language(walker, ready):
    page = walker.take(ready(language="fr-CA")).open("check")
    assert '<html lang="en">' in page.html
    assert [it.text for it in page.elements("span") if it.get("lang") == "fr"]


def test_check_in_french_writes_amounts_as_in_french(walker, ready):
    walker.client.cookies["language"] = "fr"
    assert "2 500,00 $" in walker.take(ready()).open("check").text


def test_check_leads_back_to_the_very_field_and_returns(walker, ready):
    page = walker.take(ready()).open("check")
    assert f"{walker.url('contact')}?return=check#id_city" in page.links
    assert walker.answer("contact", query="?return=check", city="Ottawa").url == walker.url("check")
    assert walker.answers.flat()["city"] == "Ottawa"


def test_change_that_is_refused_still_returns_to_the_check_afterwards(walker, ready):
    walker.take(ready())
    refused = walker.answer("contact", query="?return=check", city="")
    forms = [it.get("action") for it in refused.elements("form") if it.get("id") == "step-form"]
    assert forms == [walker.url("contact", "?return=check")]


def test_change_that_voids_the_terms_leads_to_them(walker, ready):
    walker.take(ready())
    page = walker.answer("start", query="?return=check", province="BC", language="en-CA")
    assert page.url == walker.url("terms")


def test_check_shows_warnings_beside_their_answers(walker, ready):
    page = walker.take(ready(postal_code="H7A0A1")).open("check")
    assert "usually in another province" in page.text


def test_check_says_what_was_not_given(walker, ready):
    assert "Not given" in walker.take(ready()).open("check").text


def test_check_switches_the_customers_language_to_new_terms(walker, ready):
    walker.take(ready())
    page = walker.post(walker.url("check"), {"switch_customer_language": "fr-CA"})
    assert page.url == walker.url("terms")


def test_check_switched_while_another_window_submits_leads_to_the_application(walker, outcome, sent_meanwhile):
    sent_meanwhile(views)
    page = walker.post(walker.url("check"), {"switch_customer_language": "fr-CA"})
    assert (page.status, page.url) == (200, outcome)
    assert walker.application.language == "en-CA"


def test_older_window_saved_while_another_submits_leads_to_the_application(walker, outcome, sent_meanwhile):
    sent_meanwhile(form_page)
    page = walker.post(walker.url("contact"), {"seen": "older", "city": ""})
    assert (page.status, page.url) == (200, outcome)


def test_submit_queues_once_however_often_it_is_clicked(walker, outcome):
    revision = walker.application.revision
    assert submit(walker, revision)["Location"] == outcome
    assert submit(walker, revision)["Location"] == outcome
    assert walker.application.attempts.count() == 1


def test_submit_needs_a_post(walker, outcome):
    assert walker.client.get(reverse("submit", args=[walker.id])).status_code == 405


def test_submit_of_answers_changed_since_they_were_shown_is_refused(walker, outcome):
    page = walker.open("check")
    walker.answer("contact", city="Ottawa")
    after = walker.post(reverse("submit", args=[walker.id]), {"revision": page.hidden("revision")})
    assert after.url == walker.url("check")
    assert "changed in another window" in after.text
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("revision", ["", "x", "-1", "²", "9" * 40, "9" * 5000])
def test_submit_with_a_revision_by_hand_is_refused(walker, outcome, revision):
    submit(walker, revision)
    assert walker.application.status == Status.DRAFT


def test_submit_without_acceptance_is_refused_whatever_is_posted(walker, outcome):
    walker.application.acceptances.all().delete()
    data = {"revision": walker.application.revision, "accept": "on", "tos_agreement": "true"}
    page = walker.post(reverse("submit", args=[walker.id]), data)
    assert page.url == walker.url("terms")
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("step", FORM_STEPS)
def test_submit_with_a_step_missing_leads_to_it(walker, outcome, step):
    application = walker.application
    answers = application.answers
    del answers["saved"][step]
    application.answers = answers
    application.save()
    page = walker.post(reverse("submit", args=[walker.id]), {"revision": application.revision})
    assert page.url == walker.url(step)
    assert walker.application.status == Status.DRAFT


def test_submit_with_something_typed_and_not_saved_leads_to_it(walker, outcome):
    walker.answer("income", personal_income="sixty", sin="")
    page = walker.post(reverse("submit", args=[walker.id]), {"revision": walker.application.revision})
    assert page.url == walker.url("income")
    assert page.value("personal_income") == "sixty"


def test_submit_after_expiry_says_that_the_draft_is_gone(walker, outcome):
    Application.objects.filter(pk=walker.id).update(status=Status.EXPIRED)
    page = walker.post(reverse("submit", args=[walker.id]), {"revision": walker.application.revision})
    assert "expired" in page.text
