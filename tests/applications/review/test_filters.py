"""Filters from an address, back into it, and as a form."""

from datetime import date
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test.html import parse_html

from applications.review.filter_form import FilterForm, LongSelect
from applications.review.filters import Filters
from tests.factories import StoreFactory, UserFactory


@pytest.fixture
def store(db):
    return StoreFactory(name="Bloor & Sons")


def test_address_comes_back_as_it_was(store):
    person = UserFactory()
    query = (
        f"status=approved&store={store.pk}&associate={person.pk}&province=QC&language=fr-CA&environment=production"
        "&day_from=2026-01-31&day_to=2026-02-28&amount_from=100.00&amount_to=2500.50"
    )
    form = FilterForm(QueryDict(query), stores=[store], people=[person])
    assert form.is_valid()
    assert form.filters == Filters(
        status="approved",
        store=store,
        associate=person,
        province="QC",
        language="fr-CA",
        environment="production",
        day_from=date(2026, 1, 31),
        day_to=date(2026, 2, 28),
        amount_from=Decimal("100.00"),
        amount_to=Decimal("2500.50"),
    )
    assert form.filters.to_query() == query
    assert len(query) < 1000, "an export keeps it"


def test_nothing_given_is_an_empty_address(db):
    form = FilterForm(QueryDict("status=&amount_from=&day_to="), stores=[], people=[])
    assert form.is_valid()
    assert (form.filters, form.filters.to_query(), form.filters.summary()) == (Filters(), "", [])


def test_amount_of_zero_is_a_filter(db):
    form = FilterForm(QueryDict("amount_to=0"), stores=[], people=[])
    assert form.is_valid()
    assert form.filters.to_query() == "amount_to=0.00"


def test_long_select_is_what_django_would_write():
    choices = [("", "Any"), ("1", "Bloor & Sons"), ("2", "<b>")]
    long, plain = (kind(choices=choices, attrs={"class": "select"}) for kind in (LongSelect, LongSelect.__base__))
    for value in ("", None, "2", "3"):
        html = long.render("store", value, attrs={"id": "id_store"})
        assert parse_html(html) == parse_html(plain.render("store", value, attrs={"id": "id_store"}))
