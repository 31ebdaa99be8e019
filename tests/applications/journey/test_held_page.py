"""What the associate reads when the lender knows the person already, and the three ways on."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from applications.answers import Answers
from applications.journey.held_page import status_in_words
from applications.models import Application, CustomerConsent
from applications.retention.purging import purge_by_the_hour
from applications.statuses import Status
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from tests.applications.journey.walking import Page
from tests.applications.people import submit_told


@pytest.fixture
def held(walker, ready, associate):
    """`held(language="fr-CA")`: an application of somebody who has an account since a moment ago."""

    def make(**changes):
        for _ in range(2):
            application = ready(middle_name="A-RR_L", **changes)
            submit_told(application, by=associate)
            deliver_next()
        walker.take(application)
        return application

    return make


def page_of(walker):
    return walker.get(reverse("application", args=[walker.id]))


def decide(walker, page, choice):
    url = reverse("decide_held", args=[walker.id])
    return walker.post(url, {"mark": page.hidden("mark"), "choice": choice})


def agree(walker, page, **changes):
    url = reverse("send_held", args=[walker.id])
    data = {"mark": page.hidden("mark"), "agree": "on", "device_holder": "customer", **changes}
    return Page(walker.client.post(url, {name: value for name, value in data.items() if value}, follow=True))


def test_waiting_page_leads_to_what_was_found(walker, held):
    held()
    status = walker.client.get(reverse("application_status", args=[walker.id]))
    assert status["HX-Redirect"] == reverse("application", args=[walker.id])
    assert "Flexiti may know this customer already" in page_of(walker).text


def test_page_tells_what_exists_and_not_to_read_it_out(walker, held):
    application = held()
    [found] = application.latest_attempt.found
    text = page_of(walker).text
    for words in ("Normal: it can be used to buy", "European Restorations", f"•••• {found['card_ending']}"):
        assert words in text
    assert "Nothing has been sent" in text
    assert "Do not read this out" in text


def test_page_in_french_says_it_in_the_customers_language(walker, held):
    held(language="en-CA")
    walker.client.cookies["language"] = "fr"
    page = page_of(walker)
    assert "Flexiti connaît peut-être déjà ce client" in page.text
    assert "Flexiti tells us that you may already have an account with them." in page.text


def test_page_speaks_french_to_a_french_customer(walker, held):
    held(language="fr-CA", province="QC")
    assert "Flexiti nous indique que vous avez peut-être déjà un compte chez eux." in page_of(walker).text


def test_page_with_several_accounts_names_each(walker, held):
    application = held()
    attempt = application.latest_attempt
    closed = {**attempt.found[0], "account_status": "C", "card_ending": "9876", "creation_date": ""}
    attempt.found = [*attempt.found, closed]
    attempt.save()
    text = page_of(walker).text
    assert "Account 1 of 2 at Flexiti" in text
    assert "•••• 9876" in text
    assert "Closed: it cannot be opened again" in text
    assert "you can use that one" in text


def test_page_with_no_usable_account_does_not_offer_to_use_it(walker, held):
    attempt = held().latest_attempt
    attempt.found = [{**attempt.found[0], "account_status": "F"}]
    attempt.save()
    text = page_of(walker).text
    assert "you can use that one" not in text
    assert "Flexiti can tell you more about it at 1-877-259-3750" in text


def test_status_that_is_not_documented_is_shown_as_it_came():
    assert status_in_words("Q") == "Q"


def test_keeping_the_account_sends_nothing_and_says_so(walker, held, sandbox):
    application = held()
    after = decide(walker, page_of(walker), "use_account")
    assert "Already a Flexiti customer" in after.text
    assert "The application was not sent, and there was no credit inquiry." in after.text
    assert application.reference_id not in sandbox.applies()
    copy = walker.get(reverse("customer_copy", args=[walker.id]))
    assert "Your application was not sent." in copy.text


def test_account_told_by_apply_is_not_called_unsent(walker, ready, associate, sandbox):
    sandbox.fail("apply", "customer_already_exists")
    application = ready()
    submit(application, by=associate, revision=application.revision)
    deliver_next()
    walker.take(application)
    assert "not sent" not in page_of(walker).text


def test_changing_the_answers_leads_back_to_the_journey(walker, held):
    held()
    after = decide(walker, page_of(walker), "change_answers")
    assert after.url == walker.url("check")
    assert walker.application.status == Status.DRAFT
    assert walker.answers.flat()["sin"] == "046454286"


def test_sending_all_the_same_asks_for_the_consent_first(walker, held, sandbox):
    application = held()
    page = walker.get(reverse("send_held", args=[walker.id]))
    assert "I agree that Flexiti makes another credit inquiry about me." in page.text
    assert "Waiting for Flexiti" in agree(walker, page).text
    sandbox.control("PUT", "switches", {"duplicate_check": False})
    deliver_next()
    assert "Approved" in page_of(walker).text
    assert sandbox.applies()[application.reference_id]["received"] == 1


@pytest.mark.parametrize(
    ("missing", "complaint"),
    [("agree", "The customer ticks this box to go on."), ("device_holder", "Say who held the device.")],
)
def test_sending_without_the_whole_consent_sends_nothing(walker, held, missing, complaint):
    held()
    page = walker.get(reverse("send_held", args=[walker.id]))
    refused = agree(walker, page, **{missing: ""})
    assert (refused.status, walker.application.status) == (422, Status.HELD)
    assert complaint in refused.text
    assert not CustomerConsent.objects.exists()


def test_consent_is_asked_in_the_customers_language(walker, held):
    held(language="fr-CA", province="QC")
    page = walker.get(reverse("send_held", args=[walker.id]))
    assert "J’accepte que Flexiti fasse une nouvelle vérification de crédit à mon sujet." in page.text
    agree(walker, page)
    assert CustomerConsent.objects.get().language == "fr"


def test_double_click_in_two_tabs_is_one_consent(walker, held):
    held()
    pages = [walker.get(reverse("send_held", args=[walker.id])) for _ in range(2)]
    for page in (*pages, *pages):
        assert agree(walker, page).url == reverse("application", args=[walker.id])
    assert CustomerConsent.objects.count() == 1
    assert walker.application.attempts.count() == 1


def test_two_tabs_decide_once(walker, held):
    held()
    first, second = page_of(walker), page_of(walker)
    decide(walker, first, "use_account")
    assert "Already a Flexiti customer" in decide(walker, second, "change_answers").text
    assert "Already a Flexiti customer" in agree(walker, second).text
    assert walker.application.status == Status.ALREADY_CUSTOMER


def test_consent_to_another_find_is_asked_again(walker, held):
    attempt = held().latest_attempt
    page = walker.get(reverse("send_held", args=[walker.id]))
    attempt.found = [{**attempt.found[0], "looked_at": timezone.now().isoformat()}]
    attempt.save()
    after = agree(walker, page)
    assert "Something changed since this page was shown." in after.text
    assert walker.application.status == Status.HELD


@pytest.mark.parametrize("data", [{}, {"choice": "use_account"}, {"choice": "send"}, {"mark": "x", "choice": "draft"}])
def test_decision_by_hand_changes_nothing(walker, held, data):
    held()
    assert "Flexiti may know this customer already" in walker.post(reverse("decide_held", args=[walker.id]), data).text
    assert walker.application.status == Status.HELD


def test_decision_on_what_is_not_held_shows_what_it_is(walker, ready):
    walker.take(ready())
    assert walker.get(reverse("send_held", args=[walker.id])).url == walker.url("check")
    walker.post(reverse("decide_held", args=[walker.id]), {"choice": "use_account", "mark": ""})
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("name", ["decide_held", "send_held"])
def test_another_merchants_associate_decides_nothing(stranger_client, held, walker, name):
    held()
    mark = page_of(walker).hidden("mark")
    data = {"mark": mark, "choice": "use_account", "agree": "on", "device_holder": "customer"}
    assert stranger_client.post(reverse(name, args=[walker.id]), data).status_code == 404
    assert walker.application.status == Status.HELD


def test_hold_that_nobody_decides_is_purged_with_its_attempt(walker, held, sandbox):
    application = held()
    old = timezone.now() - timedelta(hours=settings.DRAFT_HOURS, minutes=1)
    Application.objects.filter(pk=application.pk).update(updated_at=old)
    purge_by_the_hour()
    application.refresh_from_db()
    attempt = application.latest_attempt
    assert application.status == Status.EXPIRED
    assert (attempt.outcome, attempt.outcome_code, attempt.sensitive) == ("failed", "expired", None)
    assert attempt.closed_at
    assert not Answers.from_json(application.answers).flat()
    assert "expired" in page_of(walker).text


def test_hold_of_today_is_kept(held):
    application = held()
    purge_by_the_hour()
    application.refresh_from_db()
    assert application.status == Status.HELD


def test_hold_is_in_the_list_of_the_counter(walker, held):
    held()
    page = walker.get(reverse("counter"))
    assert "Waiting for a decision at the counter" in page.text
    assert reverse("application", args=[walker.id]) in page.links
