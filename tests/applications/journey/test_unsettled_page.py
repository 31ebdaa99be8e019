"""What the associate and the customer read while nobody knows the outcome, and sending again."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.models import Application, CustomerConsent, SubmissionAttempt
from applications.retention.purging import purge_by_the_hour
from applications.statuses import Status
from applications.submission.by_person import settle_as_told
from applications.submission.claims import begin_sending, claim_next
from applications.submission.decisions import Decision
from applications.submission.delivery import deliver_next
from applications.submission.recording import give_up, record_decision
from applications.submission.sealing import submit
from audit.events import timeline
from merchants.models import Role
from tests.applications.journey.conftest import person
from tests.applications.people import submit_told
from tests.applications.submission.unsettled import UNTIL_NO_ACCOUNT, open_account

AGREED = {"agree": "on", "device_holder": "customer"}


@pytest.fixture
def no_account(walker, unknown, searched):
    """`no_account(language="fr-CA")`: searched for in vain, with the associate signed in."""

    def make(**changes):
        application = searched(unknown("reset_before", **changes), *UNTIL_NO_ACCOUNT)
        walker.take(application)
        return application

    return make


@pytest.fixture
def looked_for(walker, unknown):
    """`looked_for("reset_before")`: the answer was lost a moment ago."""

    def make(*fault, **changes):
        application = unknown(*fault, **changes)
        walker.take(application)
        return application

    return make


def page_of(walker, query=""):
    return walker.get(reverse("application", args=[walker.id]) + query)


def status_of(walker, page):
    [poll] = [it.get("hx-get") for it in page.elements("div") if it.get("hx-get")]
    return walker.client.get(poll)


def again(walker, after="1", **data):
    return walker.post(reverse("another_inquiry", args=[walker.id]), {"after": after, **data})


def viewed(application):
    return timeline(application).filter(name="viewed").count()


# While it is looked for


def test_unknown_says_that_it_is_looked_for_and_when(walker, looked_for, searched):
    application = looked_for("reset_before")
    page = page_of(walker)
    assert "We are asking Flexiti whether an account was opened" in page.text
    assert "Last search None yet" in page.text
    searched(application, 10)
    page = page_of(walker)
    assert "None yet" not in page.text
    assert "Next search" in page.text


def test_unknown_tells_the_customer_what_is_done_and_what_is_not(walker, looked_for):
    looked_for()
    text = page_of(walker).text
    assert "We are now asking them whether an account was opened for you" in text
    assert "we will not send it a second time" in text
    assert "1-877-259-3750" in text
    assert "declined" not in text


def test_unknown_speaks_french_to_a_french_customer(walker, looked_for):
    looked_for(language="fr-CA", province="QC")
    assert "Nous leur demandons maintenant si un compte a été ouvert pour vous" in page_of(walker).text


def test_unknown_in_french(walker, looked_for):
    looked_for()
    walker.client.cookies["language"] = "fr"
    page = page_of(walker)
    assert "Nous demandons à Flexiti si un compte a été ouvert" in page.text
    assert "Prochaine recherche" in page.text


def test_unknown_changes_by_itself_and_only_when_there_is_news(walker, looked_for, searched):
    application = looked_for(middle_name="A-RR_L")
    page = page_of(walker)
    assert 'http-equiv="refresh" content="10;url=?again"' in page.html
    assert status_of(walker, page).status_code == 204
    searched(application, 10)
    assert status_of(walker, page)["HX-Redirect"] == reverse("application", args=[walker.id])
    assert "<h1>Approved</h1>" in page_of(walker).html


def test_unknown_changes_after_a_search_that_found_nothing(walker, looked_for, searched):
    application = looked_for("reset_before")
    page = page_of(walker)
    searched(application, 10)
    assert status_of(walker, page)["HX-Redirect"] == reverse("application", args=[walker.id]) + "?again"


def test_page_that_fetched_itself_is_not_a_view(walker, looked_for, searched):
    application = looked_for("reset_before")
    page_of(walker)
    page_of(walker, "?again")
    assert viewed(application) == 1
    searched(application, *UNTIL_NO_ACCOUNT)
    page_of(walker, "?again")
    assert viewed(application) == 2


def test_unknown_that_cannot_be_asked_says_so(walker, looked_for, searched, sandbox):
    application = looked_for()
    sandbox.fail("search", "internal_error", times=9)
    searched(application, 10)
    text = page_of(walker).text
    assert "Flexiti cannot be asked at the moment" in text
    assert "We are now asking them" not in text


def test_unknown_that_only_a_manager_can_tell_names_the_manager(walker, looked_for, searched, sandbox, store):
    person("Daniel Wong", store, Role.MANAGER)
    application = looked_for(middle_name="A-RR_L")
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    open_account(sandbox, application)
    searched(application, 10)
    page = page_of(walker)
    assert "Your manager settles this one" in page.text
    assert "Daniel Wong" in page.text
    assert "http-equiv" not in page.html
    assert "Next search" not in page.text
    assert "Settle it on Flexiti’s word" not in page.text


def test_manager_is_led_to_the_form(walker, looked_for, store):
    looked_for()
    walker.client.force_login(person("manager", store, Role.MANAGER))
    assert reverse("settle", args=[walker.id]) in page_of(walker).links


def test_status_without_what_was_seen_leads_to_the_page(walker, looked_for):
    looked_for()
    status = walker.client.get(reverse("application_status", args=[walker.id]))
    assert status["HX-Redirect"] == reverse("application", args=[walker.id])


# Approved by a search


def test_found_approval_says_what_a_search_cannot_tell(walker, looked_for, searched):
    searched(looked_for(middle_name="A-RR_L"), 10)
    text = page_of(walker).text
    assert "Found by a search at Flexiti" in text
    assert "A search does not tell the offers: ask Flexiti at 1-877-259-3750." in text
    assert "Your credit limit is $2,500.00, and $2,500.00 of it is available" in text


def test_found_approval_in_quebec_has_no_debt_ratio_and_can_be_cancelled(walker, looked_for, searched):
    searched(looked_for(middle_name="A-RR_L", province="QC", language="fr-CA"), 10)
    page = page_of(walker)
    assert "A search tells neither the offers nor the debt ratio" in page.text
    assert "There is no debt ratio document" in page.text
    assert "Flexiti ne nous a pas donné votre ratio d’endettement" in page.text
    assert reverse("debt_ratio_document", args=[walker.id]) not in page.links
    assert reverse("cancel", args=[walker.id]) in page.links
    assert walker.client.get(reverse("debt_ratio_document", args=[walker.id])).status_code == 404
    copy = walker.get(reverse("customer_copy", args=[walker.id]))
    assert "Votre droit de résolution" in copy.text
    assert "Flexiti n’a pas donné au magasin tous les montants de votre compte." in copy.text


def test_own_answer_that_comes_later_tells_everything(walker, ready, associate):
    application = ready(province="QC")
    submit(application, by=associate, revision=application.revision)
    begin_sending(attempt := claim_next())
    give_up(attempt)
    settle_as_told(application, Status.APPROVED, account_number="20035156", reason="Called", by=associate)
    answer = Decision(Status.APPROVED, account_number="20035156", available_credit="900", debt_ratio="12")
    record_decision(attempt, answer)
    walker.take(application)
    page = page_of(walker)
    assert "your debt ratio is 12%" in page.text
    assert reverse("debt_ratio_document", args=[walker.id]) in page.links
    assert "otherwise" not in page.text


def test_own_answer_that_says_otherwise_is_shown(walker, ready, associate, store):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    begin_sending(attempt := claim_next())
    give_up(attempt)
    settle_as_told(application, Status.DECLINED, reason="Called", by=associate)
    record_decision(attempt, Decision(Status.APPROVED, account_number="20035156"))
    walker.take(application)
    page = page_of(walker)
    assert "<h1>Not approved</h1>" in page.html
    assert "It says: Approved, account number 20035156." in page.text
    assert reverse("settle", args=[walker.id]) not in page.links
    walker.client.force_login(person("manager", store, Role.MANAGER))
    assert reverse("settle", args=[walker.id]) in page_of(walker).links
    counter = walker.get(reverse("counter")).text.partition("To settle with Flexiti")[2]
    assert "O'Brien" in counter.partition("Your open drafts")[0]


# No account


def test_no_account_says_just_that(walker, no_account):
    no_account()
    text = page_of(walker).text
    assert "Flexiti has no account for this application" in text
    assert "A decline, a review still under way and a request that was lost look the same from here." in text
    assert "1-877-259-3750" in text
    assert walker.application.reference_id in text
    assert "Next search" in text
    assert "http-equiv" not in page_of(walker).html


def test_no_account_with_accounts_that_may_be_its_own_does_not_say_that_there_are_none(walker, no_account):
    application = no_account()
    application.attempts.update(look_verdict="ambiguous")
    page = page_of(walker)
    assert "Only Flexiti can say what became of it" in page.text
    assert "You have an account with Flexiti, but we cannot tell whether" in page.text
    assert "no account for this application" not in page.text
    assert "opened no account for you" not in page.text
    assert "Or send it again" not in page.text
    walker.client.cookies["language"] = "fr"
    assert "Seule Flexiti peut dire ce qu’il en est advenu" in page_of(walker).text


def test_second_send_that_met_a_customer_does_not_say_that_no_account_was_opened(walker, no_account):
    no_account()
    again(walker, **AGREED)
    begin_sending(second := claim_next())
    record_decision(second, Decision(Status.ALREADY_CUSTOMER, code="customer_already_exists", http_status=409))
    page = page_of(walker)
    assert "Already a Flexiti customer. That may be because the first one did arrive" in page.text
    assert "You have an account with Flexiti, but we cannot tell whether" in page.text
    assert "No new one was opened" not in page.text
    assert "Your manager settles this one" in page.text


def test_second_send_that_was_a_duplicate_is_told(walker, no_account):
    no_account()
    again(walker, **AGREED)
    begin_sending(second := claim_next())
    record_decision(second, Decision(Status.DECLINED, code="application_declined_2", http_status=409))
    text = page_of(walker).text
    assert "Declined. That may be because the first one did arrive" in text
    assert "Flexiti has no account for this application" in text


def test_no_account_asks_in_the_customers_language(walker, no_account):
    no_account(language="fr-CA", province="QC")
    text = page_of(walker).text
    assert "J’accepte que Flexiti fasse une nouvelle vérification de crédit à mon sujet." in text
    assert "Flexiti ne vous a ouvert aucun compte" in text


def test_no_account_in_french(walker, no_account):
    no_account()
    walker.client.cookies["language"] = "fr"
    page = page_of(walker)
    assert "Flexiti n’a aucun compte pour cette demande" in page.text
    assert "Ou l’envoyer de nouveau" in page.text
    assert "I agree that Flexiti makes another credit inquiry about me." in page.text


def test_sending_again_with_the_consent_goes_through(walker, no_account, sandbox):
    no_account(middle_name="A-RR_L")
    assert "Waiting for Flexiti" in again(walker, **AGREED).text
    deliver_next()
    assert "<h1>Approved</h1>" in page_of(walker).html
    assert CustomerConsent.objects.get().kind == "another_inquiry"


@pytest.mark.parametrize("missing", ["agree", "device_holder"])
def test_sending_again_without_the_whole_consent_sends_nothing(walker, no_account, missing):
    application = no_account()
    page = again(walker, **{name: value for name, value in AGREED.items() if name != missing})
    assert page.status == 422
    assert "Please correct one answer" in page.text
    assert "Flexiti has no account for this application" in page.text
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (1, 0)


def test_sending_again_twice_is_one_attempt(walker, no_account):
    application = no_account()
    for _ in range(3):
        assert "Waiting for Flexiti" in again(walker, **AGREED).text
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (2, 1)


def test_old_form_is_no_consent_to_a_third_send(walker, no_account, searched, sandbox):
    application = no_account()
    again(walker, after=page_of(walker).hidden("after"), **AGREED)
    sandbox.fail("apply", "reset_before")
    deliver_next()
    assert searched(application, *UNTIL_NO_ACCOUNT).status == Status.NO_ACCOUNT
    for replayed in (AGREED, {"agree": "on"}):
        page = again(walker, after="1", **replayed)
        assert "Something changed since this page was shown." in page.text
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (2, 1)
    assert page.hidden("after") == "2"
    again(walker, after=page.hidden("after"), **AGREED)
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (3, 2)


@pytest.mark.parametrize("after", ["", "0", "one", "1.0"])
def test_form_that_names_no_send_sends_nothing(walker, no_account, after):
    application = no_account()
    assert "Please look again." in again(walker, after=after, **AGREED).text
    assert application.attempts.count() == 1


def test_sending_again_finds_it_first(walker, no_account, sandbox):
    open_account(sandbox, no_account())
    page = again(walker, **AGREED)
    assert "<h1>Approved</h1>" in page.html
    assert "Nothing was sent again." in page.text


def test_sending_again_while_the_lender_is_away_sends_nothing(walker, no_account, sandbox):
    application = no_account()
    sandbox.fail("search", "internal_error")
    page = again(walker, **AGREED)
    assert "Flexiti cannot be asked at the moment, so nothing was sent." in page.text
    assert application.attempts.count() == 1


def test_sending_again_that_came_to_nothing_says_so(walker, no_account, sandbox):
    no_account()
    again(walker, **AGREED)
    sandbox.fail("apply", "invalid_role")
    deliver_next()
    text = page_of(walker).text
    assert "It was not sent a second time" in text
    assert "Flexiti does not accept the store’s credentials" in text
    assert "Or send it again" in text


def test_sending_again_waits_for_another_application_of_the_customer(walker, no_account, ready, associate):
    no_account()
    submit_told(ready(), by=associate)
    assert "Another application of this customer is on its way" in again(walker, **AGREED).text


def test_sending_again_tells_what_was_answered_since(walker, no_account, ready, associate):
    application, other = no_account(), ready()
    submit_told(other, by=associate)
    Application.objects.filter(pk=other.pk).update(status=Status.DECLINED)
    untold = again(walker, **AGREED)
    assert "Something changed since this page was shown." in untold.text
    assert reverse("application", args=[other.pk]) in untold.links
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (1, 0)
    again(walker, **AGREED, mark=untold.hidden("mark"))
    assert (application.attempts.count(), CustomerConsent.objects.count()) == (2, 1)


def test_sending_again_is_not_offered_once_the_answers_are_erased(walker, no_account):
    application = no_account()
    Application.objects.update(updated_at=timezone.now() - timedelta(hours=settings.DRAFT_HOURS, minutes=1))
    purge_by_the_hour()
    page = page_of(walker)
    assert "are erased after 48 hours. If the customer still wants to apply, take a new application." in page.text
    assert "Or send it again" not in page.text
    again(walker, **AGREED)
    assert application.attempts.count() == 1


def test_address_of_sending_again_is_a_way_back(walker, no_account):
    no_account()
    assert "Flexiti has no account" in walker.get(reverse("another_inquiry", args=[walker.id])).text


@pytest.mark.parametrize("name", ["another_inquiry", "settle"])
def test_another_merchants_associate_sends_and_settles_nothing(stranger_client, no_account, walker, name):
    no_account()
    assert stranger_client.post(reverse(name, args=[walker.id]), AGREED).status_code == 404
    assert walker.application.status == Status.NO_ACCOUNT


# The counter


def test_counter_lists_for_managers_what_only_they_can_settle(walker, unknown, searched, store, associate):
    missing = searched(unknown("reset_before", first_name="Zoé", dob="1950-01-01"), *UNTIL_NO_ACCOUNT)
    overdue = unknown("reset_before", first_name="Léa", dob="1950-01-02")
    fresh = unknown("reset_before", first_name="Ève", dob="1950-01-03")
    Application.objects.filter(pk=overdue.pk).update(updated_at=timezone.now() - timedelta(minutes=16))
    assert "To settle with Flexiti" not in walker.get(reverse("counter")).text
    walker.client.force_login(person("manager", store, Role.MANAGER))
    page = walker.get(reverse("counter"))
    listed = page.text.partition("To settle with Flexiti")[2].partition("Your open drafts")[0]
    assert "Zoé" in listed
    assert "Léa" in listed
    assert "Ève" not in listed
    SubmissionAttempt.objects.filter(application=fresh).update(look_verdict="ambiguous")
    page = walker.get(reverse("counter"))
    assert "Ève" in page.text.partition("To settle with Flexiti")[2].partition("Your open drafts")[0]
    assert reverse("application", args=[missing.pk]) in page.links
