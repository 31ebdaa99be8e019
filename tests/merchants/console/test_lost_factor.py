"""An administrator removes the second factor of a colleague who lost it."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from merchants.models import Role, User
from tests.merchants.authenticator import SECRET, code_of, with_second_factor
from tests.merchants.conftest import People, events, person, sign_in
from tests.merchants.signed_in import signed_in_long_ago


def address(somebody: User) -> str:
    return f"/console/staff/{somebody.pk}/second-factor/remove/"


def test_lost_factor_is_removed_recorded_and_signs_out(console: Client, people: People) -> None:
    with_second_factor(people.owner)
    theirs = Client()
    sign_in(theirs, "owner")
    theirs.post("/account/code/", {"code": code_of(SECRET)})
    assert "make sure that it is owner who asks" in console.get(address(people.owner)).content.decode()
    console.post(address(people.owner), {"next": "/console/"})
    assert not Authenticator.objects.exists()
    assert theirs.get("/").headers["Location"].startswith("/sign-in/")
    assert sign_in(theirs, "owner").headers["Location"] == "/"
    (event,) = events("second_factor_removed")
    assert (event.actor_id, event.subject_id) == (str(people.administrator.pk), str(people.owner.pk))


def test_person_who_has_none_is_told_apart(console: Client, people: People) -> None:
    assert "owner has no second factor" in console.get(address(people.owner)).content.decode()
    console.post(address(people.owner))
    assert not events("second_factor_removed")


def test_removing_needs_a_recent_sign_in(console: Client, people: People) -> None:
    with_second_factor(people.owner)
    signed_in_long_ago(console)
    assert console.post(address(people.owner)).headers["Location"].startswith("/account/again/")
    assert Authenticator.objects.exists()


def test_ones_own_is_removed_on_ones_own_page(console: Client, people: People) -> None:
    with_second_factor(people.administrator)
    assert console.post(address(people.administrator)).headers["Location"] == "/account/"
    assert Authenticator.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "elsewhere", "operator", "nobody"])
def test_people_of_others_and_operators_are_out_of_reach(
    console: Client, people: People, operator: User, who: str
) -> None:
    elsewhere = person("elsewhere", people.merchant, Role.ASSOCIATE)
    elsewhere.memberships.create(merchant=people.other_merchant, role=Role.ADMINISTRATOR)
    operator.memberships.create(merchant=people.merchant, role=Role.MANAGER)
    others = {"stranger": people.stranger, "elsewhere": elsewhere, "operator": operator, "nobody": User(pk=987654)}
    if who != "nobody":
        with_second_factor(others[who])
    assert console.get(address(others[who])).status_code == 404
    assert console.post(address(others[who])).status_code == 404
    assert not events("second_factor_removed")


def test_operator_reaches_everybody(client: Client, people: People, operator: User) -> None:
    with_second_factor(people.stranger)
    sign_in(client, "operator")
    client.post(address(people.stranger))
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("who", ["owner", "other-administrator"])
def test_nobody_else_removes_it(client: Client, people: People, who: str) -> None:
    with_second_factor(people.colleague)
    sign_in(client, who)
    assert client.post(address(people.colleague)).status_code in (403, 404)
    assert Authenticator.objects.exists()
