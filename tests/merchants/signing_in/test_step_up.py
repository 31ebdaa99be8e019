"""Signing in again before something sensitive."""

from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from tests.merchants.conftest import PASSWORD, People, events, sign_in
from tests.merchants.signed_in import sign_in_again, signed_in_long_ago

AGAIN = "/account/again/"


@pytest.fixture
def owner(client: Client, people: People) -> Client:
    sign_in(client, "owner")
    return client


def test_sensitive_page_opens_soon_after_signing_in(owner: Client) -> None:
    assert owner.get("/sensitive/").status_code == 200


def test_sensitive_page_asks_again_later_and_is_come_back_to(owner: Client) -> None:
    signed_in_long_ago(owner)
    asked = owner.get("/sensitive/?of=one")
    assert asked.headers["Location"] == f"{AGAIN}?next=%2Fsensitive%2F%3Fof%3Done"
    page = owner.get(asked.headers["Location"]).content.decode()
    assert 'value="/sensitive/?of=one"' in page
    back = owner.post(AGAIN, {"password": PASSWORD, "next": "/sensitive/?of=one"})
    assert back.headers["Location"] == "/sensitive/?of=one"
    assert owner.get("/sensitive/?of=one").status_code == 200


def test_sensitive_page_asks_again_when_the_setting_is_shorter(owner: Client, settings: Any) -> None:
    signed_in_long_ago(owner, seconds=61)
    assert owner.get("/sensitive/").status_code == 200
    settings.STEP_UP_SECONDS = 60
    assert owner.get("/sensitive/").status_code == 302


def test_late_post_does_nothing_and_says_so(owner: Client) -> None:
    signed_in_long_ago(owner)
    asked = owner.post("/sensitive/", {"typed": "something"}, headers={"referer": "http://testserver/sensitive/"})
    assert asked.headers["Location"] == f"{AGAIN}?next=%2Fsensitive%2F"
    assert "nothing was done with what you sent" in owner.get(asked.headers["Location"]).content.decode()
    assert "something" not in str(dict(owner.session.items()))


def test_fragment_is_led_away_as_a_whole_page(owner: Client) -> None:
    signed_in_long_ago(owner)
    answer = owner.get("/sensitive/", headers={"hx-request": "true", "hx-current-url": "http://testserver/"})
    assert answer.headers["HX-Redirect"].startswith(AGAIN)


def test_signing_in_again_is_recorded_without_the_password(owner: Client, people: People) -> None:
    signed_in_long_ago(owner)
    owner.post(AGAIN, {"password": PASSWORD})
    (event,) = events("signed_in_again")
    assert (event.actor_id, event.merchant_id) == (str(people.owner.pk), str(people.merchant.pk))
    assert PASSWORD not in str(list(Event.objects.values()))


def test_wrong_password_stays_outside_and_is_recorded(owner: Client, people: People) -> None:
    signed_in_long_ago(owner)
    page = owner.post(AGAIN, {"password": "wrong", "next": "/sensitive/"})
    assert page.status_code == 422
    assert "The password is not right" in page.content.decode()
    assert owner.get("/sensitive/").status_code == 302
    assert [event.subject_id for event in events("sign_in_failed")] == [str(people.owner.pk)]


def test_wrong_passwords_are_limited_like_those_of_signing_in(owner: Client) -> None:
    signed_in_long_ago(owner)
    for _ in range(5):
        owner.post(AGAIN, {"password": "wrong"})
    page = owner.post(AGAIN, {"password": PASSWORD})
    assert "Wait five minutes" in page.content.decode()
    assert owner.get("/sensitive/").status_code == 302


def test_empty_password_is_asked_for(owner: Client) -> None:
    assert "Enter your password." in owner.post(AGAIN, {"password": ""}).content.decode()


def test_page_leads_to_no_other_host(owner: Client) -> None:
    back = owner.post(AGAIN, {"password": PASSWORD, "next": "https://elsewhere.example/"})
    assert back.headers["Location"] == "/"


def test_page_is_for_people_who_are_signed_in(client: Client, people: People) -> None:
    assert client.get(AGAIN).headers["Location"].startswith("/sign-in/")


def test_proof_of_one_person_does_not_count_for_another(owner: Client, people: People) -> None:
    owner.force_login(people.colleague)
    assert owner.get("/sensitive/").status_code == 302
    sign_in_again(owner)
    assert owner.get("/sensitive/").status_code == 200
