"""A send that was certainly not processed: what the associate reads, and what sending again asks first."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from applications.statuses import Status
from applications.submission.delivery import deliver_next
from applications.submission.sealing import submit
from merchants.credentials.sessions import open_session
from merchants.models import Credential


@pytest.fixture
def failed(client, ready, associate):
    """`failed(occupation_id="OT")`: submitted and not processed, with the associate signed in."""
    client.force_login(associate)

    def run(**changes):
        application = ready(**changes)
        submit(application, by=associate, revision=application.revision)
        deliver_next()
        application.refresh_from_db()
        assert application.status == Status.FAILED
        return application

    return run


def test_send_again_asks_first_for_what_no_longer_holds(client, failed, credential, sandbox):
    where = credential.base_url
    Credential.objects.update(base_url="http://127.0.0.1:9/flexiti/pos-api/v2.5")
    application = failed(occupation_id="OT")
    Credential.objects.update(base_url=where)
    sandbox.options(remove={"occupation_ids": ["OT"]})
    open_session(Credential.objects.get(), by=None)
    answer = client.post(reverse("send_again", args=[application.pk]))
    assert answer["Location"] == reverse("journey", args=[application.pk])
    application.refresh_from_db()
    assert application.status == Status.FAILED
    assert application.attempts.count() == 1


@pytest.mark.parametrize("fault", ["service_unavailable", "gateway_timeout_504"])
def test_failure_to_get_a_token_is_passing_and_blames_nobodys_set_up(client, failed, sandbox, fault):
    cache.clear()
    sandbox.fail("token", fault, times=3)
    html = client.get(reverse("application", args=[failed().pk])).content.decode()
    assert "Flexiti cannot be reached" in html
    assert "Sending again will not help" not in html
