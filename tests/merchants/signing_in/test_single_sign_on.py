"""Signing in with the merchant's own identity provider: a real one over HTTP, and everything it may say wrong."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils.translation import override

from flexiti_portal.checks import identity_provider_speaks_https
from flexiti_portal.single_sign_on import providers
from merchants.models import User
from tests.merchants.authenticator import SECRET, code_of, with_second_factor
from tests.merchants.conftest import People, events, sign_in
from tests.stack.openid_provider import CLIENT_ID, CLIENT_SECRET, OpenIdProvider, running_provider

STRANGE = (
    *("", "[]", "null", "1", "{}", '"x"', "[" * 5000, "1" * 5000, '{"keys": 1}', '{"keys": [1]}', '{"keys": [null]}'),
    *('{"keys": [{"kty": "RSA", "kid": "key-1"}]}', '{"id_token": 1, "access_token": "a"}', '{"sub": ["x"]}'),
)


@pytest.fixture
def provider(settings: Any) -> Iterator[OpenIdProvider]:
    with running_provider() as provider:
        switch_on(settings, provider.url)
        yield provider


def switch_on(settings: Any, url: str) -> None:
    settings.OIDC_SERVER_URL, settings.OIDC_NAME = url, "Head office"
    settings.SOCIALACCOUNT_PROVIDERS = providers(url, CLIENT_ID, CLIENT_SECRET, "Head office")


@pytest.fixture
def owner(people: People) -> User:
    people.owner.email = "owner@example.test"
    people.owner.save()
    return people.owner


def come_back(client: Client, provider: OpenIdProvider, path: str = "/account/sso/?next=/somewhere/") -> Any:
    return client.get(provider.approve(client.get(path).headers["Location"]).removeprefix("http://testserver"))


def refused(client: Client, answer: Any, words: str) -> None:
    assert answer.status_code in (403, 502)
    assert words in answer.content.decode()
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_known_person_signs_in_and_comes_back_to_the_page(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    assert "Sign in with Head office" in client.get("/sign-in/").content.decode()
    assert come_back(client, provider).headers["Location"] == "/somewhere/"
    assert client.get("/somewhere/").status_code == 200
    assert [event.actor_id for event in events("signed_in")] == [str(owner.pk)]


def test_provider_is_asked_with_pkce_and_to_ask_anew(client: Client, owner: User, provider: OpenIdProvider) -> None:
    come_back(client, provider)
    (asked,) = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")


def test_nothing_of_the_provider_is_kept_but_the_subject(client: Client, owner: User, provider: OpenIdProvider) -> None:
    for _ in range(2):
        come_back(client, provider)
        client.post("/sign-out/")
    account = SocialAccount.objects.get()
    assert (account.uid, account.user, account.extra_data) == ("subject-1", owner, {})
    assert not SocialToken.objects.exists()


def test_linked_subject_signs_in_whatever_its_address_says(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    come_back(client, provider)
    client.post("/sign-out/")
    provider.claims |= {"email": "married@example.test", "email_verified": False}
    assert come_back(client, provider).headers["Location"] == "/somewhere/"


def test_binding_is_recorded_once_without_the_subject(
    client: Client, people: People, owner: User, provider: OpenIdProvider
) -> None:
    for _ in range(2):
        come_back(client, provider)
        client.post("/sign-out/")
    (event,) = events("identity_bound")
    assert (event.subject_id, event.actor_id, event.merchant_id) == (
        str(owner.pk),
        str(owner.pk),
        str(people.merchant.pk),
    )
    assert "subject-1" not in str(event.detail)
    with override("fr"):
        assert event.label == "Compte lié au fournisseur d’identité"


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "nobody@example.test"},
        {"email": ""},
        {"email": "owner@example.test.evil"},
    ],
    ids=str,
)
def test_unverified_or_unknown_address_signs_nobody_in(
    client: Client, owner: User, provider: OpenIdProvider, said: dict[str, Any]
) -> None:
    provider.claims |= said
    before = User.objects.count()
    refused(client, come_back(client, provider), "nobody here has your verified e-mail address")
    assert User.objects.count() == before
    assert not SocialAccount.objects.exists()
    assert events("sign_in_failed")[0].detail == {"reason": "single_sign_on_unknown_person"}


def test_address_of_two_people_signs_in_neither(
    client: Client, people: People, owner: User, provider: OpenIdProvider
) -> None:
    User.objects.filter(pk=people.colleague.pk).update(email="OWNER@example.test")
    refused(client, come_back(client, provider), "nobody here has your verified")


def test_address_that_went_to_another_subject_is_not_linked_again(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    come_back(client, provider)
    client.post("/sign-out/")
    provider.claims["sub"] = "subject-2"
    refused(client, come_back(client, provider), "nobody here has your verified")


def test_inactive_person_is_told_so_and_not_linked(client: Client, owner: User, provider: OpenIdProvider) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert come_back(client, provider).headers["Location"] == "/sign-in/inactive/"
    assert client.get("/").headers["Location"].startswith("/sign-in/")
    assert not SocialAccount.objects.exists()
    assert not events("identity_bound")
    assert events("sign_in_failed")[0].detail == {"reason": "inactive"}


@pytest.mark.parametrize(
    "said",
    [
        {"nonce": "of-somebody-else"},
        {"nonce": None},
        {"iss": "http://127.0.0.1:9"},
        {"aud": "another-client"},
        {"exp": 1_700_000_000},
        {"auth_time": 1_700_000_000},
        {"auth_time": None},
        {"sub": None},
    ],
    ids=str,
)
def test_token_that_does_not_fit_signs_nobody_in(
    client: Client, owner: User, provider: OpenIdProvider, said: dict[str, Any]
) -> None:
    provider.id_token = said
    refused(client, come_back(client, provider), "does not fit what was asked")
    assert not SocialAccount.objects.exists()


def test_token_signed_with_another_key_signs_nobody_in(client: Client, owner: User, provider: OpenIdProvider) -> None:
    provider.signs_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refused(client, come_back(client, provider), "does not fit what was asked")


def test_user_info_of_another_subject_signs_nobody_in(client: Client, owner: User, provider: OpenIdProvider) -> None:
    provider.userinfo = {"sub": "somebody-else"}
    refused(client, come_back(client, provider), "does not fit what was asked")


@pytest.mark.parametrize("state", ["", "forged", None])
def test_answer_with_a_wrong_state_signs_nobody_in(
    client: Client, owner: User, provider: OpenIdProvider, state: str | None
) -> None:
    back = urlsplit(provider.approve(client.get("/account/sso/").headers["Location"]))
    query = {"code": parse_qs(back.query)["code"][0], **({} if state is None else {"state": state})}
    refused(client, client.get(back.path, query), "does not fit what was asked")


def test_answer_is_taken_once_and_in_its_own_browser_only(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    back = provider.approve(client.get("/account/sso/").headers["Location"]).removeprefix("http://testserver")
    other = Client()
    assert other.get(back).status_code == 403
    assert client.get(back).status_code == 302
    client.post("/sign-out/")
    assert client.get(back).status_code == 403


def test_person_who_stops_at_the_provider_is_told_how_to_go_on(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    begun = parse_qs(urlsplit(client.get("/account/sso/").headers["Location"]).query)
    answer = client.get("/account/sso/callback/", {"error": "access_denied", "state": begun["state"][0]})
    refused(client, answer, "You stopped at Head office")


def test_provider_that_is_not_there_is_named(client: Client, owner: User, settings: Any, nobody_listening: str) -> None:
    switch_on(settings, nobody_listening)
    refused(client, client.get("/account/sso/"), "Head office is not answering")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/userinfo", "/keys"])
def test_provider_may_say_anything_and_signs_nobody_in_by_it(
    client: Client, owner: User, provider: OpenIdProvider, path: str
) -> None:
    for said in STRANGE:
        provider.says[path] = said
        answer = client.get("/account/sso/")
        if answer.status_code == 302:
            answer = client.get(provider.approve(answer.headers["Location"]))
        if path == "/userinfo" and answer.status_code == 302:
            assert not json.loads(said)  # nothing was said there, and the signed ID token says who it is
        else:
            assert answer.status_code in (403, 502), said[:50]
            assert "_auth_user_id" not in client.session
        client.session.flush()


def test_secret_does_not_follow_a_redirect(client: Client, owner: User, provider: OpenIdProvider) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.setblocking(False)
        provider.redirects["/token"] = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/token"
        assert come_back(client, provider).status_code in (403, 502)
        with pytest.raises(BlockingIOError):
            elsewhere.accept()


def test_addresses_are_not_there_while_it_is_off(client: Client, db: None) -> None:
    assert client.get("/account/sso/").status_code == 404
    assert client.get("/account/sso/callback/").status_code == 404
    assert "/account/sso/" not in client.get("/sign-in/").content.decode()


# The second factor, the lock, and signing in again


@pytest.fixture
def administrator(people: People, provider: OpenIdProvider, settings: Any) -> User:
    settings.REQUIRE_SECOND_FACTOR = True
    people.administrator.email = "admin@example.test"
    people.administrator.save()
    provider.claims["email"] = "admin@example.test"
    return people.administrator


def test_own_second_factor_is_still_asked_for(client: Client, administrator: User, provider: OpenIdProvider) -> None:
    with_second_factor(administrator)
    assert come_back(client, provider).headers["Location"] == "/account/code/"
    kept = json.dumps([session.get_decoded() for session in Session.objects.all()])
    assert administrator.password not in kept
    assert "opaque" not in kept
    assert client.post("/account/code/", {"code": code_of(SECRET)}).headers["Location"] == "/somewhere/"


def test_person_without_a_second_factor_sets_one_up(
    client: Client, administrator: User, provider: OpenIdProvider
) -> None:
    come_back(client, provider)
    assert client.get("/").headers["Location"].startswith("/account/second-factor/")
    assert client.get("/account/second-factor/").status_code == 200


def test_strong_provider_is_believed(
    client: Client, administrator: User, provider: OpenIdProvider, settings: Any
) -> None:
    settings.OIDC_IS_STRONG = True
    with_second_factor(administrator)
    assert come_back(client, provider).headers["Location"] == "/somewhere/"
    assert client.get("/account/").status_code == 200
    assert client.get("/somewhere/").status_code != 302
    client.post("/sign-out/")
    assert sign_in(client, "administrator").headers["Location"] == "/account/code/"


def test_person_without_a_password_unlocks_at_the_provider(
    client: Client, owner: User, provider: OpenIdProvider
) -> None:
    owner.set_unusable_password()
    owner.save()
    come_back(client, provider)
    client.post("/account/lock/")
    page = client.get("/account/locked/?next=/somewhere/").content.decode()
    assert 'href="/account/sso/?next=/somewhere/"' in page
    assert come_back(client, provider).headers["Location"] == "/somewhere/"
    assert client.get("/somewhere/").status_code == 200


def test_lock_is_not_opened_by_the_providers_old_session(client: Client, owner: User, provider: OpenIdProvider) -> None:
    come_back(client, provider)
    client.post("/account/lock/")
    provider.id_token = {"auth_time": int(time.time()) - 3600}
    assert come_back(client, provider).status_code == 403
    assert client.get("/").headers["Location"].startswith("/account/locked/")


@pytest.mark.parametrize(("address", "problems"), [("", 0), ("https://id.example", 0), ("http://id.example", 1)])
def test_provider_without_https_is_refused_at_the_start(settings: Any, address: str, problems: int) -> None:
    settings.OIDC_SERVER_URL = address
    assert len(identity_provider_speaks_https()) == problems
