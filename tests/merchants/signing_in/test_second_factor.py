"""The second factor: set up, asked for, lost, and required."""

import base64
import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from audit.models import Event
from merchants.models import Role, User
from merchants.signing_in.second_factor import accept_code
from tests.merchants.authenticator import SECRET, code_of, with_second_factor
from tests.merchants.conftest import People, events, person, sign_in
from tests.merchants.signed_in import sign_in_again, signed_in_long_ago

SET_UP = "/account/second-factor/"


@pytest.fixture(autouse=True)
def _required(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True


@pytest.fixture
def manager(people: People) -> User:
    return person("manager", people.merchant, Role.MANAGER, people.toronto)


def shown_secret(page: Any) -> str:
    (secret,) = re.findall(r'<code class="pairing__secret">([A-Z2-7 ]+)</code>', page.content.decode())
    return str(secret).replace(" ", "")


def set_up(client: Client) -> Any:
    secret = shown_secret(client.get(SET_UP))
    return client.post(SET_UP, {"code": code_of(secret), "next": "/somewhere/"})


def codes_on(page: Any) -> list[str]:
    return [code.replace(" ", "") for code in re.findall(r"<li><code>([\d ]+)</code></li>", page.content.decode())]


# Who is led to set it up


@pytest.mark.parametrize("who", ["manager", "administrator", "operator", "both"])
def test_person_who_needs_one_sets_it_up_first(client: Client, people: People, manager: User, who: str) -> None:
    User.objects.create_superuser("operator", password="correct-horse-battery")
    both = person("both", people.merchant, Role.ASSOCIATE, people.toronto)
    both.memberships.create(merchant=people.other_merchant, role=Role.ADMINISTRATOR)
    sign_in(client, who)
    for path in ("/", "/somewhere/", "/admin/", "/stores/"):
        assert client.get(path).headers["Location"].startswith(SET_UP), path
    assert client.get(SET_UP).status_code == 200


def test_associate_is_asked_for_nothing(client: Client, people: People) -> None:
    sign_in(client, "owner")
    assert client.get("/").status_code == 200


def test_nobody_is_led_anywhere_where_it_is_not_required(client: Client, manager: User, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = False
    sign_in(client, "manager")
    page = client.get("/")
    assert page.status_code == 200
    assert "asks nobody for a second factor" in page.content.decode()


def test_page_does_not_say_that_it_is_off_where_it_is_on(client: Client, people: People) -> None:
    assert "second factor" not in client.get("/sign-in/").content.decode()


def test_fragment_is_led_to_set_it_up_as_a_whole_page(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    assert client.get("/", headers={"hx-request": "true"}).headers["HX-Redirect"].startswith(SET_UP)


def test_person_without_one_may_sign_out_and_choose_the_language(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    client.post("/language/", {"language": "fr", "next": SET_UP})
    assert 'lang="fr"' in client.get(SET_UP).content.decode()
    client.post("/sign-out/")
    assert client.get("/").headers["Location"].startswith("/sign-in/")


# Setting it up


def test_setting_up_shows_recovery_codes_once_and_opens_the_door(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    page = set_up(client)
    assert len(codes_on(page)) == 10
    assert 'href="/somewhere/"' in page.content.decode()
    assert client.get("/somewhere/").status_code == 200
    assert client.get(SET_UP).headers["Location"] == "/account/"
    assert [event.actor_id for event in events("second_factor_added")] == [str(manager.pk)]
    assert len(events("recovery_codes_made")) == 1


def test_setting_up_with_a_wrong_code_keeps_the_secret(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    secret = shown_secret(client.get(SET_UP))
    page = client.post(SET_UP, {"code": "000000"})
    assert page.status_code == 422
    assert shown_secret(page) == secret == shown_secret(client.get(SET_UP))
    assert not Authenticator.objects.exists()


def test_code_that_set_it_up_does_not_also_sign_in(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    secret = shown_secret(client.get(SET_UP))
    code = code_of(secret)
    client.post(SET_UP, {"code": code})
    client.post("/sign-out/")
    sign_in(client, "manager")
    assert "or it was used before" in client.post("/account/code/", {"code": code}).content.decode()


def test_setting_up_needs_a_recent_sign_in(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    signed_in_long_ago(client)
    assert client.get(SET_UP).headers["Location"].startswith("/account/again/")


def test_picture_tells_the_app_what_the_text_says(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    page = client.get(SET_UP)
    assert page.context["picture"].startswith("<svg")
    assert len(base64.b32decode(shown_secret(page))) == 20


def test_secrets_are_sealed_in_rows_and_sessions(client: Client, manager: User) -> None:
    sign_in(client, "manager")
    secret = shown_secret(client.get(SET_UP))
    sessions = [session.get_decoded() for session in Session.objects.all()]
    assert "second_factor_pending" in str(sessions)
    assert secret not in str(sessions)
    page = client.post(SET_UP, {"code": code_of(secret)})
    kept = str(list(Authenticator.objects.values())) + str(list(Event.objects.values()))
    assert not [told for told in (secret, *codes_on(page)) if told in kept]
    assert all(
        str(value).startswith("v1.")
        for one in Authenticator.objects.all()
        for name, value in one.data.items()
        if name in ("secret", "seed")
    )


# Signing in with it


@pytest.fixture
def codes(manager: User) -> list[str]:
    return with_second_factor(manager)


def test_sign_in_asks_for_the_code_before_anything(client: Client, codes: list[str]) -> None:
    answer = sign_in(client, "manager")
    assert answer.headers["Location"] == "/account/code/"
    assert client.get("/").headers["Location"].startswith("/sign-in/")
    assert not events("signed_in")
    assert client.post("/account/code/", {"code": code_of(SECRET)}).status_code == 302
    assert client.get("/somewhere/").status_code == 200
    assert len(events("signed_in")) == 1


def test_sign_in_with_a_code_comes_back_to_the_page(client: Client, codes: list[str]) -> None:
    client.post("/sign-in/", {"login": "manager", "password": "correct-horse-battery", "next": "/somewhere/"})
    assert client.post("/account/code/", {"code": code_of(SECRET)}).headers["Location"] == "/somewhere/"


@pytest.mark.parametrize("periods", [-1, 0, 1])
def test_code_of_a_clock_that_is_a_little_off_is_right(manager: User, codes: list[str], periods: int) -> None:
    assert accept_code(manager, code_of(SECRET, periods=periods))


@pytest.mark.parametrize("periods", [-3, 3])
def test_code_of_a_clock_that_is_far_off_is_wrong(manager: User, codes: list[str], periods: int) -> None:
    assert accept_code(manager, code_of(SECRET, periods=periods)) is None


def test_used_code_and_the_ones_before_it_are_wrong(manager: User, codes: list[str]) -> None:
    used, before = code_of(SECRET), code_of(SECRET, periods=-1)
    assert accept_code(manager, used)
    assert accept_code(manager, used) is None
    assert accept_code(manager, before) is None
    assert accept_code(manager, code_of(SECRET, periods=1))


def test_used_code_stays_wrong_when_the_cache_forgets(manager: User, codes: list[str]) -> None:
    code = code_of(SECRET)
    assert accept_code(manager, code)
    cache.clear()
    assert accept_code(manager, code) is None


def test_wrong_codes_are_limited_and_recorded(client: Client, manager: User, codes: list[str]) -> None:
    sign_in(client, "manager")
    for _ in range(5):
        assert "not right" in client.post("/account/code/", {"code": "000000"}).content.decode()
    page = client.post("/account/code/", {"code": code_of(SECRET)})
    assert "Wait five minutes" in page.content.decode()
    assert client.get("/").status_code == 302
    assert {event.detail["reason"] for event in events("sign_in_failed")} == {"wrong_code"}


def test_code_of_somebody_else_is_wrong(client: Client, people: People, manager: User) -> None:
    with_second_factor(people.owner)
    other = Authenticator.objects.get(user=people.owner, type="totp")
    with_second_factor(manager)
    secret = "MFRGGZDFMZTWQ2LKMFRGGZDFMZTWQ2LK"
    other.data = {"secret": encrypt(secret)}
    other.save()
    assert accept_code(manager, code_of(secret)) is None


def test_recovery_code_signs_in_once_and_tells_how_many_are_left(
    client: Client, manager: User, codes: list[str]
) -> None:
    sign_in(client, "manager")
    client.post("/account/code/", {"code": f"{codes[0][:4]} {codes[0][4:]}"})
    assert "9 are left" in client.get("/somewhere/").content.decode()
    assert len(events("recovery_code_used")) == 1
    client.post("/sign-out/")
    sign_in(client, "manager")
    assert "not right" in client.post("/account/code/", {"code": codes[0]}).content.decode()


def test_sign_in_can_be_left_to_somebody_else(client: Client, people: People, codes: list[str]) -> None:
    sign_in(client, "manager")
    assert client.post("/account/start-over/").headers["Location"] == "/sign-in/"
    assert client.get("/sign-in/").status_code == 200
    sign_in(client, "owner")
    assert client.get("/").status_code == 200


# In a session


def test_session_without_a_code_has_to_give_one(client: Client, manager: User, codes: list[str]) -> None:
    client.force_login(manager)
    sign_in_again(client)
    asked = client.get("/somewhere/").headers["Location"]
    assert asked.startswith("/account/again/")
    page = client.get(asked).content.decode()
    assert 'name="code"' in page
    assert 'name="password"' not in page
    client.post("/account/again/", {"password": "correct-horse-battery"})
    assert client.get("/somewhere/").status_code == 302
    client.post("/account/again/", {"code": code_of(SECRET)})
    assert client.get("/somewhere/").status_code == 200


def test_signing_in_again_takes_a_code_instead_of_the_password(client: Client, people: People) -> None:
    with_second_factor(people.owner)
    sign_in(client, "owner")
    client.post("/account/code/", {"code": code_of(SECRET, periods=-1)})
    signed_in_long_ago(client)
    assert 'name="password"' in client.get("/account/again/").content.decode()
    assert 'name="code"' in client.get("/account/again/?code").content.decode()
    client.post("/account/again/", {"code": code_of(SECRET)})
    assert client.get("/sensitive/").status_code == 200
    assert events("signed_in_again")[0].detail == {"with": "code"}


def test_account_page_says_how_many_codes_are_left(client: Client, manager: User, codes: list[str]) -> None:
    for code in codes[:7]:
        assert accept_code(manager, code)
    sign_in(client, "manager")
    client.post("/account/code/", {"code": code_of(SECRET)})
    page = client.get("/account/").content.decode()
    assert "3 of 10 left" in page
    assert "3 recovery codes are left." in page


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_account_pages_open_outside_a_transaction(client: Client, people: People) -> None:
    """As in production: PostgreSQL refuses a lock that no transaction holds."""
    codes = with_second_factor(people.owner)
    sign_in(client, "owner")
    signed_in = client.post("/account/code/", {"code": codes[0]}, follow=True)
    assert signed_in.status_code == 200
    for path in ("/account/", "/account/second-factor/recovery-codes/"):
        assert client.get(path).status_code == 200, path


def test_new_codes_take_the_place_of_the_old(client: Client, people: People) -> None:
    old = with_second_factor(people.owner)
    client.force_login(people.owner)
    client.post("/account/again/", {"code": code_of(SECRET)})
    assert "10 of your recovery codes" in client.get("/account/second-factor/recovery-codes/").content.decode()
    new = codes_on(client.post("/account/second-factor/recovery-codes/"))
    assert accept_code(people.owner, old[0]) is None
    assert accept_code(people.owner, new[0])


def test_removing_leads_who_needs_one_to_the_next(client: Client, manager: User, codes: list[str]) -> None:
    sign_in(client, "manager")
    client.post("/account/code/", {"code": code_of(SECRET, periods=-1)})
    elsewhere = Client()
    sign_in(elsewhere, "manager")
    elsewhere.post("/account/code/", {"code": code_of(SECRET)})
    assert elsewhere.get("/somewhere/").status_code == 200
    page = client.get("/account/second-factor/remove/").content.decode()
    assert f'value="{SET_UP}"' in page
    client.post("/account/second-factor/remove/", {"next": SET_UP})
    assert not Authenticator.objects.exists()
    assert [event.actor_id for event in events("second_factor_removed")] == [str(manager.pk)]
    assert client.get("/somewhere/").headers["Location"].startswith(SET_UP)
    assert elsewhere.get("/somewhere/").headers["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("path", ["recovery-codes/", "remove/"])
def test_changing_the_factor_needs_a_recent_sign_in(client: Client, people: People, path: str) -> None:
    with_second_factor(people.owner)
    client.force_login(people.owner)
    signed_in_long_ago(client)
    before = list(Authenticator.objects.values())
    for answer in (client.get(f"{SET_UP}{path}"), client.post(f"{SET_UP}{path}")):
        assert answer.headers["Location"].startswith("/account/again/")
    assert list(Authenticator.objects.values()) == before


@pytest.mark.parametrize("path", ["recovery-codes/", "remove/"])
def test_password_alone_does_not_change_the_factor(client: Client, people: People, path: str) -> None:
    with_second_factor(people.owner)
    client.force_login(people.owner)
    sign_in_again(client)
    again = client.get(f"{SET_UP}{path}").headers["Location"]
    page = client.get(again).content.decode()
    assert 'name="code"' in page
    assert "Use your password instead" not in page
    next_page = {"next": f"{SET_UP}{path}"}
    client.post("/account/again/", {"password": "correct-horse-battery", **next_page})
    assert client.get(f"{SET_UP}{path}").headers["Location"] == again
    client.post("/account/again/", {"only": "code", "code": code_of(SECRET), **next_page})
    assert client.get(f"{SET_UP}{path}").status_code == 200


@pytest.mark.parametrize("path", ["recovery-codes/", "remove/"])
def test_changing_a_factor_that_is_not_there_leads_back(client: Client, people: People, path: str) -> None:
    sign_in(client, "owner")
    assert client.get(f"{SET_UP}{path}").headers["Location"] == "/account/"


def test_waiting_for_the_code_ends_after_a_while(client: Client, codes: list[str], settings: Any) -> None:
    settings.ACCOUNT_LOGIN_TIMEOUT = 0.01
    sign_in(client, "manager")
    time.sleep(0.02)
    assert client.get("/account/code/").headers["Location"] == "/sign-in/"


def test_signing_out_elsewhere_ends_the_other_sessions_only(client: Client, people: People) -> None:
    elsewhere = Client()
    for one in (client, elsewhere):
        sign_in(one, "owner")
    answer = client.post("/account/sign-out-elsewhere/", follow=True)
    assert "signed out everywhere but here" in answer.content.decode()
    assert elsewhere.get("/").headers["Location"].startswith("/sign-in/")
    assert [event.detail for event in events("signed_out")] == [{"elsewhere": "1"}]
