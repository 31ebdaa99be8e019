"""The same person twice at our own counter: told before anything is sent, and sent only with their consent."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from applications.journey import outcome, same_person_page, views, waiting_page
from applications.models import Application, CustomerConsent, SubmissionAttempt
from applications.statuses import UNDER_WAY, Status
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit as seal
from audit.events import timeline
from merchants.credentials.circuits import failed
from posapi import NotReachable
from tests.applications.journey.conftest import signed_in
from tests.applications.journey.walking import Page
from tests.applications.people import submit_told
from tests.factories import CredentialFactory, StoreFactory, ready_application

ANSWERED = ["approved", "cancelling", "cancelled", "declined", "pending", "already_customer", "no_account"]


@pytest.fixture
def earlier(ready, associate):
    """`earlier("declined", days=3)`: what this person applied for before, in a state, so many days ago."""

    def make(status, *, days=0, application=None, **changes):
        application = application or ready(**changes)
        submit_told(application, by=associate)
        moment = timezone.now() - timedelta(days=days, minutes=1)
        Application.objects.filter(pk=application.pk).update(status=status, updated_at=moment)
        closed_at = None if status in ("queued", "held", "sending") else moment
        application.attempts.update(sealed_at=moment, closed_at=closed_at)
        application.refresh_from_db()
        return application

    return make


@pytest.fixture
def answered_after(earlier, monkeypatch):
    """`answered_after(module, "is_open")`: an application is sent and answered just after this module called that."""

    def arrange(module, name):
        call = getattr(module, name)

        def call_and_then(*arguments):
            result = call(*arguments)
            monkeypatch.undo()
            earlier("pending")
            return result

        monkeypatch.setattr(module, name, call_and_then)

    return arrange


@pytest.fixture
def elsewhere(store, credential, associate):
    """A draft of the same person at another store of the merchant."""
    return ready_application(credential, store=StoreFactory(merchant=store.merchant), user=associate)


def submit(walker):
    check = walker.open("check")
    return walker.post(reverse("submit", args=[walker.id]), {"revision": check.hidden("revision")})


def agree(client, page, **changes):
    data = {"mark": page.hidden("mark"), "agree": "on", "device_holder": "customer", **changes}
    return Page(
        client.post(
            page.form_action("same-person"), {name: value for name, value in data.items() if value}, follow=True
        )
    )


def application_url(application):
    return reverse("application", args=[application.pk])


@pytest.mark.parametrize("status", sorted(UNDER_WAY))
def test_person_under_way_is_not_sent_again(walker, ready, earlier, status):
    first = earlier(status)
    page = submit(walker.take(ready()))
    assert "An application of this customer is on its way" in page.text
    assert application_url(first) in page.links
    assert first.reference_id in page.text
    assert (walker.application.status, walker.application.attempts.count()) == (Status.DRAFT, 0)


def test_person_under_way_is_not_sent_whatever_is_posted(walker, ready, earlier):
    earlier("unknown")
    page = submit(walker.take(ready()))
    data = {"mark": page.hidden("mark"), "agree": "on", "device_holder": "customer"}
    after = walker.post(reverse("same_person", args=[walker.id]) + f"?revision={walker.application.revision}", data)
    assert "An application of this customer is on its way" in after.text
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("status", ANSWERED)
def test_person_answered_lately_is_told_and_asked(walker, ready, earlier, status):
    first = earlier(status, days=3)
    page = submit(walker.take(ready()))
    assert "This customer has applied before" in page.text
    assert application_url(first) in page.links
    assert str(first.get_status_display()) in page.text
    assert "I agree that Flexiti makes another credit inquiry about me." in page.text
    assert walker.application.status == Status.DRAFT


@pytest.mark.parametrize("status", ["draft", "expired", "failed", "needs_correction"])
def test_what_the_lender_never_decided_stands_in_nobodys_way(walker, ready, earlier, status):
    earlier(status)
    assert "Waiting for Flexiti" in submit(walker.take(ready())).text


def test_answer_of_long_ago_stands_in_nobodys_way(walker, ready, earlier, settings):
    earlier("declined", days=settings.SAME_PERSON_DAYS + 1)
    assert "Waiting for Flexiti" in submit(walker.take(ready())).text


def test_declined_duplicate_is_explained_beforehand(walker, ready, earlier):
    earlier("declined", days=2)
    page = submit(walker.take(ready()))
    assert "A second one soon after is usually declined as a duplicate." in page.text
    assert "Flexiti makes another credit inquiry about you" in page.text


def test_page_is_in_french_too_and_speaks_the_customers_language(walker, ready, earlier):
    earlier("declined", days=2)
    walker.client.cookies["language"] = "fr"
    page = submit(walker.take(ready(language="fr-CA")))
    assert "Ce client a déjà fait une demande" in page.text
    assert "Vous avez fait une demande chez nous il y a peu de temps." in page.text
    assert "J’accepte que Flexiti fasse une nouvelle vérification de crédit à mon sujet." in page.text


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "anne elise", "phone_number": "4165550111", "email": "other@example.test"},
        {"first_name": "Ann", "last_name": "Brien", "email": "other@example.test"},
        {"first_name": "Ann", "last_name": "Brien", "phone_number": "4165550111", "email": "ANNE@example.test"},
    ],
)
def test_person_is_recognised_by_name_phone_or_email_with_the_birth_date(walker, ready, earlier, changes):
    earlier("declined")
    page = submit(walker.take(ready(**changes)))
    assert "This customer has applied before" in page.text
    assert ("The name was another" in page.text) is (changes["first_name"] == "Ann")


@pytest.mark.parametrize("status", ["declined", "sending"])
def test_family_with_the_same_phone_is_somebody_else(walker, ready, earlier, status):
    earlier(status)
    assert "Waiting for Flexiti" in submit(walker.take(ready(dob="1961-01-02", first_name="Rita"))).text


@pytest.mark.parametrize("status", ["declined", "queued"])
def test_another_store_of_the_merchant_shows_only_that_it_exists(walker, ready, earlier, elsewhere, status):
    other = earlier(status, application=elsewhere)
    page = submit(walker.take(ready()))
    assert "Another store" in page.text
    assert ("On its way" if status == "queued" else "Answered") in page.text
    for secret in (other.reference_id, str(other.pk), other.store.name, "Declined", "declined it"):
        assert secret not in page.html
    assert walker.application.status == Status.DRAFT


def test_another_merchants_applications_never_matter(walker, ready, associate):
    theirs = StoreFactory()
    credential = CredentialFactory(merchant=theirs.merchant)
    for status in ("declined", "sending"):
        other = ready_application(credential, store=theirs, user=associate)
        submit_told(other, by=associate)
        Application.objects.filter(pk=other.pk).update(status=status)
    assert "Waiting for Flexiti" in submit(walker.take(ready())).text


def test_agreement_sends_it_with_the_consent_on_record(walker, ready, earlier, associate):
    earlier("declined")
    page = submit(walker.take(ready()))
    after = agree(walker.client, page, device_holder="associate")
    assert "Waiting for Flexiti" in after.text
    consent = CustomerConsent.objects.get()
    assert consent.attempt == walker.application.latest_attempt
    assert (consent.kind, consent.device_holder, consent.recorded_by) == ("another_inquiry", "associate", associate)
    assert list(timeline(walker.application).values_list("name", flat=True))[:2] == ["consent_given", "submitted"]


@pytest.mark.parametrize("missing", ["agree", "device_holder"])
def test_half_an_agreement_sends_nothing(walker, ready, earlier, missing):
    earlier("declined")
    page = submit(walker.take(ready()))
    refused = agree(walker.client, page, **{missing: ""})
    assert (refused.status, walker.application.status) == (422, Status.DRAFT)
    assert not CustomerConsent.objects.exists()


def test_agreement_by_double_click_and_in_two_tabs_is_one_attempt(walker, ready, earlier):
    earlier("declined")
    walker.take(ready())
    first, second = submit(walker), submit(walker)
    for page in (first, first, second, second):
        assert agree(walker.client, page).url == application_url(walker.application)
    assert (CustomerConsent.objects.count(), walker.application.attempts.count()) == (1, 1)


def test_agreement_does_not_cover_what_was_answered_since(walker, ready, earlier):
    earlier("declined", days=2)
    page = submit(walker.take(ready()))
    earlier("pending", first_name="Anne Elise")
    after = agree(walker.client, page)
    assert "Something changed since this page was shown." in after.text
    assert "Under review at Flexiti" in after.text
    assert walker.application.status == Status.DRAFT


def test_agreement_does_not_cover_what_is_answered_after_the_look(walker, ready, earlier, answered_after):
    earlier("declined", days=2)
    page = submit(walker.take(ready()))
    answered_after(same_person_page, "look_for_same_person")
    after = agree(walker.client, page)
    assert "Something changed since this page was shown." in after.text
    assert "Under review at Flexiti" in after.text
    assert (walker.application.status, walker.application.attempts.count()) == (Status.DRAFT, 0)
    assert not CustomerConsent.objects.exists()


def test_click_is_refused_for_what_is_answered_meanwhile(walker, ready, answered_after):
    walker.take(ready())
    answered_after(views, "is_open")
    assert "This customer has applied before" in submit(walker).text
    assert (walker.application.status, walker.application.attempts.count()) == (Status.DRAFT, 0)


def test_sending_a_failed_one_again_is_refused_for_what_is_answered_meanwhile(
    walker, ready, associate, sandbox, answered_after
):
    application = ready()
    sandbox.fail("apply", "invalid_role")
    submit_told(application, by=associate)
    deliver_next()
    answered_after(outcome, "is_open")
    page = walker.take(application).post(reverse("send_again", args=[walker.id]))
    assert "This customer has applied before" in page.text
    assert (walker.application.status, application.attempts.count()) == (Status.FAILED, 1)


def test_consent_to_wait_does_not_cover_what_is_answered_meanwhile(walker, ready, credential, answered_after):
    for _ in range(3):
        failed(credential, NotReachable("i18n"))
    page = submit(walker.take(ready()))
    answered_after(waiting_page, "look_for_same_person")
    after = walker.post(page.form_action("let-it-wait"), {"agree": "on", "device_holder": "customer"})
    assert "This customer has applied before" in after.text
    assert walker.application.status == Status.DRAFT
    assert not CustomerConsent.objects.exists()


def test_agreement_to_answers_changed_since_is_refused(walker, ready, earlier):
    earlier("declined")
    page = submit(walker.take(ready()))
    walker.answer("contact", city="Ottawa")
    assert "changed in another window" in agree(walker.client, page).text
    assert walker.application.status == Status.DRAFT


def test_agreement_is_not_asked_again_after_a_failure(walker, ready, earlier, sandbox):
    earlier("declined")
    page = submit(walker.take(ready(middle_name="A-RR_L")))
    sandbox.fail("apply", "invalid_role")
    agree(walker.client, page)
    deliver_next()
    assert walker.application.status == Status.FAILED
    assert "Waiting for Flexiti" in walker.post(reverse("send_again", args=[walker.id])).text
    assert CustomerConsent.objects.count() == 1


def test_agreement_counts_for_nobody_else(walker, ready, earlier, sandbox):
    earlier("declined")
    earlier("declined", dob="1961-01-02", first_name="Rita", email="rita@example.test", phone_number="4165550111")
    page = submit(walker.take(ready()))
    sandbox.fail("apply", "invalid_role")
    agree(walker.client, page)
    deliver_next()
    walker.answer("identity", dob="1961-01-02", first_name="Rita")
    assert "This customer has applied before" in submit(walker).text


def test_sending_a_failed_one_again_is_told_too(walker, ready, earlier, sandbox, associate):
    application = ready(middle_name="A-RR_L")
    sandbox.fail("apply", "invalid_role")
    seal(application, by=associate, revision=application.revision)
    deliver_next()
    earlier("sending", first_name="Anne Elise")
    page = walker.take(application).post(reverse("send_again", args=[walker.id]))
    assert "An application of this customer is on its way" in page.text
    assert walker.application.status == Status.FAILED


def test_page_for_nothing_known_leads_back_to_the_check(walker, ready):
    walker.take(ready())
    url = reverse("same_person", args=[walker.id])
    assert walker.get(f"{url}?revision={walker.application.revision}").url == walker.url("check")


@pytest.mark.parametrize("query", ["", "?revision=99", "?revision=x"])
def test_page_about_other_answers_than_were_checked_asks_to_check_them(walker, ready, earlier, query):
    earlier("declined")
    walker.take(ready())
    page = walker.get(reverse("same_person", args=[walker.id]) + query)
    assert page.url == walker.url("check")
    assert "changed in another window" in page.text


def test_page_after_submission_leads_to_the_application(walker, ready, associate):
    application = ready()
    seal(application, by=associate, revision=application.revision)
    walker.take(application)
    assert "Waiting for Flexiti" in walker.get(reverse("same_person", args=[walker.id])).text


def test_page_of_another_merchant_is_not_there(stranger_client, ready):
    assert stranger_client.get(reverse("same_person", args=[ready().pk])).status_code == 404


def answered(ready, associate, **changes):
    application = ready(**changes)
    submit_told(application, by=associate)
    deliver_next()
    application.refresh_from_db()
    return application


def test_duplicate_decline_is_explained_by_the_earlier_application(walker, ready, earlier, associate):
    first = earlier("declined", days=2)
    again = answered(ready, associate, middle_name="D-DUPLICATE")
    page = walker.get(application_url(again))
    assert "It may be a duplicate" in page.text
    assert application_url(first) in page.links


def test_existing_customer_is_explained_by_the_earlier_application(walker, earlier, ready, associate, sandbox):
    first = earlier("pending", days=2)
    sandbox.fail("apply", "customer_already_exists")
    page = walker.get(application_url(answered(ready, associate)))
    assert "It may be a duplicate" in page.text
    assert application_url(first) in page.links


def test_duplicate_of_another_stores_application_tells_only_the_date(walker, ready, earlier, elsewhere, associate):
    other = earlier("declined", days=2, application=elsewhere)
    page = walker.get(application_url(answered(ready, associate, middle_name="D-DUPLICATE")))
    assert "This customer applied at another store on" in page.text
    assert str(other.pk) not in page.html


@pytest.mark.parametrize("key", ["D-DUPLICATE", "D-FRAUD"])
def test_decline_is_not_called_a_duplicate_without_reason(walker, ready, earlier, associate, key):
    if key == "D-FRAUD":
        earlier("declined", days=2)
    page = walker.get(application_url(answered(ready, associate, middle_name=key)))
    assert "It may be a duplicate" not in page.text


def test_first_application_is_not_explained_by_a_later_one(walker, ready, earlier, associate):
    first = answered(ready, associate, middle_name="D-DUPLICATE")
    submit_told(ready(), by=associate)
    assert "It may be a duplicate" not in walker.get(application_url(first)).text


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_devices_submit_two_drafts_of_one_person(credential, ready, associate):
    """Both ask at the same moment; the database lets one through, and the other is told."""
    drafts = [ready(), ready()]
    pages = race([lambda draft=draft: post_check(signed_in(associate), draft) for draft in drafts])
    assert SubmissionAttempt.objects.count() == 1
    assert Application.objects.filter(status__in=UNDER_WAY).count() == 1
    texts = [page.text for page in pages]
    assert sum("Waiting for Flexiti" in text for text in texts) == 1
    assert sum("An application of this customer is on its way" in text for text in texts) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_devices_agree_at_the_same_moment(credential, ready, earlier, associate):
    earlier("declined")
    draft = ready()
    pages = [post_check(signed_in(associate), draft) for _ in range(6)]
    after = race([lambda page=page: agree(signed_in(associate), page) for page in pages])
    assert [page.url for page in after] == [application_url(draft)] * 6
    assert (draft.attempts.count(), CustomerConsent.objects.count()) == (1, 1)


def post_check(client, draft):
    data = {"revision": draft.revision}
    return Page(client.post(reverse("submit", args=[draft.pk]), data, follow=True))


def race(clicks):
    """All at once, each in a thread of its own; what each came to."""
    results, start = [None] * len(clicks), threading.Barrier(len(clicks))

    def run(number, click):
        try:
            start.wait()
            results[number] = click()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
