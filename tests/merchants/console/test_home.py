"""Where an administrator begins."""

from typing import Any

import pytest
from django.test import Client

from merchants.models import Membership, Role
from tests.applications.journey.walking import Page
from tests.merchants.conftest import People, credential_of, sign_in


def page_of(answer: Any) -> Page:
    assert answer.status_code == 200
    return Page(answer)


def test_administrator_of_one_merchant_goes_straight_to_it(console: Client, people: People) -> None:
    answer = console.get("/console/")
    assert answer.headers["Location"] == f"/console/merchants/{people.merchant.pk}/"


def test_administrator_of_two_chooses(console: Client, people: People) -> None:
    Membership.objects.create(user=people.administrator, merchant=people.other_merchant, role=Role.ADMINISTRATOR)
    page = page_of(console.get("/console/"))
    assert f"/console/merchants/{people.merchant.pk}/" in page.links
    assert f"/console/merchants/{people.other_merchant.pk}/" in page.links


def test_operator_sees_every_merchant(client: Client, people: People, operator: Any) -> None:
    sign_in(client, "operator")
    page = page_of(client.get("/console/"))
    assert "European Restorations" in page.text
    assert "Maison Boréale" in page.text


def test_merchant_of_others_is_not_there(console: Client, people: People) -> None:
    assert console.get(f"/console/merchants/{people.other_merchant.pk}/").status_code == 404


@pytest.mark.parametrize("who", ["owner", "stranger"])
def test_associates_are_refused(client: Client, people: People, who: str) -> None:
    sign_in(client, who)
    assert client.get("/console/").status_code == 403
    assert client.get(f"/console/merchants/{people.merchant.pk}/").status_code == 403


def test_nobody_signed_in_is_asked_to(client: Client, people: People) -> None:
    assert client.get("/console/").headers["Location"] == "/sign-in/?next=%2Fconsole%2F"


def test_problem_of_a_credential_is_told(console: Client, people: People) -> None:
    assert "no POS API credential is in use" in page_of(console.get(f"/console/merchants/{people.merchant.pk}/")).text
    credential_of(people.merchant, "http://127.0.0.1:9/flexiti/pos-api/v2.5")
    assert "has not been tried yet" in page_of(console.get(f"/console/merchants/{people.merchant.pk}/")).text


def test_place_is_marked_on_its_pages(console: Client, people: People) -> None:
    html = console.get(f"/console/merchants/{people.merchant.pk}/").content.decode()
    assert '<a href="/console/" aria-current="page">Configuration</a>' in html
