"""The admin: to be read by administrators, each within their own merchants, and changed by operators only."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from merchants.credentials.sessions import open_session
from merchants.models import Credential, Membership, Merchant, Role, Store, User
from merchants.staff import administrators_group
from tests.merchants.conftest import PASSWORD, People, credential_of, events, person, sign_in

NOWHERE = "http://127.0.0.1:9/flexiti/pos-api/v2.5"
LISTS = ("merchant", "store", "user", "credential")


@pytest.fixture
def admin(client: Client, people: People) -> Client:
    """A browser in which the owner's administrator is signed in."""
    sign_in(client, "administrator")
    return client


@pytest.fixture
def operator(client: Client, people: People) -> Client:
    """A browser in which somebody who runs the portal is signed in."""
    client.force_login(User.objects.create_superuser("operator", password=PASSWORD))
    return client


@pytest.fixture
def theirs(people: People) -> Credential:
    """The other merchant's credential."""
    return credential_of(people.other_merchant, NOWHERE)


def change_url(row: Any) -> str:
    return f"/admin/merchants/{row._meta.model_name}/{row.pk}/change/"


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
            assert answer.status_code == 403 or answer.headers["Location"] == "/admin/"
    assert not Merchant.objects.filter(name="Mine now").exists()


def test_administrator_reads_here_and_changes_in_the_console(admin: Client, people: People) -> None:
    """The console asks whether it is one's own role, or the last administrator, and writes down what was done."""
    admin.cookies["language"] = "fr"
    for row in (people.merchant, people.toronto, people.owner, people.administrator):
        page = admin.get(change_url(row)).content.decode()
        assert '<a href="/console/">Dans la console</a>' in page
        assert 'name="_save"' not in page
        assert "md5" not in page  # the hashes of the tests
        data = {"username": "administrator", "name": "Renamed", "is_active": "", "language": "", "role": Role.MANAGER}
        assert admin.post(change_url(row), data).status_code == 403
    own = {**formset(people.administrator), "memberships-0-role": Role.MANAGER}
    assert admin.post(change_url(people.administrator), {"username": "administrator", **own}).status_code == 403
    for model in LISTS:
        assert admin.get(f"/admin/merchants/{model}/add/").status_code == 403
    assert set(Membership.objects.values_list("role", flat=True)) == {Role.ASSOCIATE, Role.ADMINISTRATOR}
    assert not Merchant.objects.filter(name="Renamed").exists()


def test_what_administrators_were_allowed_before_counts_no_more(admin: Client, people: People) -> None:
    """A portal that was set up earlier has a group with permissions to change things."""
    administrators_group().permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    assert admin.post("/admin/merchants/user/add/", new_person()).status_code == 403
    assert admin.post(change_url(people.owner), {"username": "mine"}).status_code == 403


def test_administrator_sets_nobodys_password(admin: Client, people: People) -> None:
    both = person("both", people.merchant, Role.ASSOCIATE, people.toronto)
    Membership.objects.create(user=both, merchant=people.other_merchant, role=Role.MANAGER)
    for who in (both, people.stranger, people.owner):
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


def test_nothing_but_a_membership_can_be_deleted(operator: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    for row in (people.merchant, people.toronto, people.owner, credential):
        assert operator.post(change_url(row).replace("/change/", "/delete/"), {"post": "yes"}).status_code == 403


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


def test_operator_adds_an_associate_who_can_sign_in(operator: Client, people: People) -> None:
    data = new_person(merchant=people.merchant.pk, role=Role.ASSOCIATE, stores=[people.toronto.pk])
    operator.post("/admin/merchants/user/add/", data)
    newcomer = User.objects.get(username="newcomer")
    assert "md5" in operator.get(change_url(newcomer)).content.decode()
    assert list(newcomer.memberships.get().stores.all()) == [people.toronto]
    assert not newcomer.is_staff
    assert sign_in(Client(), "newcomer", "long-and-unlikely-31").headers["Location"] == "/"


def test_membership_takes_no_store_of_another_merchant(operator: Client, people: People) -> None:
    data = new_person(merchant=people.merchant.pk, role=Role.ASSOCIATE, stores=[people.quebec.pk])
    operator.post("/admin/merchants/user/add/", data)
    assert not User.objects.filter(username="newcomer").exists()


def test_new_administrator_gets_into_the_admin_and_a_former_one_does_not(operator: Client, people: People) -> None:
    data = {"username": "owner", "is_active": "on", "language": "", **formset(people.owner)}
    operator.post(change_url(people.owner), {**data, "memberships-0-role": Role.ADMINISTRATOR})
    assert User.objects.get(username="owner").is_staff
    operator.post(change_url(people.owner), {**data, "memberships-0-role": Role.ASSOCIATE})
    demoted = User.objects.get(username="owner")
    assert not demoted.is_staff
    assert not demoted.has_perm("merchants.view_user")


def test_operator_adds_a_store(operator: Client, people: People) -> None:
    data = {"merchant": people.merchant.pk, "name": "Ottawa", "city": "Ottawa", "province": "ON"}
    operator.post("/admin/merchants/store/add/", {**data, "time_zone": "America/Toronto", "is_active": "on"})
    assert Store.objects.get(name="Ottawa").merchant == people.merchant
    page = operator.post("/admin/merchants/store/add/", {**data, "name": "Nowhere", "time_zone": "Mars/Base"})
    assert "America/Toronto" in page.content.decode()


# Credentials


def test_secrets_are_in_no_page_of_the_admin(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    history = f"/admin/merchants/credential/{credential.pk}/history/"
    for path in (change_url(credential), "/admin/merchants/credential/", history, "/admin/"):
        page = admin.get(path)
        assert page.status_code == 200
        for secret in ("77xde15a", "dice-manila", "v1.k1."):
            assert secret not in page.content.decode()


def test_credential_is_read_here_and_changed_in_the_console(admin: Client, people: People) -> None:
    credential = credential_of(people.merchant, NOWHERE)
    page = admin.get(change_url(credential)).content.decode()
    assert f"/console/merchants/{people.merchant.pk}/credentials/{credential.pk}/" in page
    assert 'name="_save"' not in page
    assert admin.post(change_url(credential), {"is_active": ""}).status_code == 403
    assert admin.get("/admin/merchants/credential/add/").status_code == 403
    credential.refresh_from_db()
    assert credential.is_active


def test_list_shows_the_last_answer(admin: Client, people: People, credential: Credential) -> None:
    credential.client_secret = "wrong"
    credential.save()
    open_session(credential, by=None)
    page = admin.get("/admin/merchants/credential/").content.decode()
    assert "Credentials refused" in page
    assert "invalid_client" in page


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
def test_provinces_are_in_the_staff_language(operator: Client, language: str, province: str) -> None:
    operator.cookies["language"] = language
    page = operator.get("/admin/merchants/store/add/").content.decode()
    assert f">{province}</option>" in page


@pytest.mark.parametrize("query", ["environment__exact=a%00", "environment=a%00", "q=%00", "p=1&o=%00"])
def test_nul_in_a_filter_is_no_error_of_ours(admin: Client, query: str) -> None:
    """PostgreSQL has no text with one, and Django asks it all the same."""
    assert admin.get(f"/admin/merchants/credential/?{query}").status_code == 400
