"""Stores: added, changed, taken out of use."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from merchants.models import Role, Store
from merchants.selectors import stores_for
from tests.applications.journey.walking import Page
from tests.merchants.conftest import PASSWORD, People, events, person, sign_in
from tests.merchants.signed_in import signed_in_long_ago

TYPED = {"name": "Kenora – Main", "city": "Kenora", "province": "ON", "time_zone": "", "lender_location_id": "L-77"}


def stores_url(people: People, rest: str = "") -> str:
    return f"/console/merchants/{people.merchant.pk}/stores/{rest}"


def test_list_shows_every_store_of_the_merchant_with_its_staff(console: Client, people: People) -> None:
    page = Page(console.get(stores_url(people)))
    assert "Toronto – Queen Street" in page.text
    assert "Saint-Roch" not in page.text
    assert f"/console/merchants/{people.merchant.pk}/staff/?store={people.toronto.pk}" in page.links


@pytest.mark.parametrize(
    ("province", "asked", "kept"),
    [
        ("ON", "", "America/Toronto"),
        ("ON", "America/Winnipeg", "America/Winnipeg"),
        ("SK", "", "America/Regina"),
        ("NL", "", "America/St_Johns"),
    ],
)
def test_store_keeps_the_usual_time_of_its_province_or_another_of_it(
    console: Client, people: People, province: str, asked: str, kept: str
) -> None:
    answer = console.post(stores_url(people, "add/"), {**TYPED, "province": province, "time_zone": asked})
    assert answer.headers["Location"] == stores_url(people)
    store = Store.objects.get(name="Kenora – Main")
    assert (store.time_zone, store.merchant, store.lender_location_id) == (kept, people.merchant, "L-77")
    assert [event.subject_id for event in events("store_created")] == [str(store.pk)]


def test_time_of_another_province_is_refused_with_the_usual_one(console: Client, people: People) -> None:
    answer = console.post(stores_url(people, "add/"), {**TYPED, "time_zone": "America/Vancouver"})
    assert answer.status_code == 422
    assert "The usual one there: Eastern time" in Page(answer).errors("time_zone")
    assert not Store.objects.filter(name="Kenora – Main").exists()


def test_name_twice_in_a_merchant_is_refused(console: Client, people: People) -> None:
    answer = console.post(stores_url(people, "add/"), {**TYPED, "name": "laval – carrefour"})
    assert "has a store of this name already" in Page(answer).errors("name")
    answer = console.post(stores_url(people, "add/"), {**TYPED, "name": people.quebec.name})
    assert answer.status_code == 302


def test_change_tells_the_fields_and_no_values(console: Client, people: People) -> None:
    page = Page(console.get(stores_url(people, f"{people.laval.pk}/")))
    typed = {name: page.value(name) for name in TYPED}
    console.post(stores_url(people, f"{people.laval.pk}/"), {**typed, "city": "Laval-Ouest"})
    people.laval.refresh_from_db()
    assert people.laval.city == "Laval-Ouest"
    assert [event.detail for event in events("store_changed")] == [{"fields": ["city"]}]


def test_odd_time_zone_of_before_stays_when_it_is_not_touched(console: Client, people: People) -> None:
    Store.objects.filter(pk=people.laval.pk).update(time_zone="America/Montreal")
    page = Page(console.get(stores_url(people, f"{people.laval.pk}/")))
    console.post(stores_url(people, f"{people.laval.pk}/"), {name: page.value(name) for name in TYPED})
    people.laval.refresh_from_db()
    assert people.laval.time_zone == "America/Montreal"


def test_out_of_use_keeps_people_out_after_telling_what_follows(console: Client, people: People) -> None:
    address = stores_url(people, f"{people.toronto.pk}/use/")
    page = Page(console.get(address))
    assert "Nothing is open in this store." in page.text
    assert "1 person works in no other store" in page.text
    membership = people.owner.memberships.get()
    assert list(stores_for(membership)) == [people.toronto]
    console.post(address, {"use": "close"})
    assert list(stores_for(membership)) == []
    console.post(address, {"use": "open"})
    assert list(stores_for(membership)) == [people.toronto]
    assert [event.detail for event in events("store_changed")] == [{"fields": ["is_active"]}] * 2


def test_taking_a_store_out_of_use_long_after_the_sign_in_asks_for_another_one_and_comes_back(
    console: Client, people: People
) -> None:
    signed_in_long_ago(console)
    address = stores_url(people, f"{people.toronto.pk}/use/")
    late = console.post(address, {"use": "close"}, headers={"referer": f"http://testserver{address}"})
    for answer in (late, console.get(address)):
        assert answer.headers["Location"] == f"/account/again/?{urlencode({'next': address})}"
    people.toronto.refresh_from_db()
    assert people.toronto.is_active
    back = console.post("/account/again/", {"password": PASSWORD, "next": address})
    assert back.headers["Location"] == address
    assert console.get(address).status_code == 200


def test_person_with_another_store_is_not_stranded(console: Client, people: People) -> None:
    people.owner.memberships.get().stores.add(people.laval)
    assert "works in no other store" not in Page(console.get(stores_url(people, f"{people.toronto.pk}/use/"))).text


@pytest.mark.parametrize("part", ["", "use/"])
def test_store_of_another_merchant_is_not_there(console: Client, people: People, part: str) -> None:
    for address in (
        stores_url(people, f"{people.quebec.pk}/{part}"),
        f"/console/merchants/{people.other_merchant.pk}/stores/{people.quebec.pk}/{part}",
    ):
        assert console.get(address).status_code == 404
        assert console.post(address, {**TYPED, "use": "close"}).status_code == 404
    people.quebec.refresh_from_db()
    assert people.quebec.is_active


def test_manager_configures_no_store(client: Client, people: People) -> None:
    person("manager", people.merchant, Role.MANAGER, people.toronto)
    sign_in(client, "manager")
    answer: Any = client.post(stores_url(people, "add/"), TYPED)
    assert answer.status_code == 403
