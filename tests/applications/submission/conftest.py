"""A store whose credential points at the real sandbox, and applications that only wait for the click."""

import pytest

from merchants.models import Role
from tests.factories import CredentialFactory, MembershipFactory, StoreFactory, UserFactory, ready_application


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def associate(store):
    user = UserFactory(username="associate")
    MembershipFactory(user=user, merchant=store.merchant, role=Role.ASSOCIATE, stores=[store])
    return user


@pytest.fixture
def credential(store, sandbox):
    return CredentialFactory(merchant=store.merchant, base_url=sandbox.base_url)


@pytest.fixture
def ready(credential, store, associate):
    """`ready(province="QC", middle_name="A-RR_L")`: a draft that only waits for the click."""

    def make(**changes):
        return ready_application(credential, store=store, user=associate, **changes)

    return make
