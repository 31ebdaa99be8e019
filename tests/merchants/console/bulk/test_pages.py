"""The page of the bulk start: give a file, read what it would do, do exactly that."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from merchants.models import Role, Store, User
from tests.applications.journey.walking import Page
from tests.merchants.conftest import People, events, person, sign_in
from tests.merchants.signed_in import sign_in_again, signed_in_long_ago

FILE = """kind;store;city;province;first name;last name;role
store;Kenora;Kenora;ON;;;
person;Kenora;;;Zoë;Roy;manager
person;Kenora|Laval – Carrefour;;;Ali;Khan;associate
"""


def url_of(people: People) -> str:
    return f"/console/merchants/{people.merchant.pk}/bulk-start/"


def looked(console: Client, people: People, text: str = FILE) -> Page:
    return Page(console.post(url_of(people), {"act": "look", "text": text}))


def applied(console: Client, people: People, page: Page, **changes: str) -> Any:
    typed = {"act": "apply", "text": page.value("text") or FILE, "sealed": page.hidden("sealed"), **changes}
    return console.post(url_of(people), typed)


def test_file_is_shown_and_then_done_exactly(console: Client, people: People) -> None:
    file = SimpleUploadedFile("staff.csv", FILE.encode("cp1252"), "text/csv")
    page = Page(console.post(url_of(people), {"act": "look", "file": file, "text": ""}))
    assert page.status == 200
    assert "zoe.roy" in page.text
    assert Store.objects.count() == 3
    answer = Page(applied(console, people, page))
    assert answer.status == 200
    assert "2 links to hand over" in answer.text
    assert len(re.findall(r"http://testserver/welcome/[\w-]+/", answer.html)) == 2
    zoe = User.objects.get(username="zoe.roy").memberships.get()
    assert (zoe.role, [one.name for one in zoe.stores.all()]) == (Role.MANAGER, ["Kenora"])
    (event,) = events("bulk_started")
    assert event.detail == {"store_create": 1, "person_create": 2}
    assert len(events("staff_invited")) == 2
    assert len(events("store_created")) == 1


def test_file_long_after_the_sign_in_waits_for_another_one(console: Client, people: People) -> None:
    page = looked(console, people)
    signed_in_long_ago(console)
    answer = applied(console, people, page)
    assert answer.status_code == 403
    waiting = Page(answer)
    assert "Sign in again first" in waiting.text
    assert not User.objects.filter(username="zoe.roy").exists()
    sign_in_again(console)
    assert "2 links to hand over" in Page(applied(console, people, waiting)).text


def test_doing_it_again_changes_nothing(console: Client, people: People) -> None:
    applied(console, people, looked(console, people))
    page = looked(console, people)
    assert "nothing would change" in page.text
    assert "Do exactly this" not in page.text


def test_refused_file_keeps_what_was_typed_and_does_nothing(console: Client, people: People) -> None:
    page = looked(console, people, FILE.replace("ON", "XX"))
    assert page.status == 422
    assert "One thing is wrong, so nothing of the file is taken" in page.text
    assert "No province is called that" in page.text
    assert "Kenora;Kenora;XX" in (page.value("text") or "")
    assert not User.objects.filter(username="zoe.roy").exists()


def test_data_that_changed_meanwhile_is_shown_again(console: Client, people: People) -> None:
    page = looked(console, people)
    person("zoe.roy", people.other_merchant, Role.ASSOCIATE, people.quebec)
    answer = applied(console, people, page)
    assert answer.status_code == 409
    again = Page(answer)
    assert "Something changed since you looked" in again.text
    assert "zoe.roy2" in again.text
    assert not Store.objects.filter(name="Kenora").exists()
    answer = applied(console, people, again)
    assert answer.status_code == 200, Page(answer).text
    assert User.objects.filter(username="zoe.roy2").exists()


def test_lines_changed_after_looking_are_not_done_unseen(console: Client, people: People) -> None:
    page = looked(console, people)
    answer = applied(console, people, page, text=FILE.replace("associate", "administrator"))
    assert answer.status_code == 409
    assert not User.objects.filter(is_staff=True, username="ali.khan").exists()


def test_signature_of_another_person_does_not_serve(console: Client, people: People) -> None:
    person("second", people.merchant, Role.ADMINISTRATOR)
    other = Client()
    sign_in(other, "second")
    assert applied(other, people, looked(console, people)).status_code == 409
    assert applied(console, people, looked(console, people), sealed="made-up").status_code == 409
    assert not Store.objects.filter(name="Kenora").exists()


def test_two_lines_that_contradict_together_are_refused_as_a_whole(
    client: Client, people: People, operator: User
) -> None:
    person("second", people.merchant, Role.ADMINISTRATOR)
    sign_in(client, "operator")
    User.objects.update(first_name="Some", last_name="Body")
    lines = "kind;store;role;user name\nperson;*;manager;administrator\nperson;*;manager;second\n"
    answer = applied(client, people, looked(client, people, lines), text=lines)
    assert answer.status_code == 422
    assert "only administrator" in Page(answer).text
    assert people.merchant.memberships.filter(role=Role.ADMINISTRATOR).count() == 2


def test_large_file_is_refused_in_words(console: Client, people: People, settings: Any) -> None:
    settings.BULK_START_MAX_BYTES = 1000
    for size in (1500, 400_000):
        file = SimpleUploadedFile("staff.csv", b"x" * size, "text/csv")
        answer = console.post(url_of(people), {"act": "look", "file": file})
        assert answer.status_code == 422
        assert "larger than 0 KB" in Page(answer).text


def test_nothing_given_is_told(console: Client, people: People) -> None:
    assert "Choose the file, or paste its lines." in looked(console, people, " ").text


def test_token_is_asked_although_the_page_takes_files(people: People) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(people.administrator)
    file = SimpleUploadedFile("staff.csv", FILE.encode(), "text/csv")
    assert strict.post(url_of(people), {"act": "look", "file": file}).status_code == 403


def test_other_pages_still_take_no_files(console: Client, people: People) -> None:
    file = SimpleUploadedFile("staff.csv", FILE.encode(), "text/csv")
    answer = console.post(f"/console/merchants/{people.merchant.pk}/edit/", {"name": "Mine", "file": file})
    assert answer.status_code != 302
    people.merchant.refresh_from_db()
    assert people.merchant.name == "European Restorations"


def test_template_is_downloaded_in_the_language_of_the_screen(console: Client, people: People) -> None:
    assert b"kind,store,city" in console.get(f"{url_of(people)}template/").content
    console.cookies["language"] = "fr"
    answer = console.get(f"{url_of(people)}template/")
    assert b"genre;magasin;ville" in answer.content
    assert "attachment" in answer.headers["Content-Disposition"]


def test_bulk_start_of_another_merchant_is_not_there(console: Client, people: People) -> None:
    address = f"/console/merchants/{people.other_merchant.pk}/bulk-start/"
    assert console.get(address).status_code == 404
    assert console.post(address, {"act": "look", "text": FILE}).status_code == 404
    assert console.get(f"{address}template/").status_code == 404
