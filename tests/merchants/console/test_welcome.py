"""Behind a one-time link."""

import base64
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from merchants.console.links import issue, use, withdraw
from merchants.models import Invitation, Membership, Role, User
from tests.applications.journey.walking import Page
from tests.merchants.conftest import PASSWORD, People, events, sign_in

GOOD = "marmalade on the 7th step"


@pytest.fixture
def link(people: People) -> str:
    return issue(people.owner, people.merchant, by=people.administrator).path


def typed(password: str, again: str | None = None) -> dict[str, str]:
    return {"password": password, "again": password if again is None else again}


def test_person_sets_their_password_and_is_signed_in(client: Client, people: People, link: str) -> None:
    page = Page(client.get(link))
    assert "owner" in page.text
    answer = client.post(link, typed(GOOD))
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(people.owner.pk)
    people.owner.refresh_from_db()
    assert people.owner.check_password(GOOD)
    assert [event.subject_id for event in events("invitation_used")] == [str(people.owner.pk)]
    assert len(events("signed_in")) == 1


def test_link_works_once(client: Client, link: str) -> None:
    client.post(link, typed(GOOD))
    assert Client().get(link).status_code == 404
    assert Client().post(link, typed("something else entirely")).status_code == 404


def test_link_stays_good_while_the_key_of_digests_is_replaced(client: Client, settings: Any, link: str) -> None:
    settings.VAULT_INDEX_KEY = f"i2:{base64.b64encode(bytes(range(32))).decode()},{settings.VAULT_INDEX_KEY}"
    assert client.post(link, typed(GOOD)).status_code == 302


def test_faster_of_two_wins(people: People, link: str) -> None:
    one, two = Invitation.objects.get(), Invitation.objects.get()
    assert use(one, GOOD)
    assert not use(two, "something else entirely")
    people.owner.refresh_from_db()
    assert people.owner.check_password(GOOD)


def test_new_password_ends_the_sessions_with_the_old_one(client: Client, people: People, link: str) -> None:
    till = Client()
    sign_in(till, "owner")
    client.post(link, typed(GOOD))
    assert till.get("/").headers["Location"].startswith("/sign-in/")
    assert sign_in(Client(), "owner", GOOD).status_code == 302
    assert sign_in(Client(), "owner", PASSWORD).status_code == 200


@pytest.mark.parametrize(
    ("password", "again", "complaint"),
    [
        ("", "", "Choose a password."),
        ("kayak7", "kayak7", "at least 12 characters"),
        ("password1234", "password1234", "too common"),
        (GOOD, "marmalade on the 8th step", "do not match"),
    ],
)
def test_unfit_password_is_refused_and_the_link_stays_good(
    client: Client, link: str, password: str, again: str, complaint: str
) -> None:
    answer = client.post(link, typed(password, again))
    assert answer.status_code == 422
    assert complaint in Page(answer).text
    assert password not in Page(answer).html or not password
    assert Client().get(link).status_code == 200


def spoil(how: str, people: People) -> None:
    match how:
        case "expired":
            Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "withdrawn":
            withdraw(people.owner, people.merchant, by=people.administrator)
        case "used":
            Invitation.objects.update(used_at=timezone.now())
        case "deactivated":
            people.owner.is_active = False
            people.owner.save()
        case "merchant closed":
            people.merchant.is_active = False
            people.merchant.save()
        case "works elsewhere by now":
            Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.MANAGER)
        case "works only elsewhere by now":
            people.owner.memberships.update(merchant=people.other_merchant)
        case "runs the portal by now":
            people.owner.is_superuser = True
            people.owner.save()


NO_LONGER_GOOD = [
    "expired",
    "withdrawn",
    "used",
    "deactivated",
    "merchant closed",
    "works elsewhere by now",
    "works only elsewhere by now",
    "runs the portal by now",
]


@pytest.mark.parametrize("how", NO_LONGER_GOOD)
def test_link_that_is_no_longer_good_is_not_told_from_one_that_never_was(people: People, link: str, how: str) -> None:
    spoil(how, people)
    for method in ("get", "post"):
        answers = [getattr(Client(), method)(path, typed(GOOD)) for path in (link, "/welcome/never-was/")]
        assert {answer.status_code for answer in answers} == {404}
        pages = [Page(answer) for answer in answers]
        assert "This link is no longer valid" in pages[0].text
        assert pages[0].text == pages[1].text
    people.owner.refresh_from_db()
    assert people.owner.check_password(PASSWORD)


def test_link_of_somebody_with_work_elsewhere_is_good_from_whoever_may_give_one(people: People) -> None:
    Membership.objects.create(user=people.owner, merchant=people.other_merchant, role=Role.MANAGER)
    operator = User.objects.create_superuser("operator", password=PASSWORD)
    assert Client().get(issue(people.owner, people.merchant, by=operator).path).status_code == 200
    Membership.objects.create(user=people.administrator, merchant=people.other_merchant, role=Role.ADMINISTRATOR)
    assert Client().get(issue(people.owner, people.merchant, by=people.administrator).path).status_code == 200


def test_link_outlives_the_role_of_whoever_gave_it(people: People, link: str) -> None:
    people.administrator.memberships.update(role=Role.ASSOCIATE)
    assert Client().get(link).status_code == 200


def test_whoever_was_signed_in_in_this_browser_is_out(client: Client, people: People, link: str) -> None:
    sign_in(client, "colleague")
    client.post(link, typed(GOOD))
    assert client.session["_auth_user_id"] == str(people.owner.pk)
    assert [event.subject_id for event in events("signed_out")] == [str(people.colleague.pk)]


def test_guessing_is_limited(client: Client, db: None, settings: Any) -> None:
    settings.RATE_LIMIT_WELCOME = "3/m/ip"
    answers = [client.get(f"/welcome/guess-{n}/").status_code for n in range(5)]
    assert answers == [404, 404, 404, 429, 429]


def test_log_has_no_link(client: Client, link: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        client.get(link)
        client.post(link, typed("short"))
        Client(enforce_csrf_checks=True).post(link, typed(GOOD))
    lines = [str(record.msg) for record in caplog.records if "request" in record.name]
    assert any("/welcome/…/" in line for line in lines)
    assert link.split("/")[2] not in "".join(lines)
