"""Signing in and out, as a person sees it and as the record keeps it."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import Event
from merchants.models import Credential, SessionOutcome, User
from tests.merchants.conftest import PASSWORD, People, credential_of, events, sign_in


def test_sign_in_opens_the_merchants_session_and_shows_its_name(
    client: Client, people: People, credential: Credential
) -> None:
    answer = sign_in(client, "owner")
    assert answer.headers["Location"] == "/"
    page = client.get("/")
    assert "European Restorations" in page.content.decode()
    assert "connection-strip" not in page.content.decode()
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN


def test_sign_in_is_recorded_with_merchant_and_person(client: Client, people: People) -> None:
    sign_in(client, "owner")
    (event,) = events("signed_in")
    assert (event.actor_id, event.merchant_id) == (str(people.owner.pk), str(people.merchant.pk))


def test_sign_in_gives_the_session_a_new_key(client: Client, people: People) -> None:
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    client.cookies["session"] = planted
    sign_in(client, "owner")
    assert client.session.session_key != planted


def test_sign_out_is_recorded_and_empties_the_session(client: Client, people: People) -> None:
    sign_in(client, "owner")
    client.post("/sign-out/")
    assert not client.session.items()
    assert [event.actor_id for event in events("signed_out")] == [str(people.owner.pk)]
    assert client.get("/").headers["Location"].startswith("/sign-in/")


def test_sign_out_needs_a_post(client: Client, people: People) -> None:
    sign_in(client, "owner")
    client.get("/sign-out/")
    assert client.get("/").status_code == 200


def test_wrong_password_is_recorded_for_the_person(client: Client, people: People) -> None:
    page = sign_in(client, "owner", "wrong")
    assert "The user name or the password is not right" in page.content.decode()
    (event,) = events("sign_in_failed")
    assert event.subject_id == str(people.owner.pk)
    assert event.merchant_id == str(people.merchant.pk)


def test_unknown_name_is_recorded_without_what_was_typed(client: Client, people: People) -> None:
    sign_in(client, "my-password-in-the-wrong-box", "x")
    assert events("sign_in_failed")[0].detail == {"reason": "unknown_name"}
    assert "my-password" not in str(list(Event.objects.values()))


def test_unknown_names_of_one_day_share_a_chain_and_are_all_in_the_list(client: Client, people: People) -> None:
    def failures() -> list[tuple[str, int]]:
        sign_in(client, "nobody", "x")
        return [(event.subject_id, event.sequence) for event in events("sign_in_failed")]

    with mock.patch("merchants.signing_in.personal_events.timezone") as clock:
        clock.now.return_value = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
        failures()
        assert failures() == [("2026-11-21", 1), ("2026-11-21", 2)]
        clock.now.return_value = datetime(2026, 11, 22, 0, 1, tzinfo=UTC)
        assert failures()[2:] == [("2026-11-22", 1)]
    client.force_login(User.objects.create_superuser("auditor"))
    shown = client.get("/admin/audit/event/?name=sign_in_failed").context["cl"].queryset
    assert [event.detail for event in shown] == [{"reason": "unknown_name"}] * 3


def test_unknown_name_and_wrong_password_read_the_same(client: Client, people: People) -> None:
    def words(name: str) -> str:
        return str(sign_in(client, name, "wrong").context["form"].errors)

    assert words("owner") == words("nobody")


@pytest.mark.parametrize(("language", "words"), [("en", "Wait five minutes"), ("fr", "Attendez cinq minutes")])
def test_too_many_failures_are_told_in_the_persons_language(
    client: Client, people: People, language: str, words: str
) -> None:
    client.cookies["language"] = language
    for _ in range(5):
        assert words not in sign_in(client, "owner", "wrong").content.decode()
    page = sign_in(client, "owner", PASSWORD)
    assert words in page.content.decode()
    assert client.get("/").status_code == 302


def test_failures_of_a_name_are_counted_whatever_host_the_request_names(people: People) -> None:
    """A port in it is not looked at by ALLOWED_HOSTS, so anybody can have as many hosts as there are ports."""
    tried = {"login": "Owner", "password": "wrong"}
    for number in range(5):
        Client(HTTP_HOST=f"testserver:{8000 + number}").post("/sign-in/", tried)
    page = Client(HTTP_HOST="testserver:9000").post("/sign-in/", {"login": "owner", "password": PASSWORD})
    assert "Wait five minutes" in page.content.decode()


@pytest.mark.parametrize(("language", "words"), [("en", "Wait a few minutes"), ("fr", "quelques minutes")])
def test_too_many_posts_from_one_address_get_a_page_of_their_own(
    client: Client, people: People, settings: Any, language: str, words: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    client.cookies["language"] = language
    for _ in range(2):
        sign_in(client, "owner", "wrong")
    page = sign_in(client, "owner")
    assert page.status_code == 429
    assert words in page.content.decode()


def test_closed_account_is_told_so_and_stays_out(client: Client, people: People) -> None:
    people.owner.is_active = False
    people.owner.save()
    page = client.post("/sign-in/", {"login": "owner", "password": PASSWORD}, follow=True)
    assert "This account is closed" in page.content.decode()
    assert client.get("/").status_code == 302
    assert events("sign_in_failed")[0].detail == {"reason": "inactive"}


@pytest.mark.parametrize(
    ("language", "words"), [("en", "access is closed"), ("fr", "L’accès de ce commerçant est fermé")]
)
def test_people_of_a_closed_merchant_are_told_so_and_stay_out(
    client: Client, people: People, language: str, words: str
) -> None:
    people.merchant.is_active = False
    people.merchant.save()
    client.cookies["language"] = language
    page = sign_in(client, "owner")
    assert page.status_code == 403
    assert words in page.content.decode()
    assert client.get("/").status_code == 302


def test_merchant_closed_while_signed_in_closes_the_counter(client: Client, people: People) -> None:
    sign_in(client, "owner")
    people.merchant.is_active = False
    people.merchant.save()
    assert client.get("/").status_code == 403


def test_sign_in_restores_the_persons_language(client: Client, people: People) -> None:
    answer = sign_in(client, "stranger")
    assert answer.cookies["language"].value == "fr"
    assert 'lang="fr"' in client.get("/").content.decode()


def test_refused_credentials_let_people_in_and_tell_them_whom_to_tell(
    client: Client, people: People, credential: Credential
) -> None:
    credential.client_secret = "wrong"
    credential.save()
    sign_in(client, "owner")
    page = client.get("/").content.decode()
    assert "does not accept this merchant’s credentials" in page
    assert "Priya Nair, 416-555-0142" in page


def test_lender_not_there_lets_people_in_and_says_so(client: Client, people: People, nobody_listening: str) -> None:
    credential_of(people.merchant, nobody_listening)
    sign_in(client, "owner")
    assert "Flexiti is not answering at the moment" in client.get("/").content.decode()


def test_silent_lender_delays_sign_in_by_seconds_only(
    client: Client, people: People, credential: Credential, sandbox: Any
) -> None:
    sandbox.fail("token", "silent", times=9)
    started = time.monotonic()
    sign_in(client, "owner")
    assert time.monotonic() - started < 6
    assert "Flexiti is not answering at the moment" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("outcome", "ago", "asks"),
    [
        (SessionOutcome.OPEN, timedelta(minutes=4), False),
        (SessionOutcome.OPEN, timedelta(minutes=6), True),
        (SessionOutcome.REFUSED, timedelta(seconds=10), False),
        (SessionOutcome.REFUSED, timedelta(seconds=30), True),
    ],
)
def test_session_is_opened_again_only_when_the_last_answer_is_old(
    client: Client,
    people: People,
    credential: Credential,
    sandbox: Any,
    outcome: SessionOutcome,
    ago: timedelta,
    asks: bool,
) -> None:
    Credential.objects.update(session_outcome=outcome, session_checked_at=timezone.now() - ago)
    sign_in(client, "owner")
    assert bool(sandbox.requests()) is asks


def test_sign_up_password_reset_and_email_pages_are_not_there(client: Client) -> None:
    for path in ("/sign-up/", "/signup/", "/sign-in/signup/", "/password/reset/", "/email/"):
        assert client.get(path).status_code == 404


def test_password_never_reaches_the_record_or_the_log(
    client: Client, people: People, credential: Credential, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client, "owner")
    sign_in(client, "owner", "a-wrong-password")
    kept = str(list(Event.objects.values())) + caplog.text
    for secret in (PASSWORD, "a-wrong-password", credential.client_secret, credential.merchant_password):
        assert secret not in kept


def test_empty_boxes_are_told_apart(client: Client, db: None) -> None:
    html = client.post("/sign-in/", {"login": "", "password": ""}).content.decode()
    assert "Enter your user name." in html
    assert "Enter your password." in html


@pytest.mark.parametrize("place", ["//[", "https://[::1"])
def test_way_back_that_is_no_address_leads_nowhere(client: Client, people: People, place: str) -> None:
    assert client.get("/sign-in/inactive/", {"next": place}).status_code == 200
    signed_in = client.post("/sign-in/", {"login": "owner", "password": PASSWORD, "next": place})
    assert (signed_in.status_code, signed_in.headers["Location"]) == (302, "/")
