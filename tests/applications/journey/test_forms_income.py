import pytest

from applications.journey.forms import IncomeForm
from tests.applications.journey.specimens import INCOME, context

SAVED = {
    "personal_income": "52000.00",
    "household_income": "81000.00",
    "housing_type": "Rent",
    "monthly_housing_expenses": "1200.00",
    "occupation_id": "FE",
    "occupation_title": "Baker",
    "employer_name": "Tasty Bakery",
    "employer_phone": "4165550199",
    "sin": "046454286",
}


def filled(changed_context=None, initial=None, **changes):
    return IncomeForm({**INCOME, **changes}, context=changed_context or context(), initial=initial)


def revisited(**changes):
    return IncomeForm(context=context(), initial={**SAVED, **changes})


def test_income_gives_its_answers_as_they_go_on_the_wire():
    form = filled()

    assert form.is_valid()
    assert form.values() == SAVED


@pytest.mark.parametrize(
    "field", ["personal_income", "household_income", "housing_type", "occupation_id", "occupation_title"]
)
def test_income_without_an_answer_asks_for_it(field):
    form = filled(**{field: ""})

    assert list(form.errors) == [field]
    assert "This field" not in form.errors[field][0]


def test_income_asks_for_housing_costs_in_quebec_only():
    in_quebec = filled(context(province="QC"), monthly_housing_expenses="")

    assert list(in_quebec.errors) == ["monthly_housing_expenses"]
    assert "monthly_housing_expenses" not in filled(monthly_housing_expenses="").values()


@pytest.mark.parametrize("field", ["personal_income", "household_income", "monthly_housing_expenses"])
def test_income_may_be_zero_and_never_below(field):
    assert filled(context(province="QC"), **{field: "0"}).values()[field] == "0.00"
    assert list(filled(**{field: "-1"}).errors) == [field]


def test_income_of_the_household_below_the_customers_own_warns_and_passes():
    form = filled(household_income="51 999,99")

    assert form.is_valid()
    assert list(form.warnings) == ["household_income", "sin"]


@pytest.mark.parametrize("occupation", ["FE", "PE", "SW"])
def test_income_with_an_employer_sends_name_and_phone(occupation):
    values = filled(occupation_id=occupation).values()

    assert values["employer_name"] == "Tasty Bakery"
    assert values["employer_phone"] == "4165550199"


def test_income_of_the_self_employed_sends_the_name_alone():
    values = filled(occupation_id="SE").values()

    assert values["employer_name"] == "Tasty Bakery"
    assert "employer_phone" not in values


@pytest.mark.parametrize("occupation", ["RT", "ST", "UW", "OT"])
def test_income_without_an_employer_sends_none_and_complains_of_none(occupation):
    form = filled(occupation_id=occupation, employer_phone="ask later", employer_name="x" * 200)

    assert form.is_valid()
    assert not {"employer_name", "employer_phone"} & set(form.values())


def test_income_with_an_employer_not_given_warns_and_passes():
    form = filled(employer_name="", employer_phone="")

    assert form.is_valid()
    assert {"employer_name", "employer_phone"} <= set(form.warnings)


def test_income_with_an_employers_phone_that_cannot_be_read_is_refused():
    assert list(filled(employer_phone="ask later").errors) == ["employer_phone"]


def test_income_shows_the_employer_only_where_there_is_one():
    form = filled()

    assert 'data-show-when="occupation_id=FE,PE,SW,SE"' in str(form["employer_name"])
    assert 'data-show-when="occupation_id=FE,PE,SW"' in str(form["employer_phone"])


@pytest.mark.parametrize(
    ("environment", "accepted"),
    [("sandbox", True), ("training", True), ("merchant_integration", False), ("production", False)],
)
def test_income_takes_the_vendors_sample_sin_only_in_test_environments(environment, accepted):
    assert filled(context(environment=environment), sin="123123123").is_valid() == accepted


def test_sin_left_out_is_not_sent():
    form = filled(sin="")

    assert form.is_valid()
    assert "sin" not in form.values()


def test_sin_refused_comes_back_as_it_was_just_typed():
    form = filled(sin="046 454 287")

    assert list(form.errors) == ["sin"]
    assert "046 454 287" in str(form["sin"])


def test_sin_on_file_is_never_written_into_the_page():
    form = revisited()
    html = f"{form}"

    assert "••• ••• 286" in html
    for digits in ("046454286", "046 454 286", "046-454-286"):
        assert digits not in html.replace("for example 046 454 286", "")


def test_sin_on_file_is_kept_when_its_box_is_left_empty():
    form = filled(initial=SAVED, sin=" ")

    assert form.is_valid()
    assert form.values()["sin"] == "046454286"
    assert form["sin"].value() == " "


def test_sin_on_file_is_replaced_by_a_new_one():
    assert filled(initial=SAVED, sin="130 692 544").values()["sin"] == "130692544"


def test_sin_on_file_is_removed_by_ticking():
    form = filled(initial=SAVED, sin="", sin_remove="on")

    assert form.is_valid()
    assert "sin" not in form.values()
    assert "sin_remove" not in form.values()


def test_sin_typed_while_removal_is_ticked_is_asked_again():
    assert list(filled(initial=SAVED, sin="130 692 544", sin_remove="on").errors) == ["sin"]


def test_sin_cannot_be_removed_when_none_is_on_file():
    assert "sin_remove" not in filled().fields


def test_sin_typed_and_not_saved_is_on_file_when_it_can_be_read():
    typed = filled(sin="046 454 286", personal_income="").typed()
    form = IncomeForm(context=context(), initial=typed)

    assert "••• ••• 286" in f"{form}"
    assert form["sin"].value() == ""


@pytest.mark.parametrize("text", ["", "04645", "046 454 287"])
def test_sin_typed_that_cannot_be_read_leaves_the_one_on_file(text):
    typed = filled(initial=SAVED, sin=text, personal_income="").typed()

    assert "sin" not in typed
    assert typed["personal_income"] == ""


def test_sin_the_lender_complained_of_is_asked_again_and_may_be_left_out():
    complained = context(corrections={"sin": "wrong format"})
    form = IncomeForm(context=complained, initial=SAVED)

    assert list(form.errors) == ["sin"]
    assert "leave the box empty" in form.errors["sin"][0]
    assert "sin" not in filled(complained, initial=SAVED, sin="").values()
