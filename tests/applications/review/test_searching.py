"""Finding an applicant again by exactly what is known of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application
from applications.persons import account_key
from applications.review.listing import PAGE_SIZE
from applications.statuses import Status
from merchants.models import Role
from tests.applications.journey.conftest import person, signed_in
from tests.applications.review.rows import applications_in
from tests.factories import CredentialFactory, StoreFactory
from tests.pages.parsed import Page, words


@pytest.fixture
def store(db):
    return StoreFactory()


@pytest.fixture
def manager_client(store):
    return signed_in(person("manager", store, Role.MANAGER))


@pytest.fixture
def make(store):
    associate, credential = person("associate", store), CredentialFactory(merchant=store.merchant)

    def make(number, place=store, **columns):
        return applications_in(place, number, by=associate, credential=credential, **columns)

    return make


def search(client, **data):
    return client.post(reverse("review_list_search"), data)


def found(answer):
    assert answer.status_code == 200
    return [words(row) for body in Page.whole(answer.content.decode()).all("tbody") for row in body]


@pytest.fixture
def anne(make):
    """The application of Anne-Élise O'Brien, among others."""
    make(2, answers={"last_name": "Tremblay", "phone_number": "4165550000", "email": "x@example.test"})
    (made,) = make(1, status=Status.DECLINED, account_key=account_key("20035156"))
    return made


@pytest.mark.parametrize(
    "known",
    [
        {"phone_number": "(416) 555-0142"},
        {"phone_number": "+1 416 555 0142"},
        {"email": " Anne@Example.TEST"},
        {"account_number": "2003 5156"},
        {"account_number": "0020035156"},
        {"last_name": "o’brien", "dob": "1988-04-09"},
        {"last_name": "O BRIEN", "dob": "9 April 1988"},
        {"phone_number": "4165550142", "email": "anne@example.test"},
    ],
)
def test_applicant_is_found_by_what_they_say(manager_client, anne, known):
    (line,) = found(search(manager_client, **known))
    assert "A. O’B." in line
    assert "Declined" in line


def test_application_is_found_by_its_reference(manager_client, anne):
    (line,) = found(search(manager_client, reference_id=f" {anne.reference_id.upper()} "))
    assert "Declined" in line


@pytest.mark.parametrize(
    "known",
    [
        {"phone_number": "4165550143"},
        {"last_name": "O'Brien", "dob": "1988-04-10"},
        {"last_name": "Brien", "dob": "1988-04-09"},
        {"phone_number": "4165550142", "email": "other@example.test"},
        {"reference_id": "0" * 32},
    ],
)
def test_what_is_not_exactly_so_finds_nothing(manager_client, anne, known):
    answer = search(manager_client, **known)
    assert found(answer) == []
    assert "A draft that was never submitted is found only by its reference." in answer.content.decode()


@pytest.mark.parametrize(
    ("known", "complaint"),
    [
        ({}, "Enter what you know of the applicant, in at least one box."),
        ({"phone_number": "555-0142"}, "Enter all ten digits"),
        ({"email": "anne"}, "Enter the whole address"),
        ({"account_number": "2OO3"}, "Enter the digits only"),
        ({"account_number": "0000"}, "Enter the digits only"),
        ({"last_name": "{", "dob": "1988-04-09"}, "Enter the last name in letters."),
        ({"last_name": "{", "dob": "1988-04-09", "phone_number": "4165550142"}, "Enter the last name in letters."),
        ({"last_name": "O'Brien"}, "A name alone cannot be searched for."),
        ({"dob": "1988-04-09"}, "A date of birth alone cannot be searched for."),
        ({"last_name": "O'Brien", "dob": "then"}, "Enter the date as year-month-day"),
    ],
)
def test_what_cannot_be_searched_for_is_told_and_kept(manager_client, anne, known, complaint):
    answer = search(manager_client, **known)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    typed = [field.get("value") for field in Page.whole(answer.content.decode()).fields]
    assert set(known.values()) <= set(typed)


def test_only_the_managers_own_stores_are_searched(anne, store):
    elsewhere = StoreFactory(merchant=store.merchant)
    for client in (
        signed_in(person("colleague", elsewhere, Role.MANAGER)),
        signed_in(person("stranger", StoreFactory(), Role.MANAGER)),
    ):
        assert found(search(client, phone_number="4165550142")) == []
        assert found(search(client, reference_id=anne.reference_id)) == []


def test_only_the_newest_of_many_are_shown(manager_client, make):
    make(PAGE_SIZE + 1)
    answer = search(manager_client, email="anne@example.test")
    assert len(found(answer)) == PAGE_SIZE
    assert "Only the newest are shown." in answer.content.decode()


def test_nothing_searched_for_is_in_the_log_or_the_session(manager_client, anne, caplog, capfd):
    search(manager_client, last_name="O'Brien", dob="1988-04-09", phone_number="4165550142")
    said = caplog.text + "".join(capfd.readouterr()) + str(dict(manager_client.session))
    assert "/review/search/" in said
    for secret in ("Brien", "1988", "4165550142"):
        assert secret not in said


def test_search_in_french(manager_client, anne):
    manager_client.cookies["language"] = "fr"
    assert "Trouvé dans vos magasins" in search(manager_client, email="anne@example.test").content.decode()


@pytest.mark.postgres
@pytest.mark.parametrize("known", [{"phone_number": "4165550142"}, {"last_name": "O'Brien", "dob": "1988-04-09"}])
def test_search_reads_only_what_it_finds(manager_client, make, known):
    make(5000, phone_key=[f"{number:032x}" for number in range(5000)], name_key=[f"{n:032x}" for n in range(5000)])
    make(1)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE applications_application")
    with CaptureQueriesContext(connection) as queries:
        assert len(found(search(manager_client, **known))) == 1
    of_applications = [one["sql"] for one in queries if Application._meta.db_table in one["sql"]]
    for sql in of_applications:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "Seq Scan on applications_application" not in plan, plan
        assert "applications_of_store" not in plan, plan
