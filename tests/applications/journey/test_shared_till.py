"""What becomes of an open application when its till is locked or handed over: nothing typed is lost, nothing shown."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from applications.answers import Answers
from applications.models import Application
from merchants.models import Role
from merchants.signing_in.idleness import _ACTIVE_AT
from tests.applications.journey.conftest import person
from tests.applications.journey.walking import TYPED
from tests.factories import MembershipFactory, StoreFactory, UserFactory

LOCKED = "/account/locked/"
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _passwords(associate):
    associate.set_password(PASSWORD)
    associate.save()


def left_alone(client: Client) -> None:
    session = client.session
    session[_ACTIVE_AT] = time.time() - 601
    session.save()


def typed(application: Application, step: str) -> dict[str, str]:
    application.refresh_from_db()
    return Answers.from_json(application.answers).typed.get(step, {})


def test_post_that_comes_too_late_keeps_what_was_typed_and_locks(walker, ready):
    application = ready()
    url = reverse("step", args=[application.pk, "contact"])
    left_alone(walker.client)
    answer = walker.client.post(
        url, {**TYPED["contact"], "city": "Ottawa"}, headers={"referer": f"http://testserver{url}"}
    )
    assert answer.headers["Location"] == f"{LOCKED}?next={url.replace('/', '%2F')}"
    assert typed(application, "contact")["city"] == "Ottawa"
    assert "Ottawa" not in walker.client.get(answer.headers["Location"]).content.decode()
    back = walker.client.post(LOCKED, {"password": PASSWORD, "next": url})
    assert 'value="Ottawa"' in walker.client.get(back.headers["Location"]).content.decode()


@pytest.mark.parametrize("button", ["lock", "hand_over"])
def test_buttons_of_a_step_keep_what_was_typed(walker, ready, button):
    application = ready()
    url = reverse("step", args=[application.pk, "contact"])
    answer = walker.client.post(url, {**TYPED["contact"], "city": "Ottawa", button: "yes"})
    assert answer.headers["Location"].startswith({"lock": LOCKED, "hand_over": "/sign-in/"}[button])
    assert typed(application, "contact")["city"] == "Ottawa"


def test_scan_that_comes_too_late_keeps_what_was_typed_beside_it(walker, ready):
    application = ready()
    left_alone(walker.client)
    walker.client.post(reverse("scan", args=[application.pk]), {**TYPED["identity"], "first_name": "Anne"})
    assert typed(application, "identity")["first_name"] == "Anne"


def test_late_post_to_an_application_of_others_keeps_nothing_and_locks(walker, ready):
    application = ready()
    Application.objects.filter(pk=application.pk).update(store=StoreFactory(merchant=application.merchant))
    left_alone(walker.client)
    answer = walker.client.post(reverse("step", args=[application.pk, "contact"]), {"city": "Ottawa"})
    assert answer.headers["Location"].startswith(LOCKED)
    assert not typed(application, "contact")


def test_locked_till_submits_nothing(walker, ready):
    application = ready()
    left_alone(walker.client)
    walker.client.post(reverse("submit", args=[application.pk]), {"revision": application.revision})
    application.refresh_from_db()
    assert application.status == "draft"


def test_waiting_page_that_asks_by_itself_does_not_keep_the_till_open(walker, ready):
    application = ready()
    session = walker.client.session
    session[_ACTIVE_AT] = began = time.time() - 300
    session.save()
    walker.client.get(reverse("application_status", args=[application.pk]))
    walker.client.get(reverse("application", args=[application.pk]) + "?again")
    assert walker.client.session[_ACTIVE_AT] == began
    walker.client.get(reverse("application", args=[application.pk]))
    assert walker.client.session[_ACTIVE_AT] > began


def test_waiting_page_is_led_to_the_lock_and_back(walker, ready):
    application = ready()
    page = reverse("application", args=[application.pk])
    left_alone(walker.client)
    headers = {
        "hx-request": "true",
        "hx-current-url": f"http://testserver{page}",
        "referer": f"http://testserver{page}",
    }
    answer = walker.client.get(reverse("application_status", args=[application.pk]), headers=headers)
    assert answer.headers["HX-Redirect"] == f"{LOCKED}?next={page.replace('/', '%2F')}"


def handed_over(client: Client, application: Application) -> str:
    page = reverse("step", args=[application.pk, "contact"])
    return str(client.post("/account/hand-over/", {"next": page}).headers["Location"])


def sign_in(client: Client, address: str, username: str) -> str:
    following = client.get(address).context["redirect_field_value"]
    answer = client.post("/sign-in/", {"login": username, "password": PASSWORD, "next": following})
    return str(client.get(answer.headers["Location"]).headers["Location"])


def with_password(user):
    user.set_password(PASSWORD)
    user.save()
    return user


def test_next_person_goes_on_with_the_application(walker, ready, store):
    with_password(person("colleague", store))
    application = ready()
    address = handed_over(walker.client, application)
    assert "contact" not in address
    assert sign_in(walker.client, address, "colleague") == reverse("application", args=[application.pk])


def test_next_person_of_another_store_goes_to_their_counter(walker, ready, store):
    with_password(person("colleague", StoreFactory(merchant=store.merchant)))
    assert sign_in(walker.client, handed_over(walker.client, ready()), "colleague") == "/"


def test_next_person_without_a_counter_goes_to_their_first_page(walker, ready, store):
    administrator = with_password(UserFactory(username="administrator"))
    MembershipFactory(user=administrator, merchant=store.merchant, role=Role.ADMINISTRATOR)
    assert sign_in(walker.client, handed_over(walker.client, ready()), "administrator") == "/"


@pytest.mark.parametrize("application", ["", "nonsense", "00000000-0000-0000-0000-000000000000"])
def test_picking_up_what_is_not_there_leads_to_the_counter(walker, application):
    assert walker.client.get("/pick-up/", {"application": application}).headers["Location"] == "/"
