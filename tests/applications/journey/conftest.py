"""A counter with the real sandbox behind it, and somebody who walks an application through its pages."""

import pytest

from merchants.credentials.sessions import open_session
from merchants.models import Role, SessionOutcome
from tests.applications.journey.walking import Walker
from tests.applications.submission.conftest import searched, unknown  # noqa: F401
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory, ready_application
from tests.pages import CheckedClient


@pytest.fixture
def store(db):
    return StoreFactory(merchant__name="European Restorations")


@pytest.fixture
def associate(store):
    return person("associate", store)


@pytest.fixture
def credential(store, sandbox):
    """A credential whose options have been fetched."""
    credential = CredentialFactory(merchant=store.merchant, base_url=sandbox.base_url)
    assert open_session(credential, by=None) == SessionOutcome.OPEN
    return credential


@pytest.fixture
def walker(client, associate, credential):
    client.force_login(associate)
    return Walker(client)


@pytest.fixture
def ready(credential, store, associate):
    """`ready(province="QC")`: a draft of the associate's that only waits for the click."""

    def make(**changes):
        return ready_application(credential, store=store, user=associate, **changes)

    return make


@pytest.fixture
def colleague_client(store):
    """Another associate of the same store."""
    return signed_in(person("colleague", store))


@pytest.fixture
def stranger_client(db):
    """An associate of another merchant."""
    elsewhere = StoreFactory()
    CredentialFactory(merchant=elsewhere.merchant)
    return signed_in(person("stranger", elsewhere))


def person(username, store, role=Role.ASSOCIATE):
    user = UserFactory(username=username)
    MembershipFactory(user=user, merchant=store.merchant, role=role, stores=[store])
    return user


def signed_in(user):
    client = CheckedClient()
    client.force_login(user)
    return client
