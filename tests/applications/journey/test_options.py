import pytest

from applications.journey.options import issuers, no_longer_offered, offered, still_offered
from posapi import FormValues
from tests.applications.journey.specimens import OPTIONS, i18n

CHOSEN = {
    "salutation": "mr",
    "province": "QC",
    "govid_type": "CAP",
    "govid_issuedby": "CANADA",
    "housing_type": "Rent",
    "occupation_id": "FE",
    "security_qid": "8",
    "first_name": "John",
}


def codes(choices):
    return [choice.code for choice in choices]


def test_choices_still_offered():
    assert no_longer_offered(CHOSEN, OPTIONS) == []
    assert still_offered(CHOSEN, OPTIONS)


@pytest.mark.parametrize(
    ("field", "drop"),
    [
        ("salutation", lambda lists: lists["salutations"].pop("mr")),
        ("province", lambda lists: lists["provinces"].pop("QC")),
        ("housing_type", lambda lists: lists["housing_type"].pop("Rent")),
        ("occupation_id", lambda lists: lists["occupation_ids"]["options"].pop("FE")),
        ("security_qid", lambda lists: lists["security_ids"].pop("8")),
    ],
)
def test_choice_the_lender_dropped_is_named(field, drop):
    lists = i18n()
    drop(lists)
    options = FormValues.from_json(lists, "en")

    assert no_longer_offered(CHOSEN, options) == [field]
    assert not still_offered(CHOSEN, options)


def test_type_the_lender_dropped_is_named():
    lists = i18n()
    del lists["govid_types"]["CAP"]

    assert no_longer_offered(CHOSEN, FormValues.from_json(lists, "en")) == ["govid_type"]


def test_issuer_of_another_type_is_not_offered():
    assert no_longer_offered({**CHOSEN, "govid_issuedby": "QC"}, OPTIONS) == ["govid_issuedby"]


def test_issuers_depend_on_the_type():
    assert codes(issuers(OPTIONS, "CAP")) == ["CANADA"]
    assert len(issuers(OPTIONS, "CADL")) == 13
    assert issuers(OPTIONS, "") == ()


def test_health_cards_of_five_provinces_are_refused_whatever_the_feed_says():
    lists = i18n()
    lists["govid_issued_bys"]["option_depends"]["CAHC"] = lists["provinces"]
    options = FormValues.from_json(lists, "en")

    assert set(codes(options.govid_issued_bys["CAHC"])) > {"ON", "MB", "NS", "PE", "AB"}
    assert codes(issuers(options, "CAHC")) == ["BC", "NB", "NL", "NT", "NU", "QC", "SK", "YT"]
    assert "ON" in codes(issuers(options, "CADL"))


def test_type_that_nobody_issues_is_not_offered():
    lists = i18n()
    lists["govid_issued_bys"]["option_depends"]["CAHC"] = {"ON": "Ontario"}
    options = FormValues.from_json(lists, "en")

    assert "CAHC" not in codes(offered("govid_type", options))
    assert "CADL" in codes(offered("govid_type", options))
