"""A shared till: handed over from one person to the next, and locked when left alone."""

import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client

from merchants.models import Role, User
from merchants.signing_in.idleness import _ACTIVE_AT, _BEGAN_AT
from tests.merchants.authenticator import SECRET, code_of, with_second_factor
from tests.merchants.conftest import PASSWORD, People, events, person, sign_in
from tests.merchants.signed_in import signed_in_long_ago

LOCKED = "/account/locked/"


@pytest.fixture
def floater(people: People) -> User:
    return person("floater", people.merchant, Role.ASSOCIATE, people.toronto, people.laval)


@pytest.fixture
def owner(client: Client, people: People) -> Client:
    sign_in(client, "owner")
    client.get("/")
    return client


def left_alone(client: Client, *, seconds: float = 601) -> None:
    session = client.session
    session[_ACTIVE_AT] = time.time() - seconds
    session.save()


# The end of a session


def test_session_ends_so_long_after_signing_in_however_busy_it_is(owner: Client, settings: Any) -> None:
    session, key = owner.session, owner.session.session_key
    session[_BEGAN_AT] = began = time.time() - settings.SESSION_SECONDS + 60
    session.save()
    assert owner.get("/").status_code == 200
    assert owner.session[_BEGAN_AT] == began
    session = owner.session
    session[_BEGAN_AT] = began - 60
    session.save()
    assert owner.get("/somewhere/").headers["Location"] == "/sign-in/?next=%2Fsomewhere%2F"
    assert not Session.objects.filter(session_key=key).exists()


# Handing over


def test_hand_over_ends_the_session_and_leads_to_sign_in(owner: Client, people: People) -> None:
    key = owner.session.session_key
    answer = owner.post("/account/hand-over/", {"next": "/somewhere/"})
    assert answer.headers["Location"] == "/sign-in/?next=%2F"
    assert not Session.objects.filter(session_key=key).exists()
    assert owner.get("/somewhere/").headers["Location"].startswith("/sign-in/")
    (event,) = events("till_handed_over")
    assert (event.actor_id, event.subject_id) == (str(people.owner.pk), str(people.toronto.pk))
    assert not events("signed_out")


def test_next_person_stands_in_the_same_store_at_once(owner: Client, people: People, floater: User) -> None:
    owner.post("/account/hand-over/")
    page = owner.get("/sign-in/?next=%2F").content.decode()
    assert "This till stands in Toronto – Queen Street." in page
    sign_in(owner, "floater")
    page = owner.get("/").content.decode()
    assert '<span class="brand__place">Toronto – Queen Street</span>' in page
    assert [event.actor_id for event in events("store_chosen")] == [str(floater.pk)]


def test_next_person_of_another_store_stands_in_their_own(owner: Client, people: People) -> None:
    owner.post("/account/hand-over/")
    sign_in(owner, "colleague")
    assert "Laval – Carrefour" in owner.get("/").content.decode()


def test_cookie_of_the_till_names_its_store_and_nobody(owner: Client, people: People) -> None:
    owner.post("/account/hand-over/", {"next": "/somewhere/"})
    cookie = owner.cookies["till"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    owner.get("/sign-in/")
    assert signing.loads(cookie.value, salt="merchants.till") == str(people.toronto.pk)


@pytest.mark.parametrize("value", ["", "forged", "ImZvcmdlZCI:1abc:xyz"])
def test_forged_cookie_chooses_nothing(client: Client, people: People, floater: User, value: str) -> None:
    client.cookies["till"] = value
    assert client.get("/sign-in/").status_code == 200
    sign_in(client, "floater")
    assert client.get("/").headers["Location"].startswith("/stores/")


def test_hand_over_leaves_no_message_for_the_next(owner: Client, people: People, floater: User) -> None:
    signed_in_long_ago(owner)
    owner.post("/sensitive/")  # leaves a message
    owner.post("/account/hand-over/")
    assert "Too much time had passed" not in owner.get("/sign-in/").content.decode()


def test_hand_over_needs_a_post(owner: Client) -> None:
    assert owner.get("/account/hand-over/").status_code == 405
    assert owner.get("/").status_code == 200


def test_administrator_is_offered_no_hand_over(client: Client, people: People, owner: Client) -> None:
    assert "Hand over" in owner.get("/").content.decode()
    other = Client()
    sign_in(other, "administrator")
    assert "Hand over" not in other.get("/account/").content.decode()


# The lock


def test_till_left_alone_is_locked_and_says_who_was_there(owner: Client, people: People) -> None:
    left_alone(owner)
    answer = owner.get("/somewhere/?of=one")
    assert answer.headers["Location"] == f"{LOCKED}?next=%2Fsomewhere%2F%3Fof%3Done"
    page = owner.get(answer.headers["Location"]).content.decode()
    assert "owner was here last" in page
    assert owner.get("/somewhere/").headers["Location"].startswith(LOCKED)
    (event,) = events("till_locked")
    assert (event.actor_id, event.detail) == (str(people.owner.pk), {"because": "idle"})


def test_till_in_use_is_not_locked(owner: Client) -> None:
    left_alone(owner, seconds=590)
    assert owner.get("/somewhere/").status_code == 200
    assert owner.session[_ACTIVE_AT] > time.time() - 5


def test_till_is_never_locked_where_that_is_off(owner: Client, settings: Any) -> None:
    settings.IDLE_LOCK_SECONDS = 0
    left_alone(owner, seconds=10**6)
    assert owner.get("/somewhere/").status_code == 200
    assert "data-idle" not in owner.get("/somewhere/").content.decode()
    assert owner.get("/account/idle/").content == b""


def test_password_unlocks_the_same_page(owner: Client, people: People) -> None:
    left_alone(owner)
    owner.get("/somewhere/")
    answer = owner.post(LOCKED, {"password": PASSWORD, "next": "/somewhere/"})
    assert answer.headers["Location"] == "/somewhere/"
    assert owner.get("/somewhere/").status_code == 200
    assert [event.actor_id for event in events("till_unlocked")] == [str(people.owner.pk)]


def test_wrong_password_unlocks_nothing_and_is_limited(owner: Client) -> None:
    left_alone(owner)
    owner.get("/")
    for _ in range(5):
        assert owner.post(LOCKED, {"password": "wrong"}).status_code == 422
    assert "Wait five minutes" in owner.post(LOCKED, {"password": PASSWORD}).content.decode()
    assert owner.get("/").headers["Location"].startswith(LOCKED)


@pytest.mark.parametrize("path", ["/", "/somewhere/", "/account/", "/account/again/", "/sign-in/", "/admin/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_locked_till_opens_nothing(owner: Client, path: str, method: str) -> None:
    left_alone(owner)
    owner.get("/")
    answer = getattr(owner, method)(path)
    assert answer.headers["Location"].startswith(LOCKED)


def test_locked_till_answers_a_fragment_with_the_lock(owner: Client) -> None:
    left_alone(owner)
    answer = owner.get("/somewhere/", headers={"hx-request": "true"})
    assert answer.headers["HX-Redirect"].startswith(LOCKED)
    assert not answer.content


def test_locked_till_lets_sign_out_choose_the_language_and_hand_over(owner: Client, people: People) -> None:
    left_alone(owner)
    owner.get("/")
    owner.post("/language/", {"language": "fr"})
    assert 'lang="fr"' in owner.get(LOCKED).content.decode()
    owner.post("/account/hand-over/", {"next": "/somewhere/"})
    sign_in(owner, "owner")
    assert owner.get("/").status_code == 200
    left_alone(owner)
    owner.post("/sign-out/")
    assert owner.get("/").headers["Location"].startswith("/sign-in/")


def test_till_can_be_locked_at_once(owner: Client) -> None:
    owner.post("/account/lock/")
    assert owner.get("/").headers["Location"].startswith(LOCKED)
    assert events("till_locked")[0].detail == {"because": "asked"}


def test_lock_page_of_an_open_till_leads_on(owner: Client) -> None:
    assert owner.get(f"{LOCKED}?next=/somewhere/").headers["Location"] == "/somewhere/"


def test_page_that_asks_learns_the_time_and_does_not_count_as_activity(owner: Client) -> None:
    left_alone(owner, seconds=500)
    assert 98 <= int(owner.get("/account/idle/").content) <= 100
    assert owner.session[_ACTIVE_AT] < time.time() - 499


def test_page_with_somebody_at_work_keeps_the_till_open(owner: Client) -> None:
    left_alone(owner, seconds=500)
    assert int(owner.post("/account/idle/").content) >= 599


def test_page_that_asks_too_late_opens_nothing(owner: Client) -> None:
    left_alone(owner)
    assert owner.post("/account/idle/").content == b"0"
    assert owner.get("/").headers["Location"].startswith(LOCKED)
    assert owner.post("/account/idle/").content == b"0"


def test_locked_person_without_a_password_gives_a_code(client: Client, people: People) -> None:
    with_second_factor(people.owner)
    people.owner.set_unusable_password()
    people.owner.save()
    client.force_login(people.owner)
    client.post("/account/lock/")
    assert client.post(LOCKED, {"code": "000000"}).status_code == 422
    assert client.post(LOCKED, {"code": code_of(SECRET)}).headers["Location"] == "/"
