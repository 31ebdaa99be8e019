"""What every typed answer has in common: lines of text, names, email addresses and selects."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import (
    DateField,
    EmailField,
    LineField,
    MoneyField,
    PhoneField,
    PostalCodeField,
    SelectField,
    SinField,
)
from applications.journey.fields.text import NameField
from posapi import Choice
from tests.applications.journey.specimens import read_or_refused, unhurried

TYPED = [
    DateField(),
    EmailField(),
    LineField(limit=100),
    MoneyField(),
    NameField(limit=35),
    PhoneField(),
    PostalCodeField(),
    SinField(),
]


def complaint(field, text):
    with pytest.raises(ValidationError) as refused:
        field.clean(text)
    return " ".join(refused.value.messages)


@pytest.mark.parametrize("field", TYPED, ids=lambda field: type(field).__name__)
@unhurried
@given(text=st.text())
def test_field_given_any_text_answers_or_refuses(field, text):
    value = read_or_refused(field.clean, text)

    if value not in field.empty_values:
        assert field.clean(field.to_wire(value)) == value
        assert field.clean(field.shown(field.to_wire(value))) == value


@pytest.mark.parametrize("field", TYPED, ids=lambda field: type(field).__name__)
def test_field_leaves_autofill_off_and_cuts_nothing(field):
    attributes = {**field.widget.attrs, **field.widget_attrs(field.widget)}

    assert attributes["autocomplete"] == "off"
    assert attributes["spellcheck"] == "false"
    assert "maxlength" not in attributes


@pytest.mark.parametrize(
    "name", ["Étienne", "O'Brien", "D’Amours", "Nguyễn", "Saint-Jean", "de la Tour", "Ng", "Iñupiat", "Łukasz"]
)
def test_name_with_accents_is_kept_exactly(name):
    assert NameField(limit=35).clean(name) == name


def test_name_typed_with_combining_accents_is_composed():
    typed = unicodedata.normalize("NFD", "Étienne")

    assert NameField(limit=7).clean(typed) == "Étienne"


@pytest.mark.parametrize("key", ["D-EMAIL_DBL_TIMEOUT", "A-RR_L", "p-credit"])
def test_line_keeps_the_vendors_response_keys(key):
    assert LineField(limit=100).clean(f"  {key} ") == key


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\n", "\t", "\x7f", "\u200b", "\u202e", "\u2028", "\ufeff"])
def test_line_with_an_invisible_character_is_refused(mark):
    assert "cannot be seen" in complaint(LineField(limit=100), f"Jo{mark}hn")


def test_line_too_long_says_the_limit_and_the_length():
    field = LineField(limit=35)

    assert field.clean("é" * 35) == "é" * 35
    assert complaint(field, "é" * 36) == "Shorten this to 35 characters at most: it has 36."


@pytest.mark.parametrize("address", ["claire@example.ca", "  claire@example.ca ", "c.l+a@sub.example.ca"])
def test_email_is_trimmed(address):
    assert EmailField().clean(address) == address.strip()


@pytest.mark.parametrize("address", ["claire", "claire@", "claire@example", "a b@example.ca", "a@@example.ca"])
def test_email_malformed_is_refused(address):
    complaint(EmailField(), address)


def test_email_of_a_hundred_characters_is_the_longest():
    longest = "c" * 60 + "@" + "d" * 36 + ".ca"
    assert len(longest) == 100

    assert EmailField().clean(longest) == longest
    assert "100" in complaint(EmailField(), "c" + longest)


def test_select_offers_an_empty_line_first_and_says_its_language():
    field = SelectField()
    field.offer([Choice("Rent", "Locataire"), Choice("Owned", "Propriétaire")], language="fr")

    html = field.widget.render("housing_type", "Owned")

    assert html.index('value=""') < html.index('value="Rent"')
    assert '<option value="Owned" selected lang="fr">Propriétaire</option>' in html
    assert 'value="" lang' not in html


def test_select_refuses_a_code_that_is_not_in_the_list():
    field = SelectField()
    field.offer([Choice("Rent", "Rent")])

    assert field.clean("Rent") == "Rent"
    assert complaint(field, "rent") == "Choose from the list."
