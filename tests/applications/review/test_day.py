"""The page and the command with which a store closes its day."""

import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from applications.models import Application, SubmissionAttempt
from applications.review.closing import today_in
from applications.statuses import Status
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from merchants.models import Role
from tests.factories import MembershipFactory, StoreFactory, UserFactory


@pytest.fixture
def waiting(ready, associate):
    application = ready()
    submit(application, by=associate, revision=application.revision)
    return application


def page(client, **query):
    answer = client.get(reverse("close_of_day"), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_names_what_is_not_settled(client, waiting, associate):
    client.force_login(associate)
    html = page(client)
    assert "This day is not closed yet" in html
    assert waiting.reference_id in html
    assert reverse("application", args=[waiting.pk]) in html
    assert "O'Brien" not in html
    deliver_next()
    assert "This day is closed" in page(client)


def test_page_speaks_french(client, waiting, associate):
    client.force_login(associate)
    client.cookies["language"] = "fr"
    html = page(client)
    assert "Fermeture de la journée" in html
    assert "Cette journée n’est pas encore fermée" in html


def test_page_of_another_day_does_not_show_today(client, waiting, associate, store):
    client.force_login(associate)
    yesterday = today_in(store) - timedelta(days=1)
    assert waiting.reference_id not in page(client, day=yesterday.isoformat())


@pytest.mark.parametrize("day", ["tomorrow", "2026-13-45", "9999-12-31", "0001-01-01", "'"])
def test_page_of_a_day_that_is_none_is_a_page(client, associate, credential, day):
    client.force_login(associate)
    assert "Close of day" in page(client, day=day)


def test_associate_sees_the_store_they_stand_in_and_a_manager_all_of_theirs(client, waiting, associate, store):
    other = StoreFactory(merchant=store.merchant, name="Elsewhere")
    client.force_login(associate)
    assert "Elsewhere" not in page(client)
    manager = UserFactory()
    MembershipFactory(user=manager, merchant=store.merchant, role=Role.MANAGER, stores=[store, other])
    client.force_login(manager)
    client.post(reverse("choose_store"), {"store": str(other.pk)})
    html = page(client)
    assert "Elsewhere" in html
    assert store.name in html
    address = reverse("application", args=[waiting.pk])
    assert f'href="{address}"' not in html, "it can be opened in its own store only"
    assert f'href="{reverse("choose_store")}?next={address}"' in html
    assert waiting.reference_id in choose(client, store, address)


def choose(client, store, address):
    """Follow the link through the choice of the store."""
    data = {"store": str(store.pk), "next": address}
    return client.post(reverse("choose_store"), data, follow=True).content.decode()


def test_stranger_sees_nothing_of_it(client, waiting):
    stranger = UserFactory()
    theirs = StoreFactory()
    MembershipFactory(user=stranger, merchant=theirs.merchant, stores=[theirs])
    client.force_login(stranger)
    assert waiting.reference_id not in page(client)


def test_command_says_what_is_open_by_its_exit_code(waiting, store, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("close_of_day", store=store.name)
    assert ended.value.code == 1
    assert waiting.reference_id in capsys.readouterr().out
    deliver_next()
    call_command("close_of_day", store=str(store.pk))
    printed = capsys.readouterr().out
    assert "Submitted 1 = sent 1 + not sent 0.\n  Sent 1 = answered 1 + unknown 0.\n" in printed
    assert "This day is closed" in printed


def test_command_speaks_french(waiting, capsys):
    with pytest.raises(SystemExit):
        call_command("close_of_day", language="fr")
    printed = capsys.readouterr().out
    assert "Soumises 1 = envoyées 0 + non envoyées 1." in printed
    assert "En attente d’envoi" in printed


@pytest.fixture
def contradicted(waiting):
    """The application says that it is approved, its submission that it waits: no code of ours can do that."""
    Application.objects.filter(pk=waiting.pk).update(status=Status.APPROVED)
    return waiting


def test_page_says_whose_books_do_not_balance(client, contradicted, associate):
    client.force_login(associate)
    html = page(client)
    assert "do not balance" in html
    assert contradicted.reference_id in html
    assert "This day is closed" not in html


def test_command_ends_with_2_and_the_row_when_books_do_not_balance(contradicted, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("close_of_day")
    assert ended.value.code == 2
    assert str(contradicted.latest_attempt.pk) in capsys.readouterr().err


def test_command_as_json_of_a_past_day(waiting, store, capsys):
    SubmissionAttempt.objects.update(sealed_at=SubmissionAttempt.objects.get().sealed_at - timedelta(days=3))
    day = today_in(store) - timedelta(days=3)
    with pytest.raises(SystemExit):
        call_command("close_of_day", day=day.isoformat(), json=True)
    found = json.loads(capsys.readouterr().out)
    assert (found["day"], found["submitted"], found["counts"]["waiting"]) == (day.isoformat(), 1, 1)
    assert found["unsettled"][0]["reference_id"] == waiting.reference_id


@pytest.mark.parametrize("options", [{"day": "today"}, {"store": "Nowhere"}])
def test_command_says_what_it_does_not_understand(waiting, options):
    with pytest.raises(CommandError):
        call_command("close_of_day", **options)
