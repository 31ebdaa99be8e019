import pytest

from applications.journey.forms import StartForm
from tests.applications.journey.specimens import START, context


def filled(**changes):
    return StartForm({**START, **changes}, context=context(province=""))


def test_start_gives_its_answers_as_they_go_on_the_wire():
    form = filled()

    assert form.is_valid()
    assert form.values() == {"language": "en-CA", "province": "ON", "amount_requested": "2500.00"}
    assert form.warnings == {}


@pytest.mark.parametrize("amount", ["0", "-1", "", "lots", "2500.001"])
def test_start_refuses_an_amount_by_its_field(amount):
    form = filled(amount_requested=amount)

    assert list(form.errors) == ["amount_requested"]
    assert form["amount_requested"].value() == amount


@pytest.mark.parametrize(("field", "code"), [("province", "XX"), ("province", "on"), ("language", "en")])
def test_start_refuses_a_choice_that_is_not_in_the_list(field, code):
    assert filled(**{field: code}).errors == {field: ["Choose from the list."]}


def test_start_has_no_values_before_it_is_valid():
    with pytest.raises(ValueError, match="valid"):
        filled(province="").values()


def test_start_offers_each_language_under_its_own_name():
    html = str(filled()["language"])

    assert "English" in html
    assert "Français" in html
    assert 'value=""' not in html


def test_start_shows_a_saved_amount_as_people_write_it():
    form = StartForm(context=context(), initial={"amount_requested": "2500.00"})

    assert form["amount_requested"].value() == "2,500.00"
    assert not form.errors
