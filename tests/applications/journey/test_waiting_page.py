"""A lender that does not answer: what the associate reads, asks the customer, and may take back."""

import pytest
from django.urls import reverse

from applications.models import ConsentKind, CustomerConsent
from applications.monitoring import set_back
from applications.monitoring.models import Mark
from applications.statuses import Status
from applications.submission.claims import begin_sending, claim_next
from applications.submission.delivery import deliver_next
from applications.submission.sweep import sweep
from merchants.credentials.circuits import failed, succeeded
from merchants.models import Circuit
from posapi import NotReachable
from tests.applications.journey.walking import FORM_STEPS

AGREED = {"agree": "on", "device_holder": "customer"}
STRIP = "Flexiti is not answering at the moment"
HELD_BACK = {
    "en": ("Waiting for the portal", "Do not begin another one for this customer"),
    "fr": ("En attente du portail", "N’en commencez pas une autre pour ce client"),
}


@pytest.fixture
def silence(credential):
    """The circuit of the store's credential is open."""
    for _ in range(3):
        failed(credential, NotReachable("i18n"))


def url(walker, name, query=""):
    return reverse(name, args=[walker.id]) + query


def submit(walker):
    return walker.post(url(walker, "submit"), {"revision": walker.application.revision})


def agree(walker, **changes):
    page = submit(walker)
    data = {name: value for name, value in {**AGREED, **changes}.items() if value}
    return walker.post(page.form_action("let-it-wait"), data)


def wait(walker, ready, **changes):
    walker.take(ready(**changes))
    return agree(walker)


def test_strip_is_shown_once_while_the_circuit_is_open(walker, silence):
    home = walker.get(reverse("counter"))
    assert home.text.count(STRIP) == 1


def test_strip_goes_when_the_lender_is_back(walker, credential, silence):
    succeeded(credential)
    assert STRIP not in walker.get(reverse("counter")).text


def test_check_says_that_nothing_can_be_sent_now(walker, ready, silence):
    text = walker.take(ready()).open("check").text
    assert "nothing can be sent now" in text
    assert "usually within a minute" not in text


def test_submit_asks_the_customer_instead_of_queueing(walker, ready, silence, sandbox):
    walker.take(ready())
    page = submit(walker)
    assert page.url == url(walker, "let_it_wait")
    assert "The application may wait here" in page.text
    assert "we call you with the answer" in page.text
    assert (walker.application.status, walker.application.attempts.count()) == (Status.DRAFT, 0)


def test_question_is_in_french_too_and_speaks_the_customers_language(walker, ready, silence):
    walker.take(ready(language="fr-CA"))
    walker.client.cookies["language"] = "fr"
    text = submit(walker).text
    assert "Rien n’a été envoyé" in text
    assert "votre demande attend ici" in text
    assert "J’accepte que ma demande attende" in text


def test_consent_queues_it_and_shows_that_it_waits(walker, ready, silence, associate, sandbox):
    page = wait(walker, ready)
    assert "Waiting for Flexiti to answer again" in page.text
    assert "has not been sent yet" in page.text
    assert walker.application.reference_id in page.text
    consent = CustomerConsent.objects.get()
    assert (consent.kind, consent.device_holder, consent.recorded_by) == (ConsentKind.WAITING, "customer", associate)
    assert walker.application.status == Status.QUEUED


@pytest.mark.parametrize(("left_out", "said"), [("agree", "ticks this box"), ("device_holder", "Say who held")])
def test_without_consent_it_stays_a_draft(walker, ready, silence, left_out, said):
    walker.take(ready())
    page = agree(walker, **{left_out: ""})
    assert (page.status, walker.application.status) == (422, Status.DRAFT)
    assert said in page.text


def test_consent_to_answers_changed_elsewhere_is_refused(walker, ready, silence):
    walker.take(ready())
    page = submit(walker)
    walker.answer("contact", city="Ottawa")
    after = walker.post(page.form_action("let-it-wait"), AGREED)
    assert "changed in another window" in after.text
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("revision", ["", "?revision=", "?revision=x", "?revision=-1"])
def test_consent_without_what_was_checked_is_refused(walker, ready, silence, revision):
    walker.take(ready())
    walker.post(url(walker, "let_it_wait", revision), AGREED)
    assert walker.application.status == Status.DRAFT


def test_consent_twice_is_one_submission(walker, ready, silence):
    walker.take(ready())
    action = submit(walker).form_action("let-it-wait")
    first, second = walker.post(action, AGREED), walker.post(action, AGREED)
    assert first.url == second.url == url(walker, "application")
    assert (CustomerConsent.objects.count(), walker.application.attempts.count()) == (1, 1)


def test_same_person_is_told_of_before_waiting(walker, ready, silence):
    wait(walker, ready)
    walker.take(ready())
    assert submit(walker).url == url(walker, "same_person")
    query = f"?revision={walker.application.revision}"
    assert walker.get(url(walker, "let_it_wait", query)).url == url(walker, "same_person")


def test_question_is_not_asked_while_the_lender_answers(walker, ready):
    walker.take(ready())
    assert walker.get(url(walker, "let_it_wait")).url == walker.url("check")


def test_question_about_an_unfinished_draft_leads_back_to_it(walker, ready, silence):
    walker.take(ready())
    walker.application.acceptances.all().delete()
    assert walker.get(url(walker, "let_it_wait")).url == walker.url("terms")


def test_waiting_page_goes_on_when_it_is_being_sent(walker, ready, silence, credential):
    wait(walker, ready)
    asked = url(walker, "application_status", "?in_line=1")
    assert walker.client.get(asked).status_code == 204
    Circuit.objects.all().delete()
    begin_sending(claim_next())
    assert walker.client.get(asked)["HX-Redirect"] == url(walker, "application")
    assert walker.client.get(url(walker, "application_status")).status_code == 204
    assert "on its way to Flexiti" in walker.get(url(walker, "application")).text


def test_what_waited_ends_with_the_lenders_answer(walker, ready, silence):
    wait(walker, ready, middle_name="A-RR_L")
    Circuit.objects.all().delete()
    deliver_next()
    assert walker.client.get(url(walker, "application_status"))["HX-Redirect"]
    assert walker.application.status == Status.APPROVED


def test_take_back_keeps_the_answers(walker, ready, silence):
    page = wait(walker, ready)
    page = walker.post(page.form_action("take-back"), {})
    assert "It was taken back" in page.text
    assert "Let it wait" not in page.text
    assert walker.application.status == Status.FAILED
    assert walker.open("check").status == 200


def test_take_back_needs_a_post(walker, ready, silence):
    wait(walker, ready)
    assert walker.client.get(url(walker, "take_it_back")).status_code == 405


def test_take_back_of_a_colleague_elsewhere_is_not_found(walker, ready, silence, stranger_client):
    wait(walker, ready)
    assert stranger_client.post(url(walker, "take_it_back")).status_code == 404
    assert stranger_client.get(url(walker, "let_it_wait")).status_code == 404
    assert walker.application.status == Status.QUEUED


def test_submitted_just_before_the_silence_is_offered_to_wait(walker, ready, credential):
    walker.take(ready())
    submit(walker)
    for _ in range(3):
        failed(credential, NotReachable("i18n"))
    sweep()
    page = walker.get(url(walker, "application"))
    assert "Flexiti cannot be reached" in page.text
    assert "let it wait if the customer agrees" in page.text
    [link] = [link for link in page.links if "let-it-wait" in link]
    page = walker.post(walker.get(link).form_action("let-it-wait"), AGREED)
    assert "Waiting for Flexiti to answer again" in page.text


def test_send_again_into_the_silence_asks_first(walker, ready, credential):
    walker.take(ready())
    submit(walker)
    for _ in range(3):
        failed(credential, NotReachable("i18n"))
    sweep()
    assert walker.post(url(walker, "send_again"), {}).url == url(walker, "let_it_wait")


def test_drafts_go_on_while_the_lender_is_silent(walker, silence, sandbox):
    asked = sandbox.requests()
    walker.start()
    for name in FORM_STEPS:
        page = walker.answer(name)
    assert page.url == walker.url("terms")
    assert "The terms cannot be shown" in page.text
    assert sandbox.requests() == asked


def test_licence_scanned_into_the_silence_is_typed_instead(walker, silence, sandbox):
    walker.arrive("identity")
    asked = sandbox.requests()
    page = walker.post(url(walker, "scan"), {"code": "@ANSI 604428040101DL"})
    assert "Type the details below" in page.text
    assert sandbox.requests() == asked


def test_terms_fetched_before_the_silence_hold(walker, credential):
    walker.arrive("terms")
    for _ in range(3):
        failed(credential, NotReachable("i18n"))
    page = walker.accept()
    assert page.url == walker.url("check")
    assert submit(walker).url == url(walker, "let_it_wait")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_page_over_a_database_that_was_set_back_does_not_say_it_is_on_its_way(walker, ready, language, settings):
    walker.take(ready())
    submit(walker)
    asked = url(walker, "application_status")
    assert walker.client.get(asked).status_code == 204
    set_back.may_send()
    Mark.objects.update(place="where the backup was taken")
    assert walker.client.get(asked)["HX-Redirect"] == url(walker, "application")
    walker.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    text = walker.get(url(walker, "application")).text
    heading, warning = HELD_BACK[language]
    assert heading in text
    assert warning in text
    assert "take-back" not in text
    held = f"{asked}?in_line=1&held_back=1"
    assert walker.client.get(held).status_code == 204
    set_back.accept({"presumed": 0})
    assert walker.client.get(held)["HX-Redirect"] == url(walker, "application")
