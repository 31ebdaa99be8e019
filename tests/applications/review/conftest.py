"""The store, its people and its applications, as for submissions."""

import pytest

from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from merchants.credentials.sessions import open_session
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.submission.conftest import associate, credential, ready, searched, store, unknown  # noqa: F401


@pytest.fixture
def manager(store):  # noqa: F811
    return person("Daniel Wong", store, Role.MANAGER)


@pytest.fixture
def manager_client(manager):
    return signed_in(manager)


@pytest.fixture
def decided(ready, associate, credential):  # noqa: F811
    """`decided(middle_name="P-CREDIT")`: submitted and answered, by a lender whose lists are known."""
    open_session(credential, by=None)

    def run(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        deliver_next()
        application.refresh_from_db()
        return application

    return run


@pytest.fixture
def pending(decided):
    """Under review at the lender."""
    return decided(middle_name="P-CREDIT")
