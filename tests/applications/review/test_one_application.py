"""One application as its manager sees it."""

from django.urls import reverse

from applications.models import Application
from applications.statuses import Status
from audit.events import timeline
from audit.names import EventName
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.factories import ApplicationFactory, MembershipFactory, StoreFactory, UserFactory
from vault.fields import Sealed


def page(client, application, status=200):
    answer = client.get(reverse("review_application", args=[application.pk]))
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def test_answers_are_masked_and_the_name_is_not(manager_client, decided):
    html = page(manager_client, decided(middle_name="A-RR_L"))
    assert "Anne-Élise O&#x27;Brien" in html
    for value in (
        "5550142",
        "555-0142",
        "anne@example.test",
        "10 Example Street",
        "2T6",
        "1988-04",
        "April 9",
        "52,000",
    ):
        assert value not in html, value
    assert "••• 42" in html
    assert "a•••@•••.test" in html


def test_title_names_nobody_as_it_stays_in_the_history_of_the_browser(manager_client, decided):
    application = decided(middle_name="A-RR_L")
    title = page(manager_client, application).partition("<title>")[2].partition("</title>")[0]
    assert application.reference_id in title
    assert "Anne" not in title
    assert "Brien" not in title


def test_what_was_erased_says_so_and_has_nothing_to_reveal(manager_client, decided):
    application = decided(middle_name="A-RR_L")
    html = page(manager_client, application)
    assert html.count("Erased: Flexiti needs it no longer") == 4
    assert "only its last four digits were ever kept" in html
    for field in ("sin", "security_answer", "piw", "govid_number"):
        assert reverse("review_reveal", args=[application.pk, field]) not in html


def test_what_waits_for_the_lender_is_sealed_and_has_nothing_to_reveal(manager_client, ready):
    html = page(manager_client, ready())
    assert html.count("Kept sealed for Flexiti alone") == 4
    for value in ("046454286", "Mrs Horse", "Cloud", "AB000000"):
        assert value not in html


def test_decision_shows_figures_offers_and_the_masked_account(manager_client, decided):
    application = decided(middle_name="A-RR_L", province="QC")
    html = page(manager_client, application)
    number = application.latest_attempt.answer["account_number"]
    assert "$2,500.00" in html
    assert "Ways to pay that come with this approval" in html
    assert number not in html
    assert f"••• {number[-2:]}" in html
    assert reverse("review_reveal", args=[application.pk, "account_number"]) in html


def test_attempt_tells_when_it_was_sealed_sent_and_answered(manager_client, decided):
    html = page(manager_client, decided(middle_name="D-FRAUD"))
    assert "Attempt 1</strong> Declined" in html
    assert 'class="attempts__called"' in html


def test_opening_is_on_the_record_with_the_role(manager_client, manager, ready):
    application = ready()
    page(manager_client, application)
    viewed = timeline(application).get(name=EventName.VIEWED)
    assert (viewed.actor_id, viewed.detail) == (str(manager.pk), {"role": "manager"})


def test_manager_of_several_stores_opens_any_of_them_without_a_counter(ready, store):
    manager = UserFactory()
    others = [StoreFactory(merchant=store.merchant) for _ in range(2)]
    MembershipFactory(user=manager, merchant=store.merchant, role=Role.MANAGER, stores=[store, *others])
    assert store.name in page(signed_in(manager), ready())


def test_associate_is_refused_and_strangers_find_nothing(ready, associate, store):
    application = ready()
    page(signed_in(associate), application, status=403)
    page(signed_in(person("sibling", StoreFactory(merchant=store.merchant), Role.MANAGER)), application, status=404)
    page(signed_in(person("foreign", StoreFactory(), Role.MANAGER)), application, status=404)
    assert not timeline(application).filter(name=EventName.VIEWED).exists()


def test_answers_without_their_key_give_a_page_that_says_so(manager_client, decided):
    application = decided(middle_name="A-RR_L")
    Application.objects.filter(pk=application.pk).update(answers=Sealed("v1.gone.AAAA"))
    html = page(manager_client, application)
    assert "These answers cannot be opened" in html
    assert application.reference_id in html
    assert "The application was submitted and sealed." in html


def test_unknown_outcome_leads_to_settling_and_back(manager_client, unknown, store):
    application = unknown("reset_before")
    assert f"{reverse('settle', args=[application.pk])}?review" in page(manager_client, application)
    address = f"{reverse('settle', args=[application.pk])}?review"
    answer = manager_client.post(address, {"told": "declined", "reason": "Called"}, follow=True)
    assert answer.request["PATH_INFO"] == reverse("review_application", args=[application.pk])
    application.refresh_from_db()
    assert application.status == Status.DECLINED


def test_manager_settles_in_a_store_where_they_do_not_stand(unknown, store):
    application = unknown("reset_before")
    manager, other = UserFactory(), StoreFactory(merchant=store.merchant)
    MembershipFactory(user=manager, merchant=store.merchant, role=Role.MANAGER, stores=[store, other])
    client = signed_in(manager)
    client.post(reverse("choose_store"), {"store": str(other.pk)})
    data = {"told": "declined", "reason": "Called"}
    answer = client.post(reverse("settle", args=[application.pk]), data, follow=True)
    assert answer.request["PATH_INFO"] == reverse("review_application", args=[application.pk])
    application.refresh_from_db()
    assert application.status == Status.DECLINED


def test_page_in_french(manager_client, decided):
    manager_client.cookies["language"] = "fr"
    html = page(manager_client, decided(middle_name="A-RR_L"))
    assert "Ce qui s’est passé" in html
    assert "La demande a été soumise et scellée." in html


def test_draft_with_nothing_answered_is_a_page(manager_client, store, associate, credential):
    application = ApplicationFactory(store=store, credential=credential, created_by=associate)
    html = page(manager_client, application)
    assert html.count("Nothing saved here.") == 5
