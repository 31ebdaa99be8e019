"""Checks that nobody asks for: every morning, before the first sale, and who is told when one comes out otherwise."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from merchants import tasks
from merchants.credentials import daily_checks
from merchants.credentials.connection import check_connection
from merchants.models import CheckOccasion, Credential, CredentialCheck, SessionOutcome
from merchants.tasks import check_credential, check_credentials
from tests.merchants.conftest import PASSWORD, People, credential_of, events, sign_in

# In winter: Toronto is five hours behind UTC, St. John's three and a half.
BEFORE_FIVE, AFTER_FIVE = datetime(2027, 1, 11, 9, 59, tzinfo=UTC), datetime(2027, 1, 11, 10, 0, tzinfo=UTC)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was asked for: credential ids and occasions."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(check_credential, "delay", lambda *arguments: found.append(arguments))
    monkeypatch.setattr(check_credential, "apply_async", lambda arguments, **_: found.append(arguments))
    return found


@pytest.fixture
def mailed(settings: Any, people: People) -> list[mail.EmailMessage]:
    """What is sent, with a mail server, to administrators who have an address."""
    settings.EMAIL_URL = "smtp://mail.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    for person in (people.administrator, people.other_administrator, people.owner):
        person.email = f"{person.username}@example.test"
        person.save()
    mail.outbox = []
    return mail.outbox  # type: ignore[no-any-return]


def check(credential: Credential, occasion: CheckOccasion = CheckOccasion.DAILY) -> None:
    daily_checks.check(credential.pk, occasion)


def test_day_begins_at_five_where_the_merchant_is(people: People, credential: Credential) -> None:
    assert daily_checks.due_for_the_daily_check(BEFORE_FIVE) == []
    assert daily_checks.due_for_the_daily_check(AFTER_FIVE) == [credential.pk]


def test_day_begins_with_the_earliest_store(people: People, credential: Credential) -> None:
    people.laval.time_zone = "America/St_Johns"
    people.laval.save()
    five_there = datetime(2027, 1, 11, 8, 30, tzinfo=UTC)
    assert daily_checks.due_for_the_daily_check(five_there - timedelta(minutes=1)) == []
    assert daily_checks.due_for_the_daily_check(five_there) == [credential.pk]
    people.laval.is_active = False
    people.laval.save()
    assert daily_checks.due_for_the_daily_check(five_there) == []


def test_one_check_a_day_is_enough(credential: Credential) -> None:
    CredentialCheck.objects.create(
        credential=credential, checked_at=AFTER_FIVE, occasion="daily", has_passed=True, steps=[]
    )
    assert daily_checks.due_for_the_daily_check(AFTER_FIVE + timedelta(hours=10)) == []
    assert daily_checks.due_for_the_daily_check(AFTER_FIVE + timedelta(days=1)) == [credential.pk]


def test_those_in_use_and_standing_by_are_checked_and_no_others(people: People, credential: Credential) -> None:
    standing_by = credential_of(people.merchant, credential.base_url, is_active=False)
    credential_of(people.merchant, credential.base_url, is_active=False, retired_at=timezone.now())
    closed = credential_of(people.other_merchant, credential.base_url)
    people.other_merchant.is_active = False
    people.other_merchant.save()
    due = daily_checks.due_for_the_daily_check(AFTER_FIVE)
    assert set(due) == {credential.pk, standing_by.pk}
    check(closed)
    assert not CredentialCheck.objects.exists()


def test_beat_asks_for_each_by_itself(
    people: People, credential: Credential, asked: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks.timezone, "now", lambda: AFTER_FIVE)
    check_credentials()
    assert asked == [(str(credential.pk), "daily")]


def test_check_keeps_the_answer(credential: Credential) -> None:
    check_credential(str(credential.pk), "first_sale")
    kept = CredentialCheck.objects.get()
    assert (kept.has_passed, kept.occasion, kept.by) == (True, "first_sale", None)
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN


def test_check_under_way_elsewhere_is_not_repeated(credential: Credential, sandbox: Any) -> None:
    cache.add(f"credential-check:{credential.pk}", 1)
    check(credential)
    assert sandbox.requests() == []


def test_what_nobody_asked_for_is_audited_when_it_changes(credential: Credential, sandbox: Any) -> None:
    check(credential)
    check(credential)
    sandbox.fail("terms", "general_error")
    check(credential)
    assert [event.detail["passed"] for event in events("credential_tested")] == [True, False]


# Before the first sale


def test_first_associate_of_the_day_has_the_credentials_checked(
    client: Client, people: People, credential: Credential, asked: list[tuple[str, str]]
) -> None:
    sign_in(client, "owner")
    sign_in(Client(), "colleague")
    assert asked == [(str(credential.pk), "first_sale")]


def test_administrator_is_no_first_sale(
    client: Client, people: People, credential: Credential, asked: list[tuple[str, str]]
) -> None:
    sign_in(client, "administrator")
    assert asked == []


def test_broker_that_is_down_keeps_nobody_out(
    client: Client, people: People, credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr(check_credential, "apply_async", fail)
    assert sign_in(client, "owner", PASSWORD).headers["Location"] == "/"


# Who is told


def test_administrators_of_the_merchant_are_told_once_when_it_fails(
    credential: Credential, sandbox: Any, mailed: list[mail.EmailMessage]
) -> None:
    check(credential)
    assert mailed == []
    sandbox.fail("token", "invalid_client", times=20)
    check(credential)
    check(credential)
    (message,) = mailed
    assert message.to == ["administrator@example.test"]
    assert "does not pass its check" in message.subject
    assert CredentialCheck.objects.first().reference_id  # type: ignore[union-attr]


def test_they_are_told_when_it_works_again(
    credential: Credential, sandbox: Any, mailed: list[mail.EmailMessage], people: People
) -> None:
    people.administrator.language = "fr"
    people.administrator.save()
    sandbox.fail("token", "invalid_client")
    check(credential)
    check(credential)
    assert [message.subject.split("\u00a0: ")[-1] for message in mailed] == [
        "la connexion à Flexiti ne réussit pas sa vérification",
        "la connexion à Flexiti fonctionne de nouveau",
    ]


def test_message_holds_no_secret(credential: Credential, sandbox: Any, mailed: list[mail.EmailMessage]) -> None:
    sandbox.fail("token", "invalid_client")
    check(credential)
    written = f"{mailed[0].subject} {mailed[0].body}"
    for secret in (credential.client_id, credential.client_secret, credential.base_url, "dice-manila"):
        assert secret not in written
    assert "European Restorations" in written


def test_mail_server_that_is_away_does_not_spoil_the_check(
    credential: Credential, sandbox: Any, mailed: list[mail.EmailMessage], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    sandbox.fail("token", "invalid_client")
    check(credential)
    assert CredentialCheck.objects.get().has_passed is False


def test_without_a_mail_server_nobody_is_written_to(
    credential: Credential, sandbox: Any, mailed: list[mail.EmailMessage], settings: Any
) -> None:
    settings.EMAIL_URL = ""
    sandbox.fail("token", "invalid_client")
    check(credential)
    assert mailed == []


def test_test_of_a_person_is_not_told_by_mail(
    credential: Credential, people: People, sandbox: Any, mailed: list[mail.EmailMessage]
) -> None:
    sandbox.fail("token", "invalid_client")
    check_connection(credential, by=people.administrator)
    assert mailed == []
