from datetime import date

import pytest

from applications.journey.forms import IdentityForm
from posapi import FormValues
from tests.applications.journey.specimens import IDENTITY, context, i18n


def filled(changed_context=None, **changes):
    return IdentityForm({**IDENTITY, **changes}, context=changed_context or context())


def test_identity_gives_its_answers_as_they_go_on_the_wire():
    form = filled()

    assert form.is_valid()
    assert form.values() == {name: value for name, value in IDENTITY.items() if value}


@pytest.mark.parametrize("field", [name for name in IDENTITY if name != "middle_name"])
def test_identity_without_an_answer_asks_for_it(field):
    form = filled(**{field: "  "})

    assert list(form.errors) == [field]
    assert "This field" not in form.errors[field][0]


@pytest.mark.parametrize(
    ("field", "limit"), [("first_name", 35), ("middle_name", 100), ("last_name", 50), ("govid_number", 100)]
)
def test_identity_too_long_says_the_limit(field, limit):
    assert filled(**{field: "x" * limit}).is_valid()
    form = filled(**{field: "x" * (limit + 1)})

    assert list(form.errors) == [field]
    assert str(limit) in form.errors[field][0]
    assert form[field].value() == "x" * (limit + 1)


def test_identity_keeps_a_response_key_in_the_middle_name():
    assert filled(middle_name="D-EMAIL_DBL_TIMEOUT").values()["middle_name"] == "D-EMAIL_DBL_TIMEOUT"


@pytest.mark.parametrize("text", ["1990-02-30", "2030-01-01", "1899-12-31", "01/02/1990", "soon"])
def test_identity_refuses_an_impossible_birth(text):
    form = filled(dob=text)

    assert list(form.errors) == ["dob"]
    assert form["dob"].value() == text


@pytest.mark.parametrize(("province", "age"), [("ON", 18), ("BC", 19)])
def test_identity_refuses_a_customer_under_age(province, age):
    here = context(province=province)
    birthday = here.today.replace(year=here.today.year - age)

    assert filled(here, dob=birthday.isoformat()).is_valid()
    form = filled(here, dob=birthday.replace(day=birthday.day + 1).isoformat())
    assert list(form.errors) == ["dob"]
    assert f"at least {age} years" in form.errors["dob"][0]


def test_identity_reads_today_by_the_store_and_not_the_server():
    born = "2008-11-21"

    assert not filled(context(today=date(2026, 11, 20)), dob=born).is_valid()
    assert filled(context(today=date(2026, 11, 21)), dob=born).is_valid()


def test_identity_that_expires_today_is_accepted_and_yesterday_is_not():
    assert filled(govid_expiry="2026-11-20").is_valid()
    assert "expired" in filled(govid_expiry="2026-11-19").errors["govid_expiry"][0]


def test_identity_offers_the_issuers_of_the_type_chosen():
    form = filled(govid_type="CAHC", govid_issuedby="QC")

    assert form.is_valid()
    assert "Quebec" in str(form["govid_issuedby"])
    assert "Ontario" not in str(form["govid_issuedby"])


def test_identity_with_an_issuer_of_another_type_comes_back_with_the_right_list():
    form = filled(govid_type="CAHC", govid_issuedby="ON")

    assert list(form.errors) == ["govid_issuedby"]
    assert "choose who issued it" in form.errors["govid_issuedby"][0]
    assert "British Columbia" in str(form["govid_issuedby"])


@pytest.mark.parametrize("posted", ["", "ON", "CANADA"])
def test_identity_with_one_issuer_chooses_it(posted):
    form = filled(govid_type="CAP", govid_issuedby=posted)

    assert form.is_valid()
    assert form.values()["govid_issuedby"] == "CANADA"
    assert 'value="CANADA" selected' in str(form["govid_issuedby"])


def test_identity_with_one_issuer_shows_it_chosen_on_a_first_visit():
    form = IdentityForm(context=context(), initial={"govid_type": "CAP"})

    assert 'value="CANADA" selected' in str(form["govid_issuedby"])


def test_identity_without_a_type_asks_for_the_type_alone():
    form = filled(govid_type="", govid_issuedby="ON")

    assert list(form.errors) == ["govid_type"]


def test_identity_refuses_the_health_cards_that_must_not_be_taken():
    lists = i18n()
    lists["govid_issued_bys"]["option_depends"]["CAHC"] = lists["provinces"]
    here = context(options=FormValues.from_json(lists, "en"))

    assert list(filled(here, govid_type="CAHC", govid_issuedby="ON").errors) == ["govid_issuedby"]
    assert filled(here, govid_type="CAHC", govid_issuedby="BC").is_valid()


def test_identity_lists_issuers_by_type_for_the_script():
    lists = filled().issuers_by_type

    assert lists["CAP"] == [["CANADA", "Canada"]]
    assert ["ON", "Ontario"] in lists["CADL"]
    assert ["ON", "Ontario"] not in lists["CAHC"]


def test_identity_shown_anew_after_another_type_keeps_what_was_typed_without_complaint():
    typed = filled(govid_type="CAHC", govid_issuedby="ON", dob="soon").typed()
    form = IdentityForm(context=context(), initial={**IDENTITY, **typed})

    assert not form.errors
    assert form["dob"].value() == "soon"
    assert form["govid_issuedby"].value() == ""
    assert "British Columbia" in str(form["govid_issuedby"])


def test_identity_marks_what_was_scanned():
    form = IdentityForm(context=context(scanned=frozenset({"last_name", "city"})), initial=IDENTITY)

    assert "data-scanned" in str(form["last_name"])
    assert "data-scanned" not in str(form["first_name"])


def test_identity_takes_what_a_licence_says():
    licence = {"first_name": "JOHN", "last_name": "DOE", "dob": "1985-02-01", "govid_expiry": "2029-02-01"}

    assert filled(**licence).values()["first_name"] == "JOHN"
