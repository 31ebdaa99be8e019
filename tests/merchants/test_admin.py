"""The admin: each administrator within their own merchants, secrets that go in and never come out."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from audit.models import Event
from merchants.models import Credential, Membership, Merchant, Role, SessionOutcome, Store, User
from merchants.sessions import open_session
from tests.merchants.conftest import PASSWORD, People, credential_of, events, person, sign_in

NOWHERE = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
LISTS = ("merchant", "store", "user", "credential")


@pytest.fixture
def admin(client: Client, people: People) -> Client:
    """A browser in which the owner's administrator is signed in."""
    sign_in(client, "administrator")
    return client


@pytest.fixture
def theirs(people: People) -> Credential:
    """The other merchant's credential."""
    return credential_of(people.other_merchant, NOWHERE)


def change_url(row: Any) -> str:
    return f"/admin/merchants/{row._meta.model_name}/{row.pk}/change/"


def filled_in(credential: Credential, **changes: str) -> dict[str, str]:
    values = {
        "merchant": str(credential.merchant_id),
        "environment": credential.environment,
        "base_url": credential.base_url,
        "client_id": credential.client_id,
        "merchant_username": credential.merchant_username,
        "is_active": "on",
        "new_client_secret": "",
        "new_merchant_password": "",
    }
    return {**values, **changes}


# Who gets in


def test_admin_sign_in_goes_through_the_portals_sign_in(client: Client, people: People) -> None:
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    assert "Sign in" in answer.content.decode()


def test_admin_names_its_icon(admin: Client) -> None:
    """Without one, browsers ask for /favicon.ico and every page of the admin leaves a 404 in the log."""
    assert '<link rel="icon" href="/static/portal/mark' in admin.get("/admin/").content.decode()


def test_admin_takes_no_password_of_its_own(client: Client, people: People) -> None:
    answer = client.post("/admin/login/", {"username": "administrator", "password": PASSWORD})
    assert answer.headers["Location"] == "/sign-in/?next=/admin/"
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("who", ["owner", "colleague", "stranger"])
def test_associates_are_refused(client: Client, people: People, who: str) -> None:
    sign_in(client, who)
    assert client.get("/admin/", follow=True).status_code == 403


def test_signing_out_of_the_admin_is_recorded(admin: Client) -> None:
    admin.post("/admin/logout/")
    assert len(events("signed_out")) == 1
    assert "_auth_user_id" not in admin.session


# What each sees


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_lists_and_forms_show_nothing_of_another_merchant(
    admin: Client, people: People, theirs: Credential, model: str, language: str
) -> None:
    credential_of(people.merchant, NOWHERE)
    admin.cookies["language"] = language
    pages = [admin.get(f"/admin/merchants/{model}/").content.decode()]
    own = {"merchant": people.merchant, "store": people.toronto, "user": people.owner}.get(model)
    pages.append(admin.get(change_url(own or Credential.objects.get(merchant=people.merchant))).content.decode())
    if model != "merchant":
        pages.append(admin.get(f"/admin/merchants/{model}/add/").content.decode())
    for page in pages:
        assert "Boréale" not in page
        assert "Saint-Roch" not in page
        assert "stranger" not in page
        assert "maisonboreale" not in page


def test_rows_of_another_merchant_cannot_be_opened_or_changed(
    admin: Client, people: People, theirs: Credential
) -> None:
    for row in (people.other_merchant, people.quebec, people.stranger, theirs):
        for answer in (admin.get(change_url(row)), admin.post(change_url(row), {"name": "Mine now"})):
            assert answer.status_code == 302
            assert answer.headers["Location"] == "/admin/"
    assert not Merchant.objects.filter(name="Mine now").exists()


def test_nothing_can_be_moved_to_another_merchant(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    admin.post(change_url(credential), filled_in(credential, merchant=str(people.other_merchant.pk)))
    credential.refresh_from_db()
    assert credential.merchant == people.merchant
    assert events("credential_changed") == []


def test_another_merchants_password_cannot_be_set(admin: Client, people: People) -> None:
    both = person("both", people.merchant, Role.ASSOCIATE, people.toronto)
    Membership.objects.create(user=both, merchant=people.other_merchant, role=Role.MANAGER)
    for who in (both, people.stranger):
        admin.post(
            f"/admin/merchants/user/{who.pk}/password/", {"password1": "taken-over-now", "password2": "taken-over-now"}
        )
        who.refresh_from_db()
        assert who.check_password(PASSWORD)


def test_administrator_cannot_make_themself_superuser(admin: Client, people: People) -> None:
    page = admin.get(change_url(people.administrator)).content.decode()
    assert "is_superuser" not in page
    assert "user_permissions" not in page
    data = {"username": "administrator", "is_active": "on", "is_superuser": "on", "is_staff": "on", "language": ""}
    admin.post(change_url(people.administrator), {**data, **formset(people.administrator)})
    people.administrator.refresh_from_db()
    assert not people.administrator.is_superuser


def test_nothing_but_a_membership_can_be_deleted(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    for row in (people.merchant, people.toronto, people.owner, credential):
        assert admin.post(change_url(row).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


def formset(user: User | None = None, **first: Any) -> dict[str, Any]:
    rows = list(user.memberships.all()) if user else []
    data: dict[str, Any] = {
        "memberships-TOTAL_FORMS": max(len(rows), 1 if first else 0),
        "memberships-INITIAL_FORMS": len(rows),
    }
    for number, row in enumerate(rows):
        values = {"id": row.pk, "user": user.pk, "merchant": row.merchant_id, "role": row.role}  # type: ignore[union-attr]
        data |= {f"memberships-{number}-{name}": value for name, value in values.items()}
    return data | {f"memberships-0-{name}": value for name, value in first.items()}


def new_person(**membership: Any) -> dict[str, Any]:
    words = {"password1": "long-and-unlikely-31", "password2": "long-and-unlikely-31", "usable_password": "true"}
    return {"username": "newcomer", "language": "", **words, **formset(None, **membership)}


def test_administrator_adds_an_associate_who_can_sign_in(admin: Client, people: People) -> None:
    data = new_person(merchant=people.merchant.pk, role=Role.ASSOCIATE, stores=[people.toronto.pk])
    admin.post("/admin/merchants/user/add/", data)
    newcomer = User.objects.get(username="newcomer")
    assert list(newcomer.memberships.get().stores.all()) == [people.toronto]
    assert not newcomer.is_staff
    assert sign_in(Client(), "newcomer", "long-and-unlikely-31").headers["Location"] == "/"


def test_person_without_a_membership_is_not_added(admin: Client, people: People) -> None:
    page = admin.post("/admin/merchants/user/add/", new_person()).content.decode()
    assert "errornote" in page
    assert not User.objects.filter(username="newcomer").exists()


def test_membership_takes_no_store_of_another_merchant(admin: Client, people: People) -> None:
    data = new_person(merchant=people.merchant.pk, role=Role.ASSOCIATE, stores=[people.quebec.pk])
    admin.post("/admin/merchants/user/add/", data)
    assert not User.objects.filter(username="newcomer").exists()


def test_new_administrator_gets_into_the_admin_and_a_former_one_does_not(admin: Client, people: People) -> None:
    data = {"username": "owner", "is_active": "on", "language": "", **formset(people.owner)}
    admin.post(change_url(people.owner), {**data, "memberships-0-role": Role.ADMINISTRATOR})
    assert User.objects.get(username="owner").is_staff
    admin.post(change_url(people.owner), {**data, "memberships-0-role": Role.ASSOCIATE})
    demoted = User.objects.get(username="owner")
    assert not demoted.is_staff
    assert not demoted.has_perm("merchants.change_credential")


def test_administrator_adds_a_store(admin: Client, people: People) -> None:
    data = {"merchant": people.merchant.pk, "name": "Ottawa", "city": "Ottawa", "province": "ON"}
    admin.post("/admin/merchants/store/add/", {**data, "time_zone": "America/Toronto", "is_active": "on"})
    assert Store.objects.get(name="Ottawa").merchant == people.merchant
    page = admin.post("/admin/merchants/store/add/", {**data, "name": "Nowhere", "time_zone": "Mars/Base"})
    assert "America/Toronto" in page.content.decode()


# Credentials


def test_secrets_are_in_no_page_of_the_admin(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    wrong = filled_in(credential, base_url="http://elsewhere/", new_client_secret="typed-secret-1")
    pages = [
        admin.get(change_url(credential)),
        admin.get("/admin/merchants/credential/"),
        admin.get("/admin/merchants/credential/add/"),
        admin.post(change_url(credential), wrong),
        admin.post(change_url(credential), filled_in(credential, new_client_secret="typed-secret-1"), follow=True),
        admin.get(f"/admin/merchants/credential/{credential.pk}/history/"),
        admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/"),
        admin.get("/admin/"),
    ]
    for page in pages:
        assert page.status_code == 200
        for secret in ("77xde15a", "dice-manila", "typed-secret-1", "v1.k1."):
            assert secret not in page.content.decode()


def test_new_secret_replaces_the_old_and_is_named_not_kept_in_the_records(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE, session_outcome=SessionOutcome.OPEN)
    admin.post(change_url(credential), filled_in(credential, new_client_secret="typed-secret-1"))
    credential.refresh_from_db()
    assert credential.client_secret == "typed-secret-1"
    assert credential.session_outcome == SessionOutcome.NEVER
    (event,) = events("credential_changed")
    assert event.detail["fields"] == ["client_secret"]
    assert event.actor_id == str(people.administrator.pk)
    kept = str(list(Event.objects.values())) + str(list(LogEntry.objects.values()))
    assert "typed-secret-1" not in kept


def test_blank_secrets_keep_what_is_stored(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    before = (credential.client_secret, credential.merchant_password)
    admin.post(change_url(credential), filled_in(credential, merchant_username="other-name"))
    credential.refresh_from_db()
    assert (credential.client_secret, credential.merchant_password) == before
    assert events("credential_changed")[0].detail["fields"] == ["merchant_username"]


def test_stored_secrets_do_not_follow_to_another_address(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    elsewhere = "https://listening.example/flexiti/pos-api/v2.5"
    for given in ({}, {"new_client_secret": "typed-secret-1"}, {"remove_merchant_password": "on"}):
        page = admin.post(change_url(credential), filled_in(credential, base_url=elsewhere, **given))
        assert "The base address has changed" in page.content.decode()
        credential.refresh_from_db()
        assert credential.base_url == NOWHERE


@pytest.mark.parametrize("password", [{"new_merchant_password": "typed-secret-2"}, {"remove_merchant_password": "on"}])
def test_address_is_changed_with_its_secrets(admin: Client, people: People, password: dict[str, str]) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    elsewhere = "https://posapi.example/flexiti/pos-api/v2.5"
    data = filled_in(credential, base_url=elsewhere, new_client_secret="typed-secret-1", **password)
    admin.post(change_url(credential), data)
    credential.refresh_from_db()
    assert credential.base_url == elsewhere
    assert credential.client_secret == "typed-secret-1"
    assert credential.merchant_password == password.get("new_merchant_password")


def test_saving_without_a_change_is_no_event_and_keeps_the_answer(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE, session_outcome=SessionOutcome.OPEN)
    admin.post(change_url(credential), filled_in(credential))
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN
    assert events("credential_changed") == []


def test_merchant_password_can_be_removed(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    admin.post(change_url(credential), filled_in(credential, merchant_username="", remove_merchant_password="on"))
    credential.refresh_from_db()
    assert credential.merchant_password is None
    assert events("credential_changed")[0].detail["fields"] == ["merchant_password", "merchant_username"]


def added(people: People, **changes: str) -> dict[str, str]:
    new = Credential(merchant=people.merchant, environment="sandbox", base_url=NOWHERE, client_id="new-client")
    return filled_in(new, **{"new_client_secret": "typed-secret-1", **changes})


def test_credential_is_added_and_audited(admin: Client, people: People) -> None:
    admin.post("/admin/merchants/credential/add/", added(people))
    credential = Credential.objects.get(client_id="new-client")
    assert credential.client_secret == "typed-secret-1"
    assert events("credential_created")[0].subject_id == str(credential.pk)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"new_client_secret": ""}, "Enter the client secret"),
        ({"base_url": "http://posapi.example/flexiti/pos-api/v2.5"}, "It must start with https"),
        ({"base_url": "https://posapi.example/v2.5"}, "ending in /flexiti/pos-api/v2.5"),
        ({"base_url": "https://posapi.flexiti.fi/flexiti/pos-api/v2.5"}, "belongs to the environment “Production”"),
    ],
)
def test_credential_that_cannot_work_is_not_added(
    admin: Client, people: People, changes: dict[str, str], words: str
) -> None:
    page = admin.post("/admin/merchants/credential/add/", added(people, **changes))
    assert words in page.content.decode()
    assert not Credential.objects.exists()


def test_production_credential_is_refused_while_debug_is_on(admin: Client, people: People, settings: Any) -> None:
    data = added(people, environment="production", base_url="https://posapi.flexiti.fi/flexiti/pos-api/v2.5")
    settings.DEBUG = True
    page = admin.post("/admin/merchants/credential/add/", data)
    assert "refused while DEBUG is on" in page.content.decode()
    settings.DEBUG = False
    admin.post("/admin/merchants/credential/add/", data)
    assert Credential.objects.get().environment == "production"


def test_second_credential_in_use_is_refused_in_words(admin: Client, people: People) -> None:
    credential_of(people.merchant, NOWHERE)
    page = admin.post("/admin/merchants/credential/add/", added(people))
    assert "already has a credential in use" in page.content.decode()


def test_list_shows_the_last_answer(admin: Client, people: People, credential: Credential) -> None:
    credential.client_secret = "wrong"
    credential.save()
    open_session(credential, by=None)
    page = admin.get("/admin/merchants/credential/").content.decode()
    assert "Credentials refused" in page
    assert "invalid_client" in page


# Test connection


def test_connection_that_works_reports_every_step(admin: Client, people: People, credential: Credential) -> None:
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "Everything works." in page
    assert page.count("Works") == 6
    (event,) = events("credential_tested")
    assert event.detail["passed"] is True
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN


def test_connection_test_speaks_french(admin: Client, credential: Credential) -> None:
    admin.cookies["language"] = "fr"
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "Tout fonctionne." in page
    assert "Conditions pour le Québec, en français" in page


def test_connection_can_be_tested_from_the_list(admin: Client, credential: Credential) -> None:
    data = {"action": "test_connection", "_selected_action": [str(credential.pk)]}
    assert "Everything works." in admin.post("/admin/merchants/credential/", data).content.decode()


def test_wrong_secret_fails_at_the_token_in_words(admin: Client, credential: Credential) -> None:
    credential.client_secret = "wrong"
    credential.save()
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "Credentials refused: Flexiti does not know" in page
    assert "invalid_client" in page
    assert page.count("Not tried") == 5
    assert events("credential_tested")[0].detail["failed_steps"] == ["token"]


def test_nothing_listening_is_not_reachable_in_words(admin: Client, people: People, nobody_listening: str) -> None:
    credential = credential_of(people.merchant, nobody_listening)
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "Not reachable: nothing answers" in page


def test_terms_that_fail_leave_the_session_open(admin: Client, credential: Credential, sandbox: Any) -> None:
    sandbox.fail("terms", "general_error", times=9)
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "general error" in page
    credential.refresh_from_db()
    assert credential.session_outcome == SessionOutcome.OPEN
    assert events("credential_tested")[0].detail["failed_steps"] == ["terms_qc", "terms_on"]


def test_login_not_offered_is_a_note_and_no_failure(admin: Client, credential: Credential, sandbox: Any) -> None:
    sandbox.fail("login", "invalid_role")
    page = admin.post(f"/admin/merchants/credential/{credential.pk}/test-connection/").content.decode()
    assert "Everything works." in page
    assert "The portal works without it." in page


def test_connection_of_another_merchant_cannot_be_tested(admin: Client, theirs: Credential) -> None:
    answer = admin.post(f"/admin/merchants/credential/{theirs.pk}/test-connection/")
    assert answer.status_code == 302
    assert events("credential_tested") == []


def test_connection_is_not_tested_by_a_link(admin: Client, credential: Credential) -> None:
    answer = admin.get(f"/admin/merchants/credential/{credential.pk}/test-connection/")
    assert answer.headers["Location"] == change_url(credential)
    assert events("credential_tested") == []


# The front page


@pytest.mark.parametrize(
    ("language", "words"), [("en", "no POS API credential is in use"), ("fr", "aucune clé d’accès")]
)
def test_front_page_tells_of_problems(admin: Client, people: People, language: str, words: str) -> None:
    admin.cookies["language"] = language
    page = admin.get("/admin/").content.decode()
    assert words in page
    assert "Boréale" not in page


def test_admin_pages_need_no_inline_script_or_style(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    paths = ["/admin/", "/admin/merchants/credential/", change_url(credential), change_url(people.owner)]
    for path in paths:
        page = admin.get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert "<script>" not in page
        assert " onclick=" not in page


@pytest.mark.parametrize(("language", "province"), [("en", "British Columbia"), ("fr", "Colombie-Britannique")])
def test_provinces_are_in_the_staff_language(admin: Client, language: str, province: str) -> None:
    admin.cookies["language"] = language
    page = admin.get("/admin/merchants/store/add/").content.decode()
    assert f">{province}</option>" in page
