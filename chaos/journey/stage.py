"""The scene: a store, its staff and a stranger at the counter, and the sandbox behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import F

from merchants.credentials.sessions import open_session
from merchants.models import Credential, Role, Store, User
from tests.applications.journey.walking import Walker
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory
from tests.pages import CheckedClient
from tests.stack.lender import Sandbox

# The second merchant that the sandbox knows (docs/sandbox.md).
_ANOTHER_CLIENT = {"client_id": "maisonboreale", "client_secret": "5b1f6c2e-8d07-4f6a-9a53-2f7d1c0e84ab"}


class Person(Walker):
    """Somebody signed in, who checks each page that is shown (tests/pages)."""

    def __init__(self, user: User) -> None:
        client = CheckedClient()
        client.force_login(user)
        super().__init__(client)
        self.user = user


@dataclass(frozen=True)
class Stage:
    """Who is there, and what is behind them; `elsewhere` is the key of the stranger's merchant."""

    sandbox: Sandbox
    store: Store
    credential: Credential
    elsewhere: Credential
    associate: Person
    colleague: Person
    manager: Person
    stranger: Person

    @property
    def staff(self) -> tuple[Person, ...]:
        """Those who may see this store's applications."""
        return self.associate, self.colleague, self.manager


def set_up(sandbox: Sandbox) -> Stage:
    """Rows for the scene, and the lender's lists fetched, as before the first customer of the day."""
    sandbox.reset()
    store = StoreFactory(merchant__name="European Restorations")
    another_store = StoreFactory()
    elsewhere = CredentialFactory(merchant=another_store.merchant, base_url=sandbox.base_url, **_ANOTHER_CLIENT)
    credential = CredentialFactory(merchant=store.merchant, base_url=sandbox.base_url)
    open_session(credential, by=None)
    return Stage(
        sandbox=sandbox,
        store=store,
        credential=credential,
        elsewhere=elsewhere,
        associate=_at_the_counter("associate", store),
        colleague=_at_the_counter("colleague", store),
        manager=_at_the_counter("manager", store, Role.MANAGER),
        stranger=_at_the_counter("stranger", another_store),
    )


@contextmanager
def undone_afterwards(stage: Stage) -> Iterator[None]:
    """One example: nothing of it is left in the database, in the cache or at the lender."""
    stage.sandbox.reset(keep_tokens=True)
    cache.clear()  # it keeps primary keys, which the database gives out again
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def age_everything(seconds: float) -> None:
    """Every time in the rows of applications and circuits moves into the past; evidence stays as it is."""
    for model in (*apps.get_app_config("applications").get_models(), *_circuits()):
        times = [field.name for field in model._meta.fields if isinstance(field, models.DateTimeField)]
        if times:
            earlier: dict[str, Any] = {name: F(name) - timedelta(seconds=seconds) for name in times}
            model._default_manager.update(**earlier)


def _circuits() -> list[type[models.Model]]:
    return [model for model in apps.get_app_config("merchants").get_models() if model.__name__ == "Circuit"]


def _at_the_counter(username: str, store: Store, role: Role = Role.ASSOCIATE) -> Person:
    user: User = UserFactory(username=username)
    MembershipFactory(user=user, merchant=store.merchant, role=role, stores=[store])
    return Person(user)
