"""The Django admin shows what happened, to operators only, and never an answer of an applicant."""

import re
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.admin.utils import label_for_field
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from applications.models import Application, Settlement, SubmissionAttempt
from applications.specimens.making import make_applications
from merchants.models import Role
from tests.factories import CredentialFactory, MembershipFactory, MerchantFactory, StoreFactory, UserFactory
from tests.pages import CheckedClient
from vault.fields import EncryptedField

LIST = "/admin/applications/application/"
SHOWN = (Application, SubmissionAttempt, Settlement)


@pytest.fixture
def operator(db: None) -> CheckedClient:
    client = CheckedClient()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def applications(db: None) -> list[Application]:
    merchant = MerchantFactory()
    CredentialFactory(merchant=merchant)
    store = StoreFactory(merchant=merchant)
    MembershipFactory(user=UserFactory(), merchant=merchant, role=Role.ASSOCIATE, stores=[store])
    make_applications(merchant, count=260, days=30, seed=1)
    return list(Application.objects.order_by("-created_at", "-id"))


@pytest.mark.parametrize("model", SHOWN)
def test_no_sealed_column_and_no_blind_index_is_on_any_page(model) -> None:
    page = admin.site._registry[model]
    shown = {*page.fields, *page.list_display}
    sealed = {field.name for field in model._meta.concrete_fields if isinstance(field, EncryptedField)}
    keys = {field.name for field in model._meta.concrete_fields if field.name.endswith("_key")}
    assert not shown & (sealed | keys | {"amount", "province", "known_accounts"})


def test_pages_show_no_answer_and_fetch_none(operator: CheckedClient, applications: list[Application]) -> None:
    first = applications[0]
    Application.objects.filter(pk=first.pk).update(amount=Decimal("4321.98"))
    with CaptureQueriesContext(
        connection,
    ) as made:
        pages = operator.get(LIST).text + operator.get(f"{LIST}{first.pk}/change/").text
    assert first.reference_id in pages
    assert "Example Inc" not in pages
    assert not re.search(r"4\W?321\W98", pages)
    assert not [one for one in made.captured_queries if '"answers"' in one["sql"]]


def test_list_does_not_count_the_table(operator: CheckedClient, applications: list[Application]) -> None:
    with CaptureQueriesContext(connection) as made:
        page = operator.get(LIST).text
    counts = [one["sql"] for one in made.captured_queries if "COUNT(" in one["sql"] and "applications" in one["sql"]]
    assert counts
    assert all("LIMIT 151" in sql for sql in counts)
    assert applications[49].reference_id in page
    assert applications[50].reference_id not in page


def test_later_pages_are_reached(operator: CheckedClient, applications: list[Application]) -> None:
    page = operator.get(f"{LIST}?p=6").text
    assert applications[255].reference_id in page
    assert operator.get(f"{LIST}?p=7").status_code == 302


@pytest.mark.parametrize("number", ["0", "-1", "999999999", str(10**18), "x", "²"])
def test_page_that_nobody_has_is_no_error(
    operator: CheckedClient, applications: list[Application], number: str
) -> None:
    assert operator.get(f"{LIST}?p={number}").status_code in (200, 302)


@pytest.mark.parametrize("address", ["add/", "{pk}/delete/"])
def test_nothing_is_added_or_deleted(operator: CheckedClient, applications: list[Application], address: str) -> None:
    assert operator.get(LIST + address.format(pk=applications[0].pk)).status_code == 403


def test_nothing_is_changed(operator: CheckedClient, applications: list[Application]) -> None:
    path = f"{LIST}{applications[0].pk}/change/"
    assert operator.post(path, {"status": "approved"}).status_code == 403


def test_tables_of_the_sign_in_library_are_not_there(operator: CheckedClient) -> None:
    assert not [model for model in admin.site._registry if model.__module__.startswith("allauth")]


@pytest.mark.parametrize("model", SHOWN)
def test_every_column_is_named_in_french(model) -> None:
    page = admin.site._registry[model]
    names = {*page.fields, *page.list_display}
    with override("fr"):
        assert not {name.replace("_", " ") for name in names} & {label_for_field(name, model, page) for name in names}
