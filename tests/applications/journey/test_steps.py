"""Steps as pure functions of what was saved."""

from dataclasses import fields, replace
from datetime import date

import pytest

from applications.answers import Answers
from applications.journey.forms import StepContext
from applications.journey.steps import (
    CHECK,
    CONTACT,
    FORM_STEPS,
    IDENTITY,
    INCOME,
    SECURITY,
    START,
    STEPS,
    TERMS,
    Position,
    step_named,
    step_of_field,
)
from posapi import Choice, CreditApplication, FormValues
from tests.factories import saved_answers


def choices(*codes):
    return tuple(Choice(code, code) for code in codes)


OPTIONS = FormValues(
    lang="en",
    salutations=choices("ms"),
    provinces=choices("ON", "QC", "BC"),
    security_ids=choices("8"),
    govid_types=choices("CAP"),
    govid_issued_bys={"CAP": choices("CANADA")},
    occupation_ids=choices("FE"),
    housing_type=choices("Rent"),
)


def position(*, saved=None, terms_accepted=False, options=OPTIONS, today=date(2026, 3, 1), **answers):
    saved = saved_answers() if saved is None else saved
    held = Answers(saved=saved, **answers)
    context = StepContext(
        today=today, options=options, province=held.province, environment="sandbox", corrections=held.corrections
    )
    return Position(held, context, terms_accepted)


def test_first_unfinished_of_nothing_is_the_start():
    assert position(saved={}).first_unfinished is START


@pytest.mark.parametrize("count", range(len(FORM_STEPS)))
def test_first_unfinished_is_the_step_after_those_saved(count):
    saved = {step.name: values for step, values in zip(FORM_STEPS[:count], saved_answers().values(), strict=False)}
    assert position(saved=saved).first_unfinished is STEPS[count]


def test_first_unfinished_after_the_answers_are_the_terms_and_then_the_check():
    assert position().first_unfinished is TERMS
    assert position(terms_accepted=True).first_unfinished is CHECK


def test_terms_accepted_do_not_make_up_for_answers():
    saved = saved_answers()
    del saved["contact"]
    assert position(saved=saved, terms_accepted=True).first_unfinished is CONTACT


def test_may_open_goes_back_freely_but_not_ahead():
    saved = {name: values for name, values in saved_answers().items() if name in ("start", "identity")}
    here = position(saved=saved)
    assert [step for step in STEPS if here.may_open(step)] == [START, IDENTITY, CONTACT]


def test_is_completed_not_while_something_typed_waits_to_be_saved():
    assert position(typed={"income": {"personal_income": "60000"}}).first_unfinished is INCOME


def test_is_completed_not_with_a_choice_that_was_withdrawn():
    fewer = replace(OPTIONS, security_ids=choices("9"))
    assert position(options=fewer).first_unfinished is SECURITY


def test_is_completed_not_when_the_province_is_withdrawn():
    fewer = replace(OPTIONS, provinces=choices("QC"))
    assert position(options=fewer).first_unfinished is START


def test_is_completed_not_once_the_identification_has_expired():
    assert position(today=date(2031, 1, 31)).first_unfinished is TERMS
    assert position(today=date(2031, 2, 1)).first_unfinished is IDENTITY


def test_is_completed_not_when_the_new_province_has_a_higher_age_of_majority():
    young = {"dob": "2007-06-01"}
    assert position(saved=saved_answers(**young)).first_unfinished is TERMS
    assert position(saved=saved_answers(**young, province="BC")).first_unfinished is IDENTITY


def test_is_completed_in_quebec_needs_the_housing_costs():
    saved = saved_answers()
    del saved["income"]["monthly_housing_expenses"]
    assert position(saved=saved).first_unfinished is TERMS
    saved["start"]["province"] = "QC"
    assert position(saved=saved).first_unfinished is INCOME


def test_is_completed_not_with_a_correction_of_the_lender():
    here = position(corrections={"email": "invalid"})
    assert here.first_unfinished is CONTACT
    assert here.corrections_of(CONTACT) == {"email": "invalid"}
    assert not here.corrections_of(IDENTITY)


def test_warnings_of_a_step_do_not_make_it_unfinished():
    here = position(saved=saved_answers(postal_code="H7A0A1"))
    assert set(here.warnings_of(CONTACT)) == {"postal_code"}
    assert here.first_unfinished is TERMS
    assert here.warnings_of(TERMS) == {}


def test_every_field_of_apply_is_asked_on_exactly_one_step():
    asked = [field for step in FORM_STEPS for field in step.fields]
    assert len(asked) == len(set(asked))
    assert {field.name for field in fields(CreditApplication)} - set(asked) == {"tos_agreement", "input_type"}


def test_step_of_field_leads_to_where_it_is_asked():
    assert step_of_field("email") == ("contact", "Email address")
    assert step_of_field("tos_agreement")[0] == "check"


def test_step_named_knows_its_steps_only():
    assert step_named("terms") is TERMS
    assert step_named("submit") is None
