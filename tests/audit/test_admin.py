"""Evidence in the administration: read by those who may, changed by nobody."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from audit.events import record
from audit.models import Event
from audit.names import EventName
from tests.pages import CheckedClient

LIST = "/admin/audit/event/"


@pytest.fixture
def event(db: None) -> Event:
    subject = Group.objects.create(name="subject")
    by = get_user_model().objects.create_user("maude")
    record(EventName.SIGNED_IN, subject=by, merchant_id="", by=None)
    return record(EventName.STEP_SAVED, subject=subject, merchant_id="m-1", by=by, detail={"step": "identity"})


@pytest.fixture
def auditor(db: None) -> Any:
    return get_user_model().objects.create_user("auditor", is_staff=True, is_superuser=True)


@pytest.fixture
def reader(auditor: Any) -> CheckedClient:
    """Signed in to the admin as someone who may view events."""
    client = CheckedClient()
    client.force_login(auditor)
    return client


def test_list_shows_what_happened_to_whom_by_whom(reader: CheckedClient, event: Event) -> None:
    html = reader.get(LIST).content.decode()
    for shown in ("Step saved", "auth.group", event.subject_id, "maude", "identity", "Signed in", "the system"):
        assert shown in html


def test_list_is_narrowed_by_kind_and_by_identifier(reader: CheckedClient, event: Event) -> None:
    def rows(query: str) -> list[Event]:
        return list(reader.get(LIST + query).context["cl"].queryset)

    assert rows("?name=step_saved") == [event]
    assert rows("?q=m-1") == [event]
    assert rows("?q=m-") == []
    assert len(rows("?name=no_such_name")) == 2


def test_search_is_sent_as_a_form_and_leads_to_the_list_of_an_identifier(reader: CheckedClient, event: Event) -> None:
    page = reader.get(f"{LIST}?name=step_saved")
    assert '<form id="changelist-search" method="post"' in page.text
    found = reader.post(f"{LIST}?name=step_saved&p=1", {"q": f" {event.actor_id} "}, follow=True)
    assert found.redirect_chain == [(f"{LIST}?name=step_saved&q={event.actor_id}", 302)]
    assert list(found.context["cl"].queryset) == [event]


@pytest.mark.parametrize(
    "typed", ["Tremblay", "046 454 286", "416-555-0142", "4165550142", "claire@example.ca", "é" * 32]
)
def test_what_is_no_identifier_gets_into_no_address(reader: CheckedClient, event: Event, typed: str) -> None:
    answer = reader.post(f"{LIST}?q={event.subject_id}", {"q": typed}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert "Only identifiers and references are looked for here" in answer.text
    assert typed not in answer.text


def test_one_event_is_shown_without_a_way_to_change_it(reader: CheckedClient, event: Event) -> None:
    html = reader.get(f"{LIST}{event.pk}/change/").content.decode()
    assert "identity" in html
    assert 'name="_save"' not in html
    assert "deletelink" not in html


@pytest.mark.parametrize("address", ["add/", "{pk}/change/", "{pk}/delete/"])
def test_nobody_may_add_change_or_delete(reader: CheckedClient, event: Event, auditor: Any, address: str) -> None:
    auditor.is_superuser = True
    auditor.save()
    response = reader.post(LIST + address.format(pk=event.pk), {"post": "yes", "name": "sent"})
    assert response.status_code == 403
    assert Event.objects.get(pk=event.pk).name == "step_saved"


def test_staff_without_the_permission_see_nothing(reader: CheckedClient, event: Event, auditor: Any) -> None:
    auditor.is_superuser = False
    auditor.save()
    assert reader.get(LIST).status_code == 403
