"""The pages of staff: list, invitation, one person."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from audit.models import Event
from merchants.models import Invitation, Membership, Role, User
from tests.applications.journey.walking import Page
from tests.merchants.conftest import PASSWORD, People, events, person, sign_in
from tests.merchants.signed_in import sign_in_again, signed_in_long_ago

TYPED = {
    "first_name": "Amélie",
    "last_name": "O’Kafor",
    "username": "",
    "email": "",
    "language": "fr",
    "role": "associate",
}


def staff_url(people: People, rest: str = "") -> str:
    return f"/console/merchants/{people.merchant.pk}/staff/{rest}"


def invited(console: Client, people: People, **changes: Any) -> Page:
    answer = console.post(staff_url(people, "invite/"), {**TYPED, "stores": [str(people.laval.pk)], **changes})
    assert answer.status_code == 200, Page(answer).text
    return Page(answer)


def link_on(page: Page) -> str:
    return re.search(r"http://testserver(/welcome/[\w-]+/)", page.html)[1]  # type: ignore[index]


# Inviting


def test_invitation_makes_a_person_who_cannot_sign_in_yet(console: Client, people: People) -> None:
    page = invited(console, people)
    made = User.objects.get(username="amelie.okafor")
    assert not made.has_usable_password()
    assert (made.language, made.is_staff) == ("fr", False)
    membership = made.memberships.get()
    assert (membership.role, list(membership.stores.all())) == (Role.ASSOCIATE, [people.laval])
    assert "amelie.okafor" in page.text
    assert "Nothing was e-mailed: no mail server is set up." in page.text


def test_link_is_shown_once_and_only_its_digest_kept(console: Client, people: People) -> None:
    token = link_on(invited(console, people)).split("/")[2]
    made = User.objects.get(username="amelie.okafor")
    for address in (staff_url(people), staff_url(people, f"{made.pk}/")):
        assert token not in console.get(address).content.decode()
    invitation = Invitation.objects.get()
    assert token not in str(invitation.__dict__)
    assert token not in str(list(Event.objects.values()))
    assert timedelta(days=6, hours=23) < invitation.expires_at - timezone.now() <= timedelta(days=7)
    event = events("staff_invited")[-1]
    assert (event.subject_id, event.actor_id, event.detail) == (str(made.pk), str(people.administrator.pk), {})


def test_second_person_of_a_name_gets_another_user_name(console: Client, people: People) -> None:
    invited(console, people)
    invited(console, people)
    assert User.objects.filter(username="amelie.okafor2").exists()


def test_chosen_user_name_is_kept_and_a_taken_one_refused(console: Client, people: People) -> None:
    invited(console, people, username="ame")
    answer = console.post(staff_url(people, "invite/"), {**TYPED, "username": "AME", "stores": [str(people.laval.pk)]})
    assert answer.status_code == 422
    page = Page(answer)
    assert "Somebody has this user name already" in page.errors("username")
    assert page.value("last_name") == "O’Kafor"


def test_associate_without_a_store_is_refused(console: Client, people: People) -> None:
    answer = console.post(staff_url(people, "invite/"), TYPED)
    assert "Choose at least one store" in Page(answer).errors("stores")


def test_store_of_another_merchant_cannot_be_given(console: Client, people: People) -> None:
    answer = console.post(staff_url(people, "invite/"), {**TYPED, "stores": [str(people.quebec.pk)]})
    assert answer.status_code == 422
    assert not User.objects.filter(last_name="O’Kafor").exists()


def test_administrator_is_invited_without_stores_and_with_the_admin(console: Client, people: People) -> None:
    invited(console, people, role="administrator")
    made = User.objects.get(username="amelie.okafor")
    assert made.is_staff
    assert not made.memberships.get().stores.exists()


def test_link_goes_out_by_mail_where_there_is_a_server(console: Client, people: People, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example.test"
    page = invited(console, people, email="amelie@example.test")
    assert "Also sent to amelie@example.test." in page.text
    (message,) = mail.outbox
    assert message.to == ["amelie@example.test"]
    assert link_on(page) in message.body
    assert "Votre accès" in message.subject


def test_mail_server_that_is_away_costs_only_the_message(console: Client, people: People, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_PORT = 9
    page = invited(console, people, email="amelie@example.test")
    assert "Could not be sent to amelie@example.test: hand it over." in page.text
    assert link_on(page)


# A browser that was left open


def test_invitation_long_after_the_sign_in_waits_for_another_one(console: Client, people: People) -> None:
    signed_in_long_ago(console)
    typed = {**TYPED, "role": "manager", "stores": [str(people.laval.pk)]}
    answer = console.post(staff_url(people, "invite/"), typed)
    page = Page(answer)
    assert answer.status_code == 403
    assert "Sign in again first" in page.text
    assert page.value("last_name") == "O’Kafor"
    assert not User.objects.filter(username="amelie.okafor").exists()
    sign_in_again(console)
    assert link_on(invited(console, people))


def test_change_long_after_the_sign_in_waits_for_another_one(console: Client, people: People) -> None:
    console.cookies["language"] = "fr"
    signed_in_long_ago(console)
    address = staff_url(people, f"{people.owner.pk}/")
    typed = {**TYPED, "role": "manager", "stores": [str(people.laval.pk)]}
    answer = console.post(address, typed)
    assert answer.status_code == 403
    assert "Ouvrez d’abord une nouvelle session" in Page(answer).text
    assert people.owner.memberships.get().role == Role.ASSOCIATE
    assert console.post(address, {**typed, "last_name": ""}).status_code == 422
    sign_in_again(console)
    assert console.post(address, typed).status_code == 302
    assert people.owner.memberships.get().role == Role.MANAGER


@pytest.mark.parametrize("button", ["link", "reactivate"])
def test_link_long_after_the_sign_in_is_not_given(console: Client, people: People, button: str) -> None:
    signed_in_long_ago(console)
    answer = console.post(staff_url(people, f"{people.owner.pk}/{button}/"))
    assert answer.headers["Location"].startswith("/account/again/")
    assert not Invitation.objects.exists()


def test_deactivating_long_after_the_sign_in_asks_for_another_one_and_comes_back(
    console: Client, people: People
) -> None:
    console.cookies["language"] = "fr"
    signed_in_long_ago(console)
    address = staff_url(people, f"{people.owner.pk}/deactivate/")
    late = console.post(address, headers={"referer": f"http://testserver{address}"})
    for answer in (late, console.get(address)):
        assert answer.headers["Location"] == f"/account/again/?{urlencode({'next': address})}"
    asked = console.get(late.headers["Location"])
    assert "rien n’a été fait de votre envoi" in Page(asked).text
    people.owner.refresh_from_db()
    assert people.owner.is_active
    back = console.post("/account/again/", {"password": PASSWORD, "next": address})
    assert back.headers["Location"] == address
    assert "Désactiver" in Page(console.get(address)).text
    console.post(address)
    people.owner.refresh_from_db()
    assert not people.owner.is_active


# The list


def test_list_finds_people_by_words_store_role_and_state(console: Client, people: People) -> None:
    person("daniel", people.merchant, Role.MANAGER, people.toronto, first_name="Daniel", last_name="Wong")
    invited(console, people)

    def found(query: str) -> str:
        return Page(console.get(staff_url(people, f"?{query}"))).text

    assert "stranger" not in found("")
    assert "Wong, Daniel" in found("words=dan+won")
    assert "Nobody is found" in found("words=dan+zzz")
    assert "Wong, Daniel" in found("words=won%00g")
    assert "Wong" in found("role=manager")
    assert "O’Kafor" not in found("role=manager")
    assert "O’Kafor" in found(f"store={people.laval.pk}")
    assert "Wong, Daniel" not in found(f"store={people.laval.pk}")
    assert "O’Kafor, Amélie" in found("state=invited")
    assert "Wong, Daniel" not in found("state=invited")
    assert "O’Kafor, Amélie" not in found("state=active")
    assert "Wong, Daniel" in found(f"store={people.quebec.pk}&role=king")  # what is unknown narrows nothing


def test_hundreds_of_people_are_paged_in_few_queries(
    console: Client, people: People, django_assert_max_num_queries: Any
) -> None:
    made = User.objects.bulk_create(User(username=f"u{n}", last_name=f"Last{n:03}") for n in range(200))
    memberships = Membership.objects.bulk_create(
        Membership(user=one, merchant=people.merchant, role=Role.ASSOCIATE) for one in made
    )
    people.toronto.memberships.add(*memberships)
    with django_assert_max_num_queries(20):
        page = Page(console.get(staff_url(people, "?words=last")))
    assert "200 people" in page.text
    assert "Page 1 of 4" in page.text
    assert "?words=last&page=2" in page.links
    assert "Last199" in Page(console.get(staff_url(people, "?words=last&page=4"))).text


# One person


def test_person_is_changed(console: Client, people: People) -> None:
    address = staff_url(people, f"{people.owner.pk}/")
    typed = {**TYPED, "first_name": "Ola", "role": "manager", "stores": [str(people.toronto.pk), str(people.laval.pk)]}
    assert console.post(address, typed).headers["Location"] == staff_url(people)
    membership = people.owner.memberships.get()
    assert membership.role == Role.MANAGER
    assert membership.stores.count() == 2


def test_own_role_is_refused_in_words_and_nothing_is_lost(console: Client, people: People) -> None:
    person("second", people.merchant, Role.ADMINISTRATOR)
    address = staff_url(people, f"{people.administrator.pk}/")
    answer = console.post(address, {**TYPED, "role": "manager", "stores": [str(people.toronto.pk)]})
    assert answer.status_code == 422
    page = Page(answer)
    assert "Nobody changes their own role." in page.text
    assert page.value("last_name") == "O’Kafor"
    people.administrator.refresh_from_db()
    assert people.administrator.last_name == ""


def test_deactivation_asks_then_closes_and_can_be_undone_with_a_link(console: Client, people: People) -> None:
    address = staff_url(people, f"{people.owner.pk}/")
    assert "signed out everywhere at once" in Page(console.get(f"{address}deactivate/")).text
    assert console.post(f"{address}deactivate/").headers["Location"] == staff_url(people)
    people.owner.refresh_from_db()
    assert not people.owner.is_active
    assert "Deactivated" in Page(console.get(address)).text
    assert link_on(Page(console.post(f"{address}reactivate/")))
    people.owner.refresh_from_db()
    assert people.owner.is_active
    assert not people.owner.has_usable_password()


def test_refused_deactivation_says_why(console: Client, people: People) -> None:
    address = staff_url(people, f"{people.administrator.pk}/")
    page = Page(console.post(f"{address}deactivate/", follow=True))
    assert "Nobody deactivates themselves." in page.text
    people.administrator.refresh_from_db()
    assert people.administrator.is_active


def test_new_link_ends_the_one_before_and_can_be_withdrawn(console: Client, people: People) -> None:
    first = link_on(invited(console, people))
    made = User.objects.get(username="amelie.okafor")
    second = link_on(Page(console.post(staff_url(people, f"{made.pk}/link/"))))
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    console.post(staff_url(people, f"{made.pk}/link/withdraw/"))
    assert Client().get(second).status_code == 404
    assert [event.subject_id for event in events("invitation_withdrawn")] == [str(made.pk)]


@pytest.mark.parametrize("part", ["", "deactivate/", "reactivate/", "link/", "link/withdraw/"])
def test_person_of_another_merchant_is_not_there(console: Client, people: People, part: str) -> None:
    for merchant in (people.merchant, people.other_merchant):
        address = f"/console/merchants/{merchant.pk}/staff/{people.stranger.pk}/{part}"
        assert console.post(address, TYPED).status_code == 404
    people.stranger.refresh_from_db()
    assert people.stranger.is_active


def test_operator_who_works_here_is_out_of_reach(console: Client, people: People, operator: User) -> None:
    Membership.objects.create(user=operator, merchant=people.merchant, role=Role.MANAGER)
    assert console.get(staff_url(people, f"{operator.pk}/")).status_code == 404
    assert console.post(staff_url(people, f"{operator.pk}/link/")).status_code == 404


def test_person_who_works_elsewhere_shows_only_what_they_do_here(console: Client, people: People) -> None:
    Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.ASSOCIATE)
    page = Page(console.get(staff_url(people, f"{people.owner.pk}/")))
    assert "also works for another merchant" in page.text
    assert page.value("last_name") is None
    assert not [form for form in page.elements("form") if "/link/" in form.get("action", "")]
    typed = {"role": "manager", "stores": [str(people.laval.pk)], "last_name": "Mine"}
    assert console.post(staff_url(people, f"{people.owner.pk}/"), typed).status_code == 302
    people.owner.refresh_from_db()
    assert people.owner.last_name == ""
    assert people.owner.memberships.get(merchant=people.merchant).role == Role.MANAGER


def test_colleagues_and_strangers_invite_nobody(client: Client, people: People) -> None:
    for who in ("owner", "stranger", "other-administrator"):
        sign_in(client, who)
        assert client.post(staff_url(people, "invite/"), TYPED).status_code in (403, 404)
    assert not User.objects.filter(last_name="O’Kafor").exists()
