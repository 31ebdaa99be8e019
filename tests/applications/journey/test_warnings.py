import pytest

from applications.journey.warnings import warnings_about
from tests.applications.journey.specimens import OPTIONS


@pytest.mark.parametrize(
    ("province", "code"),
    [
        ("NL", "A1A0H1"),
        ("NS", "B3H4R2"),
        ("PE", "C1A1A1"),
        ("NB", "E1A1A1"),
        ("QC", "G1A1A1"),
        ("QC", "H7A0A1"),
        ("QC", "J1A1A1"),
        ("ON", "K1A0B1"),
        ("ON", "P1A1A1"),
        ("MB", "R1A1A1"),
        ("SK", "S1A1A1"),
        ("AB", "T1A1A1"),
        ("BC", "V1A1A1"),
        ("NT", "X1A1A1"),
        ("NU", "X1A1A1"),
        ("YT", "Y1A1A1"),
    ],
)
def test_postal_code_is_expected_in_its_own_provinces_only(province, code):
    assert "postal_code" not in warnings_about({"province": province, "postal_code": code})
    elsewhere = [choice.code for choice in OPTIONS.provinces if choice.code not in (province, "NT", "NU")]
    assert all("postal_code" in warnings_about({"province": other, "postal_code": code}) for other in elsewhere)


def test_postal_code_without_a_province_is_not_judged():
    assert warnings_about({"postal_code": "A1A0H1"}) == {}


@pytest.mark.parametrize(("household", "warned"), [("999.99", True), ("1000.00", False), ("10000.00", False)])
def test_household_income_below_the_customers_own_warns(household, warned):
    found = warnings_about({"personal_income": "1000.00", "household_income": household})

    assert ("household_income" in found) == warned


@pytest.mark.parametrize(
    ("occupation", "asked"),
    [
        ("FE", {"employer_name", "employer_phone"}),
        ("PE", {"employer_name", "employer_phone"}),
        ("SW", {"employer_name", "employer_phone"}),
        ("SE", {"employer_name"}),
        ("RT", set()),
        ("OT", set()),
        ("UW", set()),
    ],
)
def test_employer_missing_warns_where_the_occupation_has_one(occupation, asked):
    assert set(warnings_about({"occupation_id": occupation})) == asked
    given = dict.fromkeys(asked, "something")
    assert warnings_about({"occupation_id": occupation, **given}) == {}


@pytest.mark.parametrize(
    ("sin", "word"), [("900000001", "temporary"), ("046454286", "0 or 8"), ("800000002", "0 or 8")]
)
def test_sin_of_an_unusual_range_warns(sin, word):
    assert word in str(warnings_about({"sin": sin})["sin"])


def test_sin_of_a_usual_range_does_not_warn():
    assert warnings_about({"sin": "123123123"}) == {}
