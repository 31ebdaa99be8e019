"""The rules of staff: one's own role, the last administrator, people who work elsewhere as well."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.db import connection, transaction
from django.test import Client

from audit.events import timeline
from merchants.console.links import hold
from merchants.console.staffing import Details, NotAllowed, change, deactivate, new_link, reactivate
from merchants.models import Membership, Merchant, Role, User
from tests.merchants.conftest import PASSWORD, People, events, person, sign_in


def details_of(membership: Membership, **changes: Any) -> Details:
    user = membership.user
    values = {
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "language": user.language,
        "role": Role(membership.role),
        "stores": tuple(membership.stores.all()),
    }
    return Details(**{**values, **changes})


@pytest.fixture
def second(people: People) -> User:
    """Another administrator of the owner's merchant."""
    return person("second", people.merchant, Role.ADMINISTRATOR)


def test_change_tells_the_fields_and_never_the_values(people: People) -> None:
    membership = people.owner.memberships.get()
    change(
        membership,
        details_of(membership, first_name="Zoë", email="zoe@example.test", stores=(people.laval,)),
        by=people.administrator,
    )
    people.owner.refresh_from_db()
    assert (people.owner.first_name, people.owner.email) == ("Zoë", "zoe@example.test")
    assert list(membership.stores.all()) == [people.laval]
    event = events("staff_changed")[-1]
    assert event.detail == {"fields": ["first_name", "email", "stores"]}
    assert event.merchant_id == str(people.merchant.pk)


def test_another_address_ends_what_the_identity_provider_was_bound_to(people: People) -> None:
    """Else an administrator gives a manager their own address for a minute, and signs in as the manager ever after."""
    membership = people.owner.memberships.get()
    for person_bound in (people.owner, people.colleague):
        SocialAccount.objects.create(user=person_bound, provider="sso", uid=person_bound.username)
    change(membership, details_of(membership, first_name="Zoë"), by=people.administrator)
    assert SocialAccount.objects.count() == 2
    change(membership, details_of(membership, email="zoe@example.test"), by=people.administrator)
    assert [account.user for account in SocialAccount.objects.all()] == [people.colleague]


def test_change_of_nothing_leaves_no_event(people: People) -> None:
    membership = people.owner.memberships.get()
    assert change(membership, details_of(membership), by=people.administrator) == []
    assert events("staff_changed") == []


def test_role_brings_and_takes_the_access_to_the_admin(people: People, second: User) -> None:
    membership = people.owner.memberships.get()
    change(membership, details_of(membership, role=Role.ADMINISTRATOR, stores=()), by=second)
    people.owner.refresh_from_db()
    assert people.owner.is_staff
    change(membership, details_of(membership, role=Role.MANAGER, stores=(people.toronto,)), by=second)
    people.owner.refresh_from_db()
    assert not people.owner.is_staff
    assert not people.owner.groups.exists()


def test_nobody_changes_their_own_role_or_deactivates_themselves(people: People, second: User) -> None:
    membership = second.memberships.get()
    with pytest.raises(NotAllowed, match="their own role"):
        change(membership, details_of(membership, role=Role.MANAGER, stores=(people.toronto,)), by=second)
    with pytest.raises(NotAllowed, match="deactivates themselves"):
        deactivate(membership, by=second)
    second.refresh_from_db()
    assert second.is_active
    assert second.memberships.get().role == Role.ADMINISTRATOR


def test_last_administrator_stays(people: People, second: User) -> None:
    last = people.administrator.memberships.get()
    deactivate(second.memberships.get(), by=people.administrator)
    operator = User.objects.create_superuser("operator")
    with pytest.raises(NotAllowed, match="only administrator"):
        deactivate(last, by=operator)
    with pytest.raises(NotAllowed, match="only administrator"):
        change(last, details_of(last, role=Role.ASSOCIATE, stores=(people.toronto,)), by=operator)
    assert people.merchant.memberships.get(user=people.administrator).role == Role.ADMINISTRATOR


def test_invited_administrator_without_a_password_does_not_count(people: People, second: User) -> None:
    second.set_unusable_password()
    second.save()
    with pytest.raises(NotAllowed, match="only administrator"):
        deactivate(people.administrator.memberships.get(), by=second)


def test_deactivated_person_is_out_in_every_browser_at_once(people: People) -> None:
    till, phone, colleague = Client(), Client(), Client()
    for client, who in ((till, "owner"), (phone, "owner"), (colleague, "colleague")):
        sign_in(client, who)
        assert client.get("/").status_code == 200
    deactivate(people.owner.memberships.get(), by=people.administrator)
    for client in (till, phone):
        assert client.get("/").headers["Location"].startswith("/sign-in/")
        assert not client.session.exists(client.session.session_key)
    assert colleague.get("/").status_code == 200
    assert sign_in(till, "owner").status_code == 200  # the sign-in page again, with an error
    assert [event.subject_id for event in events("staff_deactivated")] == [str(people.owner.pk)]


def test_session_of_before_stays_dead_after_reactivation(people: People) -> None:
    till = Client()
    sign_in(till, "owner")
    kept = till.cookies["session"].value
    membership = people.owner.memberships.get()
    deactivate(membership, by=people.administrator)
    reactivate(Membership.objects.get(pk=membership.pk), by=people.administrator)
    till.cookies["session"] = kept
    assert till.get("/").headers["Location"].startswith("/sign-in/")
    assert till.post("/sign-in/", {"login": "owner", "password": PASSWORD}).status_code == 200


def test_person_who_works_elsewhere_keeps_that_work(people: People) -> None:
    elsewhere = Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.ASSOCIATE)
    elsewhere.stores.set([people.quebec])
    till = Client()
    sign_in(till, "owner")
    deactivate(people.owner.memberships.get(merchant=people.merchant), by=people.administrator)
    assert till.get("/").headers["Location"].startswith("/sign-in/")
    people.owner.refresh_from_db()
    assert people.owner.is_active
    assert list(people.owner.memberships.all()) == [elsewhere]
    assert sign_in(till, "owner").status_code == 302
    assert "Saint-Roch" in till.get("/").content.decode()


def test_account_of_a_person_who_works_elsewhere_is_not_this_merchants(people: People) -> None:
    Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.ASSOCIATE)
    membership = people.owner.memberships.get(merchant=people.merchant)
    with pytest.raises(NotAllowed, match="another merchant"):
        change(membership, details_of(membership, last_name="Hers"), by=people.administrator)
    with pytest.raises(NotAllowed, match="another merchant"):
        new_link(membership, by=people.administrator)
    membership = people.owner.memberships.get(merchant=people.merchant)
    assert change(membership, details_of(membership, stores=(people.laval,)), by=people.administrator) == ["stores"]


def test_operator_gives_a_link_to_a_person_of_two_merchants(people: People) -> None:
    Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.ASSOCIATE)
    operator = User.objects.create_superuser("operator")
    assert new_link(people.owner.memberships.get(merchant=people.merchant), by=operator).path.startswith("/welcome/")


def test_other_merchants_administrators_do_not_count(people: People) -> None:
    third = Merchant.objects.create(name="Third", support_contact="–")
    only = person("only", third, Role.ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="only administrator"):
        deactivate(only.memberships.get(), by=User.objects.create_superuser("operator"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_deactivation_and_reactivation_at_one_moment_come_one_after_the_other(people: People) -> None:
    """Whoever waits for the row of the person holds neither the chain nor what a new link refers to."""
    membership = people.owner.memberships.get()
    new_link(membership, by=people.administrator)

    def elsewhere() -> None:
        try:
            deactivate(Membership.objects.get(pk=membership.pk), by=people.administrator)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        with transaction.atomic():
            hold(people.owner)
            other = thread.submit(elsewhere)
            _until_somebody_waits()
            reactivate(membership, by=people.administrator)
        other.result()
    assert not User.objects.get(pk=people.owner.pk).is_active
    assert [event.name for event in timeline(people.owner)][-4:] == [
        "staff_reactivated",
        "staff_invited",
        "invitation_withdrawn",
        "staff_deactivated",
    ]


def _until_somebody_waits() -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waited")
