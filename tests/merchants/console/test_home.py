"""Where an administrator begins: their merchants, and what needs doing there."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from merchants.models import Membership, Merchant, Role, SessionOutcome
from tests.applications.journey.walking import Page
from tests.merchants.conftest import PASSWORD, People, credential_of, events, person, sign_in
from tests.merchants.signed_in import signed_in_long_ago

NOWHERE = "http://127.0.0.1:9/flexiti/pos-api/v2.5"


def page_of(answer: Any) -> Page:
    assert answer.status_code == 200
    return Page(answer)


def overview(console: Client, people: People) -> Page:
    return page_of(console.get(f"/console/merchants/{people.merchant.pk}/"))


def test_administrator_of_one_merchant_goes_straight_to_it(console: Client, people: People) -> None:
    answer = console.get("/console/")
    assert answer.headers["Location"] == f"/console/merchants/{people.merchant.pk}/"


def test_administrator_of_two_chooses(console: Client, people: People) -> None:
    Membership.objects.create(user=people.administrator, merchant=people.other_merchant, role=Role.ADMINISTRATOR)
    page = page_of(console.get("/console/"))
    assert f"/console/merchants/{people.merchant.pk}/" in page.links
    assert f"/console/merchants/{people.other_merchant.pk}/" in page.links
    assert "/console/merchants/add/" not in page.links


def test_operator_sees_every_merchant(client: Client, people: People, operator: Any) -> None:
    sign_in(client, "operator")
    page = page_of(client.get("/console/"))
    assert "European Restorations" in page.text
    assert "Maison Boréale" in page.text
    assert "/console/merchants/add/" in page.links


def test_merchant_of_others_is_not_there(console: Client, people: People) -> None:
    for part in ("", "edit/", "stores/", "staff/", "staff/invite/"):
        assert console.get(f"/console/merchants/{people.other_merchant.pk}/{part}").status_code == 404


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_associates_are_refused(client: Client, people: People, who: str) -> None:
    sign_in(client, who)
    assert client.get("/console/").status_code == 403
    assert client.get(f"/console/merchants/{people.merchant.pk}/").status_code == 403


def test_nobody_signed_in_is_asked_to(client: Client, people: People) -> None:
    assert client.get("/console/").headers["Location"] == "/sign-in/?next=%2Fconsole%2F"


def test_place_is_marked_on_its_pages(console: Client, people: People) -> None:
    html = console.get(f"/console/merchants/{people.merchant.pk}/").content.decode()
    assert '<a href="/console/" aria-current="page">Configuration</a>' in html


# To do


def test_problem_of_a_credential_is_told(console: Client, people: People) -> None:
    assert "no POS API credential is in use" in overview(console, people).text
    credential_of(people.merchant, NOWHERE)
    page = overview(console, people)
    assert "has not been tried yet" in page.text
    assert "/session/retry/" in [form.get("action") for form in page.elements("form")]


def test_credential_that_soon_expires_is_told(console: Client, people: People) -> None:
    today = timezone.localdate()
    connected = {"session_outcome": SessionOutcome.OPEN, "session_checked_at": timezone.now()}
    credential = credential_of(people.merchant, NOWHERE, valid_until=today + timedelta(days=400), **connected)
    assert "Its last day is" not in overview(console, people).text
    credential.valid_until = today + timedelta(days=3)
    credential.save()
    assert "Its last day is" in overview(console, people).text


def test_stores_without_staff_or_manager_are_named(console: Client, people: People) -> None:
    assert "No manager, so nobody settles what is unknown: Laval – Carrefour, Toronto" in overview(console, people).text
    person("manager", people.merchant, Role.MANAGER, people.toronto, people.laval)
    assert "No manager" not in overview(console, people).text
    people.colleague.memberships.get().stores.clear()
    people.laval.memberships.clear()
    assert "No staff: Laval – Carrefour." in overview(console, people).text


def test_nothing_to_do_is_said(console: Client, people: People) -> None:
    connected = {"session_outcome": SessionOutcome.OPEN, "session_checked_at": timezone.now()}
    credential_of(people.merchant, NOWHERE, **connected)
    person("manager", people.merchant, Role.MANAGER, people.toronto, people.laval)
    assert "Nothing needs doing." in overview(console, people).text


# Merchants


def test_operator_adds_a_merchant(client: Client, people: People, operator: Any) -> None:
    sign_in(client, "operator")
    typed = {"name": "Atelier Nord", "support_contact": "Jo", "support_contact_fr": "Jo, siège social"}
    answer = client.post("/console/merchants/add/", typed)
    made = Merchant.objects.get(name="Atelier Nord")
    assert answer.headers["Location"] == f"/console/merchants/{made.pk}/"
    assert made.support_contact_fr == "Jo, siège social"
    assert [event.subject_id for event in events("merchant_created")] == [str(made.pk)]


def test_administrator_adds_and_closes_none(console: Client, people: People) -> None:
    assert console.post("/console/merchants/add/", {"name": "Mine", "support_contact": "Me"}).status_code == 403
    assert console.post(f"/console/merchants/{people.merchant.pk}/use/", {"use": "close"}).status_code == 403
    assert Merchant.objects.filter(is_active=True).count() == 2


def test_merchant_is_changed_and_the_event_names_fields_only(console: Client, people: People) -> None:
    address = f"/console/merchants/{people.merchant.pk}/edit/"
    console.post(address, {"name": "European Restorations", "support_contact": "Zoë Q., 416-555-0199"})
    people.merchant.refresh_from_db()
    assert people.merchant.support_contact == "Zoë Q., 416-555-0199"
    assert [event.detail for event in events("merchant_changed")] == [{"fields": ["support_contact"]}]


def test_name_of_another_merchant_is_refused_and_what_was_typed_stays(console: Client, people: People) -> None:
    address = f"/console/merchants/{people.merchant.pk}/edit/"
    answer = console.post(address, {"name": "maison boréale", "support_contact": "Zoë"})
    assert answer.status_code == 422
    page = Page(answer)
    assert "a merchant of this name already" in page.errors("name")
    assert page.value("support_contact") == "Zoë"


def test_closing_a_merchant_keeps_its_staff_out(client: Client, people: People, operator: Any) -> None:
    sign_in(client, "operator")
    client.post(f"/console/merchants/{people.merchant.pk}/use/", {"use": "close"})
    other = Client()
    assert sign_in(other, "owner", PASSWORD).status_code == 403
    client.post(f"/console/merchants/{people.merchant.pk}/use/", {"use": "open"})
    assert sign_in(other, "owner", PASSWORD).status_code == 302


def test_closing_a_merchant_long_after_the_sign_in_asks_for_another_one_and_comes_back(
    client: Client, people: People, operator: Any
) -> None:
    sign_in(client, "operator")
    signed_in_long_ago(client)
    page = f"/console/merchants/{people.merchant.pk}/"
    answer = client.post(f"{page}use/", {"use": "close"}, headers={"referer": f"http://testserver{page}"})
    assert answer.headers["Location"] == f"/account/again/?{urlencode({'next': page})}"
    people.merchant.refresh_from_db()
    assert people.merchant.is_active
