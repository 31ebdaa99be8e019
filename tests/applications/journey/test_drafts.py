"""The first page, and what becomes of drafts that nobody finishes."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from applications.answers import Answers
from applications.drafting import expire
from applications.models import Application
from applications.retention import kinds, purging
from applications.retention.purging import purge_by_the_hour
from applications.statuses import Status
from audit.events import timeline
from audit.names import EventName
from merchants.models import Credential, Role, SessionOutcome
from merchants.staff import align_admin_access
from tests.applications.journey.conftest import person, signed_in
from tests.applications.journey.walking import Page
from tests.factories import MembershipFactory, UserFactory


def home(client):
    return Page(client.get(reverse("counter"), follow=True))


def aged(application, **age):
    Application.objects.filter(pk=application.pk).update(updated_at=timezone.now() - timedelta(**age))


def test_home_lists_ones_own_drafts(walker, ready, colleague_client, stranger_client):
    application = ready()
    address = reverse("application", args=[application.pk])
    assert address in home(walker.client).links
    assert "Anne-Élise O'Brien" in home(walker.client).text
    assert address not in home(colleague_client).links
    assert "Brien" not in home(stranger_client).text


def test_home_lists_what_the_store_has_sent(walker, ready, colleague_client, stranger_client):
    application = ready()
    Application.objects.filter(pk=application.pk).update(status=Status.DECLINED)
    address = reverse("application", args=[application.pk])
    for client in (walker.client, colleague_client):
        page = home(client)
        assert address in page.links
        assert "Declined" in page.text
    assert address not in home(stranger_client).links


def test_home_opens_a_draft_where_it_was_left(walker):
    walker.arrive("income")
    assert walker.get(reverse("application", args=[walker.id])).url == walker.url("income")


def test_home_shows_a_draft_without_a_name(walker):
    walker.start()
    assert "No name yet" in home(walker.client).text


def test_home_while_the_lender_is_down_keeps_drafts_and_offers_to_try_again(walker, ready, credential):
    application = ready()
    Credential.objects.filter(pk=credential.pk).update(session_outcome=SessionOutcome.UNREACHABLE)
    page = home(walker.client)
    assert "Flexiti is not answering" in page.text
    assert reverse("retry_session") in [it.get("action") for it in page.elements("form")]
    assert reverse("application", args=[application.pk]) in page.links
    page = walker.post(reverse("retry_session"), {"next": reverse("counter")})
    assert "Flexiti is answering again" in page.text


def test_home_of_an_administrator_is_the_console_and_shows_no_applicant(store, credential, ready):
    ready()
    user = UserFactory(username="admin")
    MembershipFactory(user=user, merchant=store.merchant, role=Role.ADMINISTRATOR)
    align_admin_access(user)
    client = signed_in(user)
    page = Page(client.get(reverse("counter"), follow=True))
    assert page.url == reverse("console_merchant", args=[store.merchant.pk])
    assert reverse("admin:index") in page.links
    assert "Brien" not in page.html
    assert "Flexiti refused the credentials" not in page.text
    Credential.objects.filter(pk=credential.pk).update(session_outcome=SessionOutcome.REFUSED)
    page = Page(client.get(page.url))
    assert "Flexiti refused the credentials" in page.text
    assert reverse("retry_session") in [it.get("action") for it in page.elements("form")]
    assert client.post(reverse("start_application")).status_code == 403


def test_home_needs_somebody_signed_in(client, db):
    assert client.get(reverse("counter"))["Location"].startswith(reverse("account_login"))


def test_start_without_a_credential_says_whom_to_tell(store):
    client = signed_in(person("associate", store))
    page = Page(client.post(reverse("start_application"), follow=True))
    assert page.url == reverse("counter")
    assert store.merchant.support_contact in page.text
    assert not Application.objects.exists()


@pytest.mark.parametrize("status", [Status.DRAFT, Status.NEEDS_CORRECTION, Status.FAILED])
def test_hourly_purge_erases_the_answers_and_keeps_the_fact(ready, settings, status):
    application = ready()
    Application.objects.filter(pk=application.pk).update(status=status)
    aged(application, hours=settings.DRAFT_HOURS, minutes=1)
    purge_by_the_hour()
    application = Application.objects.get(pk=application.pk)
    assert application.status == Status.EXPIRED
    assert Answers.from_json(application.answers) == Answers()
    event = timeline(application).last()
    assert (event.name, event.actor_id) == (EventName.DRAFT_EXPIRED, "")


def test_hourly_purge_leaves_younger_ones(ready, settings):
    application = ready()
    aged(application, hours=settings.DRAFT_HOURS, minutes=-1)
    purge_by_the_hour()
    assert Application.objects.get(pk=application.pk).status == Status.DRAFT


@pytest.mark.parametrize(
    "status", [status for status in Status if status not in ("draft", "failed", "needs_correction", "held")]
)
def test_hourly_purge_leaves_what_the_lender_has(ready, status):
    application = ready()
    Application.objects.filter(pk=application.pk).update(status=status)
    aged(application, days=400)
    purge_by_the_hour()
    application = Application.objects.get(pk=application.pk)
    assert application.status == status
    assert Answers.from_json(application.answers).saved


def test_hourly_purge_expires_each_by_its_own_age(ready):
    old, young = ready(), ready()
    aged(old, days=30)
    purge_by_the_hour()
    assert set(Application.objects.filter(status=Status.EXPIRED)) == {old}
    assert Application.objects.get(pk=young.pk).status == Status.DRAFT


def test_hourly_purge_leaves_one_that_somebody_takes_up_meanwhile(ready, monkeypatch):
    drafts = [ready(), ready()]
    for draft in drafts:
        aged(draft, days=30)

    def expire_while_the_others_are_taken_up(draft):
        Application.objects.exclude(pk=draft.pk).update(updated_at=timezone.now())
        expire(draft)

    (chore,) = (one for one in purging.CHORES if one.kind is kinds.DRAFTS)
    monkeypatch.setattr(purging, "CHORES", [replace(chore, one=expire_while_the_others_are_taken_up)])
    purge_by_the_hour()
    assert Application.objects.filter(status=Status.EXPIRED).count() == 1


def test_expired_draft_says_so(walker, ready):
    walker.take(ready())
    aged(walker.application, days=30)
    purge_by_the_hour()
    page = walker.get(reverse("application", args=[walker.id]))
    assert "This draft has expired" in page.text
    assert walker.open("contact").text == page.text
    assert reverse("application", args=[walker.id]) not in home(walker.client).links
