from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import DateField, parse_date
from applications.journey.fields.dates import refuse_expired, refuse_impossible_birth
from tests.applications.journey.specimens import TODAY, read_or_refused, unhurried

MONTHS = {
    "en": "January February March April May June July August September October November December".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}


def refused(text):
    with pytest.raises(ValidationError) as refusal:
        parse_date(text)
    return refusal.value


@pytest.mark.parametrize(
    "text",
    [
        "1990-01-31",
        "1990/01/31",
        "1990.01.31",
        "1990 01 31",
        "1990 - 01 - 31",
        "1990–01–31",
        "1990-1-31",
        "19900131",
        "31 janvier 1990",
        "31 JANVIER 1990",
        "le 31 janvier 1990",
        "31 janv. 1990",
        "January 31, 1990",
        "January 31st, 1990",
        "january 31 1990",
        "Jan. 31, 1990",
        "31 January 1990",
        "31-Jan-1990",
        "31/01/1990",
        "01/31/1990",
        " 1990-01-31 ",
    ],
)
def test_date_in_any_clear_spelling(text):
    assert parse_date(text) == date(1990, 1, 31)


@pytest.mark.parametrize("text", ["1er août 1990", "1 aout 1990", "August 1, 1990", "Aug 1st 1990"])
def test_date_on_the_first_of_a_month(text):
    assert parse_date(text) == date(1990, 8, 1)


def test_date_of_two_readings_offers_both():
    refusal = refused("01/02/1990")

    assert refusal.error_list[0].code == "ambiguous"
    assert "1990-01-02" in refusal.messages[0]
    assert "1990-02-01" in refusal.messages[0]


def test_date_with_the_same_day_and_month_has_one_reading():
    assert parse_date("05/05/1990") == date(1990, 5, 5)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1990-02-30", "no_such_day"),
        ("1991-02-29", "no_such_day"),
        ("30 février 1990", "no_such_day"),
        ("1990-13-01", "no_such_day"),
        ("1990-00-10", "no_such_day"),
        ("0000-01-01", "no_such_day"),
        ("31/31/1990", "no_such_day"),
        ("19901301", "no_such_day"),
        ("01/02/90", "short_year"),
        ("90-01-31", "short_year"),
        ("31 Smarch 1990", "unreadable"),
        ("31011990", "unreadable"),
        ("yesterday", "unreadable"),
        ("1990-01", "unreadable"),
        ("١٩٩٠-٠١-٣١", "unreadable"),
        ("99999-01-01", "unreadable"),
    ],
)
def test_date_that_cannot_be_read_is_refused(text, code):
    assert refused(text).error_list[0].code == code


@unhurried
@given(
    day=st.dates(min_value=date(1900, 1, 1)),
    form=st.sampled_from(["{d:%Y-%m-%d}", "{d:%Y/%m/%d}", "{en} {d.day}, {d.year}", "{d.day} {fr} {d.year}"]),
)
def test_date_in_every_spelling_reads_the_same(day, form):
    text = form.format(d=day, en=MONTHS["en"][day.month - 1], fr=MONTHS["fr"][day.month - 1])

    assert parse_date(text) == day
    assert DateField().to_wire(parse_date(text)) == day.isoformat()


@unhurried
@given(day=st.dates(min_value=date(1900, 1, 1)))
def test_date_with_the_year_last_is_never_misread(day):
    for text in (f"{day:%d/%m/%Y}", f"{day:%m/%d/%Y}"):
        try:
            assert parse_date(text) == day
        except ValidationError as refusal:
            assert refusal.error_list[0].code == "ambiguous"  # noqa: PT017 (the other answer is right too)


@unhurried
@given(st.text(alphabet="0123456789-/. janfévriermûst,", max_size=20))
def test_date_from_anything_alike_is_a_date_or_refused(text):
    found = read_or_refused(parse_date, text)

    assert found is None or parse_date(found.isoformat()) == found


def test_birth_today_is_possible_and_tomorrow_is_not():
    refuse_impossible_birth(TODAY, today=TODAY)
    with pytest.raises(ValidationError) as refusal:
        refuse_impossible_birth(date(2026, 11, 21), today=TODAY)

    assert "future" in refusal.value.messages[0]


def test_birth_before_1900_is_refused():
    refuse_impossible_birth(date(1900, 1, 1), today=TODAY)
    with pytest.raises(ValidationError) as refusal:
        refuse_impossible_birth(date(1899, 12, 31), today=TODAY)

    assert "1900" in refusal.value.messages[0]


def test_identification_is_good_on_its_last_day_and_not_after():
    refuse_expired(TODAY, today=TODAY)
    with pytest.raises(ValidationError) as refusal:
        refuse_expired(date(2026, 11, 19), today=TODAY)

    assert "expired" in refusal.value.messages[0]
