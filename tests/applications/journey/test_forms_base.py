"""What every step does: corrections, changed lists, later visits, both languages, and the page it makes."""

import pytest
from django.template import Context, Template

from applications.journey.forms import ContactForm, IdentityForm, IncomeForm, SecurityForm, StartForm
from posapi import FormValues
from tests.applications.journey.specimens import (
    CONTACT,
    IDENTITY,
    INCOME,
    SECURITY,
    START,
    TODAY,
    context,
    i18n,
    vendor_application,
)

STEPS = [
    (StartForm, START),
    (IdentityForm, IDENTITY),
    (ContactForm, CONTACT),
    (IncomeForm, INCOME),
    (SecurityForm, SECURITY),
]
each_step = pytest.mark.parametrize(("form_class", "data"), STEPS, ids=lambda part: getattr(part, "__name__", ""))


def saved(form_class, data):
    return form_class(data, context=context()).values()


def test_steps_take_the_vendors_own_application():
    application = vendor_application()
    there = context(province="QC", environment="training", today=TODAY.replace(year=2020))
    forms = [form_class(application, context=there) for form_class, _data in STEPS]

    assert [form.errors for form in forms] == [{}, {}, {}, {}, {}]
    sent = {name: value for form in forms for name, value in form.values().items()}
    amounts = ("amount_requested", "personal_income", "household_income", "monthly_housing_expenses")
    sent |= {name: sent[name].removesuffix(".00") for name in amounts}
    assert sent == {name: value for name, value in application.items() if name not in ("input_type", "tos_agreement")}


@each_step
def test_step_filled_with_what_it_saved_saves_the_same(form_class, data):
    values = saved(form_class, data)

    assert form_class(values, context=context(), initial=values).values() == values
    assert form_class.accepts(values, context=context())


@each_step
def test_step_shown_again_is_saved_as_it_stands(form_class, data):
    values = saved(form_class, data)
    shown = form_class(context=context(), initial=values)
    posted = {name: shown[name].value() for name in shown.fields if name != "sin_remove"}

    assert form_class(posted, context=context(), initial=values).values() == values


@each_step
def test_step_on_a_first_visit_has_nothing_to_complain_of(form_class, data):
    form = form_class(context=context())

    assert form.errors == {}
    assert form.warnings == {}


@each_step
def test_step_never_lets_the_browser_fill_or_cut_an_answer(form_class, data):
    form = form_class(context=context(), initial=saved(form_class, data))

    for name in form.fields:
        html = str(form[name])
        assert 'autocomplete="off"' in html, name
        assert "maxlength" not in html, name
        assert "required" not in html, name


@each_step
def test_step_keeps_everything_typed(form_class, data):
    typed = {name: f"{text}?" for name, text in data.items() if name not in ("sin", "govid_issuedby")}
    form = form_class(typed, context=context())

    assert not form.is_valid()
    assert {name: text for name, text in form.typed().items() if name in typed} == typed
    again = form_class(context=context(), initial=form.typed())
    concealed = getattr(form, "concealed", ())
    assert all(again[name].value() == text for name, text in typed.items() if name not in concealed)


@each_step
def test_step_puts_every_field_on_its_page(form_class, data):
    form = form_class(context=context(), initial=saved(form_class, data))

    def names(part):
        return [part] if isinstance(part, str) else [name for one in getattr(part, "fields", ()) for name in names(one)]

    assert sorted(names(form.helper.layout)) == sorted(form.fields)


@pytest.mark.parametrize(
    ("complaint", "words"),
    [
        ("required", "Fill it in"),
        ("Required ", "Fill it in"),
        ("wrong format", "enter it again"),
        ("invalid", "correct it"),
        ("length", "too long or too short"),
        ("type", "digits only"),
        ("something new", "correct it"),
    ],
)
def test_complaint_of_the_lender_stands_by_its_field_in_plain_words(complaint, words):
    form = ContactForm(context=context(corrections={"phone_number": complaint, "dob": "invalid"}), initial=CONTACT)

    assert list(form.errors) == ["phone_number"]
    assert words in form.errors["phone_number"][0]
    assert not form.is_valid()


def test_complaint_of_the_lender_is_over_once_the_step_is_posted():
    form = ContactForm(CONTACT, context=context(corrections={"phone_number": "required"}), initial=CONTACT)

    assert form.is_valid()


def test_choice_no_longer_offered_is_asked_again():
    lists = i18n()
    del lists["housing_type"]["Rent"]
    now = context(options=FormValues.from_json(lists, "en"))
    values = saved(IncomeForm, INCOME)
    form = IncomeForm(context=now, initial=values)

    assert list(form.errors) == ["housing_type"]
    assert "Choose again" in form.errors["housing_type"][0]
    assert not IncomeForm.accepts(values, context=now)


def test_answers_that_hold_no_more_are_named_on_review():
    values = saved(IncomeForm, {**INCOME, "monthly_housing_expenses": ""})
    in_quebec = context(province="QC")

    assert not IncomeForm.accepts(values, context=in_quebec)
    form = IncomeForm.reviewed(values, context=in_quebec)
    assert list(form.errors) == ["monthly_housing_expenses"]
    assert "046454286" not in f"{form}"
    assert form["personal_income"].value() == "52,000.00"


def test_customer_of_age_in_one_province_is_reviewed_in_another():
    values = saved(IdentityForm, {**IDENTITY, "dob": "2008-05-01"})

    assert IdentityForm.accepts(values, context=context(province="ON"))
    assert list(IdentityForm.reviewed(values, context=context(province="BC")).errors) == ["dob"]


def test_lists_are_in_the_customers_language_and_say_so():
    form = IncomeForm(context=context(language="fr-CA"))

    assert '<option value="Rent" lang="fr">' in str(form["housing_type"])


def test_page_of_a_step_links_errors_and_shows_removal():
    form = IncomeForm.reviewed(
        {**saved(IncomeForm, INCOME), "monthly_housing_expenses": ""}, context=context(province="QC")
    )
    html = Template("{% load crispy_forms_tags %}{% crispy form %}").render(Context({"form": form}))

    assert 'id="id_monthly_housing_expenses_error"' in html
    assert 'name="sin_remove"' in html
    assert "<form" not in html
    assert "046454286" not in html
