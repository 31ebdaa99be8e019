"""The demonstration: made once, kept as people changed it, following the address."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from merchants.demonstration import PASSWORD
from merchants.models import Credential, Environment, Merchant, Role, User
from merchants.selectors import stores_for
from tests.merchants.conftest import events, sign_in

SANDBOX = "http://127.0.0.1:8100/flexiti/pos-api/v2.5"
TRAINING = "https://posapi-training.flexiti.fi/flexiti/pos-api/v2.5"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_keys_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POSAPI_BASE_URL", "POSAPI_CLIENT_ID", "POSAPI_CLIENT_SECRET"):
        monkeypatch.delenv(name, raising=False)


def seed(base_url: str = SANDBOX) -> None:
    call_command("seed_demo", base_url=base_url)


def places(username: str) -> list[str]:
    return [store.name for store in stores_for(User.objects.get(username=username).memberships.get())]


def test_everybody_of_the_demonstration_is_in_their_place() -> None:
    seed()
    assert places("associate") == places("manager") == ["Toronto – Queen Street"]
    assert places("floater") == ["Laval – Carrefour", "Toronto – Queen Street"]
    assert places("stranger") == ["Québec – Saint-Roch"]
    administrator = User.objects.get(username="admin")
    assert administrator.memberships.get().role == Role.ADMINISTRATOR
    assert administrator.is_staff
    assert not administrator.is_superuser


@pytest.mark.parametrize("username", ["associate", "manager", "floater", "admin", "stranger"])
def test_everybody_signs_in_with_the_printed_password(client: Client, sandbox: Any, username: str) -> None:
    seed(sandbox.base_url)
    assert sign_in(client, username, PASSWORD).headers["Location"] == "/"
    assert Credential.objects.filter(session_outcome="open").count() == 1


def test_second_start_changes_nothing() -> None:
    seed()
    before = list(Credential.objects.values("pk", "base_url", "session_outcome")), User.objects.count()
    seed()
    assert before == (list(Credential.objects.values("pk", "base_url", "session_outcome")), User.objects.count())
    assert len(events("credential_created")) == 2
    assert events("credential_changed") == []


def test_second_start_keeps_what_people_changed() -> None:
    seed()
    Merchant.objects.filter(name="Maison Boréale").update(support_contact="Somebody else")
    credential = Credential.objects.get(merchant__name="Maison Boréale")
    credential.client_secret = "rotated"
    credential.save()
    User.objects.filter(username="associate").update(first_name="Renamed", is_active=False)
    seed()
    assert Merchant.objects.get(name="Maison Boréale").support_contact == "Somebody else"
    assert Credential.objects.get(pk=credential.pk).client_secret == "rotated"
    assert User.objects.filter(first_name="Renamed", is_active=False).exists()


def test_credentials_follow_the_address() -> None:
    seed()
    seed(TRAINING)
    assert set(Credential.objects.values_list("base_url", "environment")) == {(TRAINING, Environment.TRAINING)}
    assert {tuple(event.detail["fields"]) for event in events("credential_changed")} == {("base_url", "environment")}


def test_keys_of_ones_own_replace_the_first_merchants(monkeypatch: pytest.MonkeyPatch) -> None:
    seed()
    monkeypatch.setenv("POSAPI_CLIENT_ID", "my-client")
    monkeypatch.setenv("POSAPI_CLIENT_SECRET", "my-secret")
    seed()
    first = Credential.objects.get(merchant__name="European Restorations")
    assert (first.client_id, first.client_secret) == ("my-client", "my-secret")
    assert (first.merchant_username, first.merchant_password) == ("", None)
    assert Credential.objects.get(merchant__name="Maison Boréale").client_id == "maisonboreale"
    seed()
    assert len(events("credential_changed")) == 1


@pytest.mark.parametrize(
    ("base_url", "words"),
    [
        ("", "POSAPI_BASE_URL"),
        ("http://elsewhere.example/flexiti/pos-api/v2.5", "https"),
        ("https://elsewhere.example/flexiti/pos-api/v2.5", "POSAPI_HOSTS"),
        ("https://posapi.flexiti.fi/flexiti/pos-api/v2.5", "production"),
    ],
)
def test_address_that_must_not_be_used_is_refused(base_url: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        seed(base_url)
    assert not User.objects.exists()


def test_seed_refuses_outside_a_demonstration(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION"):
        seed()
