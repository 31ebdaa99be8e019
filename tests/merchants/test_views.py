"""Language of the screen, and trying the lender again."""

from typing import Any

import pytest
from django.test import Client, override_settings

from merchants.models import Credential, SessionOutcome, User
from tests.merchants.conftest import People, credential_of, sign_in


def test_language_is_kept_for_the_browser_and_the_person(client: Client, people: People) -> None:
    sign_in(client, "owner")
    answer = client.post("/language/", {"language": "fr", "next": "/somewhere/"})
    assert answer.headers["Location"] == "/somewhere/"
    assert answer.cookies["language"].value == "fr"
    assert answer.cookies["language"]["httponly"]
    assert User.objects.get(username="owner").language == "fr"
    assert "Comptoir de crédit" in client.get("/").content.decode()


def test_language_can_be_chosen_before_signing_in(client: Client, db: None) -> None:
    client.post("/language/", {"language": "fr", "next": "/sign-in/"})
    assert '<html lang="fr"' in client.get("/sign-in/").content.decode()


def test_unknown_language_changes_nothing(client: Client, people: People) -> None:
    sign_in(client, "owner")
    answer = client.post("/language/", {"language": "xx"})
    assert "language" not in answer.cookies
    assert User.objects.get(username="owner").language == ""


def test_language_leads_back_to_the_page_it_was_changed_on(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "fr"}, headers={"referer": "http://testserver/sign-in/?next=%2F"})
    assert answer.headers["Location"] == "/sign-in/?next=%2F"


def test_language_leads_to_the_counter_when_the_page_before_is_no_address(client: Client, db: None) -> None:
    response = client.post("/language/", {"language": "fr"}, headers={"referer": "http://["})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/language/", "/session/retry/"])
def test_what_changes_something_needs_a_post(client: Client, people: People, path: str) -> None:
    sign_in(client, "owner")
    assert client.get(path).status_code == 405


def test_trying_again_takes_the_alert_away(client: Client, people: People, credential: Credential) -> None:
    secret = credential.client_secret
    credential.client_secret = "wrong"
    credential.save()
    sign_in(client, "owner")
    credential.client_secret = secret
    credential.save()
    page = client.post("/session/retry/", follow=True).content.decode()
    assert "Flexiti is answering again." in page
    assert "does not accept" not in page


def test_trying_again_reaches_the_lender_once_however_many_press(
    client: Client, people: People, credential: Credential, sandbox: Any
) -> None:
    sandbox.fail("token", "invalid_client", times=99)
    sign_in(client, "owner")
    sandbox.control("POST", "reset")
    sandbox.fail("token", "invalid_client", times=99)
    for _ in range(4):
        client.post("/session/retry/")
    assert len(sandbox.requests()) == 1


def test_trying_again_works_while_the_cache_is_down(client: Client, people: People, credential: Credential) -> None:
    sign_in(client, "owner")
    away = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}}
    with override_settings(CACHES=away):
        page = client.post("/session/retry/", follow=True)
    assert "Flexiti is answering again." in page.content.decode()


def test_trying_again_is_for_people_who_are_signed_in(client: Client, people: People) -> None:
    answer = client.post("/session/retry/")
    assert answer.headers["Location"].startswith("/sign-in/")


def test_stranger_never_moves_the_owners_session(client: Client, people: People, nobody_listening: str) -> None:
    owners = credential_of(people.merchant, nobody_listening)
    sign_in(client, "stranger")
    client.post("/session/retry/")
    owners.refresh_from_db()
    assert owners.session_outcome == SessionOutcome.NEVER
