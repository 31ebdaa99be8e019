from datetime import date, timedelta

import pytest

from applications.journey.majority import age_of_majority, is_of_age
from tests.applications.journey.specimens import OPTIONS, TODAY


def test_age_of_majority_of_every_province():
    ages = {choice.code: age_of_majority(choice.code) for choice in OPTIONS.provinces}

    assert ages == {
        **dict.fromkeys(("AB", "MB", "ON", "PE", "QC", "SK"), 18),
        **dict.fromkeys(("BC", "NB", "NL", "NT", "NS", "NU", "YT"), 19),
    }


def test_age_of_majority_where_the_province_is_not_known_is_the_higher():
    assert age_of_majority("") == 19


@pytest.mark.parametrize(("province", "year"), [("ON", 2008), ("BC", 2007)])
def test_birthday_today_counts(province, year):
    birthday = TODAY.replace(year=year)

    assert is_of_age(birthday, province=province, today=TODAY)
    assert not is_of_age(birthday + timedelta(days=1), province=province, today=TODAY)


def test_born_on_29_february_is_of_age_on_1_march_of_a_common_year():
    born = date(2008, 2, 29)

    assert not is_of_age(born, province="ON", today=date(2026, 2, 28))
    assert is_of_age(born, province="ON", today=date(2026, 3, 1))


def test_eighteen_is_of_age_in_quebec_and_not_in_british_columbia():
    born = date(2008, 5, 1)

    assert is_of_age(born, province="QC", today=TODAY)
    assert not is_of_age(born, province="BC", today=TODAY)
