"""Three standing characters: the owner of what is looked at, a colleague in another store, and a stranger."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from audit.models import Event
from merchants.demonstration import MERCHANTS
from merchants.models import Credential, Environment, Membership, Merchant, Role, Store, User
from merchants.staff import align_admin_access

PASSWORD = "correct-horse-battery"
FIRST, SECOND = MERCHANTS


@pytest.fixture(autouse=True)
def _own_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.merchants.urls"


def person(username: str, merchant: Merchant, role: Role, *stores: Store, **more: Any) -> User:
    user = User.objects.create_user(username, password=PASSWORD, **more)
    membership = Membership.objects.create(user=user, merchant=merchant, role=role)
    membership.stores.set(stores)
    align_admin_access(user)
    return user


@dataclass
class People:
    """Two merchants and who works for them."""

    merchant: Merchant
    toronto: Store
    laval: Store
    other_merchant: Merchant
    quebec: Store
    owner: User
    colleague: User
    stranger: User
    administrator: User
    other_administrator: User


@pytest.fixture
def people(db: None) -> People:
    merchant = Merchant.objects.create(name="European Restorations", support_contact="Priya Nair, 416-555-0142")
    other = Merchant.objects.create(name="Maison Boréale", support_contact="Luc Gagnon, 418-555-0167")
    toronto = Store.objects.create(merchant=merchant, name="Toronto – Queen Street", city="Toronto", province="ON")
    laval = Store.objects.create(merchant=merchant, name="Laval – Carrefour", city="Laval", province="QC")
    quebec = Store.objects.create(merchant=other, name="Québec – Saint-Roch", city="Québec", province="QC")
    return People(
        merchant,
        toronto,
        laval,
        other,
        quebec,
        owner=person("owner", merchant, Role.ASSOCIATE, toronto),
        colleague=person("colleague", merchant, Role.ASSOCIATE, laval),
        stranger=person("stranger", other, Role.ASSOCIATE, quebec, language="fr"),
        administrator=person("administrator", merchant, Role.ADMINISTRATOR),
        other_administrator=person("other-administrator", other, Role.ADMINISTRATOR),
    )


def credential_of(merchant: Merchant, base_url: str, **more: Any) -> Credential:
    keys = FIRST if merchant.name == FIRST.name else SECOND
    values = {
        "environment": Environment.SANDBOX,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "merchant_username": keys.merchant_username,
        "merchant_password": keys.merchant_password or None,
    }
    return Credential.objects.create(merchant=merchant, base_url=base_url, **{**values, **more})


@pytest.fixture
def credential(people: People, sandbox: Any) -> Credential:
    """The owner's merchant at the sandbox."""
    return credential_of(people.merchant, sandbox.base_url)


@pytest.fixture
def nobody_listening() -> Iterator[str]:
    """A base address on this machine where connections are refused."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/flexiti/pos-api/v2.5"


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in/", {"login": username, "password": password}, **more)


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name).order_by("id"))
