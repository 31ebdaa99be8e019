"""Drafts whose credential was replaced since they were begun: they go on, or have to be begun again."""

import pytest

from applications.models import Application
from applications.statuses import Status
from merchants.credentials.connection import check_connection
from merchants.credentials.rotation import add, switch
from merchants.models import Credential, Environment
from tests.factories import CLIENT_ID, UserFactory

SECOND = {"client_id": "second-key", "client_secret": "another-secret-of-this-merchant"}


@pytest.fixture
def rotate(credential, sandbox):
    """Another key is put into use, and the lender no longer knows the first."""

    def run(**more):
        administrator = UserFactory()
        sandbox.control("PUT", "keys", {**SECOND, "of": CLIENT_ID})
        values = {"environment": credential.environment, "base_url": credential.base_url, **SECOND, **more}
        new = Credential(merchant=credential.merchant, **values)
        add(new, by=administrator)
        assert check_connection(new, by=administrator).has_passed
        switch(new, by=administrator)
        sandbox.control("DELETE", "keys", {"client_id": CLIENT_ID})
        return new

    return run


def test_draft_goes_on_with_the_new_credential(walker, rotate, sandbox):
    walker.arrive("security")
    new = rotate()
    walker.answer("security")
    page = walker.accept()
    assert page.url == walker.url("check")
    revision = walker.application.revision
    walker.post(f"/applications/{walker.id}/submit/", {"revision": revision})
    assert (walker.application.status, walker.application.credential) == (Status.QUEUED, new)
    terms = [call for call in sandbox.requests() if call["endpoint"] == "terms" and call["status"] == 200]
    assert "second-key" in terms[-1]["path"]


@pytest.mark.parametrize("step", ["contact", "terms"])
def test_draft_of_another_environment_is_begun_again(walker, rotate, step):
    walker.arrive(step)
    rotate(environment=Environment.TRAINING)
    page = walker.open(step)
    assert "Begin this application again" in page.text
    assert "begun in the environment “Sandbox”" in page.text
    assert "gone on to “Training”" in page.text
    assert Application.objects.count() == 1
    walker.start()
    assert walker.application.environment == "training"


def test_what_is_typed_into_a_draft_of_another_environment_is_kept(walker, rotate):
    page = walker.arrive("contact")
    rotate(environment=Environment.TRAINING)
    walker.answer("contact", on=page, city="Ottawa")
    assert walker.answers.typed["contact"]["city"] == "Ottawa"


def test_click_that_comes_after_the_change_of_environment_sends_nothing(walker, ready, rotate, sandbox):
    walker.take(ready())
    rotate(environment=Environment.TRAINING)
    page = walker.post(f"/applications/{walker.id}/submit/", {"revision": walker.application.revision})
    assert "Begin this application again" in page.text
    assert walker.application.status == Status.DRAFT
