from functools import partial

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import SinField, parse_sin
from applications.journey.fields.sin import VENDOR_SAMPLE
from tests.applications.journey.specimens import read_or_refused, unhurried


def refused(text, **options):
    with pytest.raises(ValidationError) as refusal:
        parse_sin(text, **options)
    return refusal.value


def check_digit(eight):
    doubled = (int(digit) * (2 if index % 2 else 1) for index, digit in enumerate(eight))
    return str(-sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10)


numbers = st.text(alphabet="0123456789", min_size=8, max_size=8).map(lambda eight: eight + check_digit(eight))


@pytest.mark.parametrize("text", ["046454286", "046 454 286", "046-454-286", "046.454.286", " 0464 54286 "])
def test_sin_in_any_spacing(text):
    assert parse_sin(text) == "046454286"


@pytest.mark.parametrize("text", ["046454287", "123456789", "046 454 268", "000000000"])
def test_sin_with_a_wrong_check_digit_offers_to_leave_it_out(text):
    refusal = refused(text)

    assert refusal.error_list[0].code == "check_digit"
    assert "leave the box empty" in refusal.messages[0]


def test_sin_of_the_vendors_sample_is_accepted_only_where_it_may_be():
    assert parse_sin("123 123 123", accept_vendor_sample=True) == VENDOR_SAMPLE
    assert refused(VENDOR_SAMPLE).error_list[0].code == "check_digit"
    assert refused("123123124", accept_vendor_sample=True).error_list[0].code == "check_digit"


@pytest.mark.parametrize(("text", "digits"), [("04645428", 8), ("0464542860", 10), ("1", 1)])
def test_sin_of_another_length_says_how_many_digits_there_are(text, digits):
    refusal = refused(text)

    assert refusal.error_list[0].code == "count"
    assert str(digits) in refusal.messages[0]


@pytest.mark.parametrize("text", ["O46454286", "none", "٠٤٦٤٥٤٢٨٦", "••• ••• 286"])
def test_sin_with_anything_but_digits_is_refused(text):
    assert refused(text).error_list[0].code == "unreadable"


def test_sin_is_always_optional():
    assert SinField().clean("") == ""


@unhurried
@given(number=numbers.filter(lambda number: number.strip("0")))
def test_sin_with_a_right_check_digit_is_kept(number):
    assert parse_sin(f"{number[:3]} {number[3:6]} {number[6:]}") == number


@unhurried
@given(number=numbers.filter(lambda number: number.strip("0")), place=st.integers(0, 8), more=st.integers(1, 9))
def test_sin_with_one_digit_mistyped_is_refused(number, place, more):
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]

    assert refused(wrong).error_list[0].code == "check_digit"


@unhurried
@given(st.text(alphabet="0123456789 -.x", max_size=14), st.booleans())
def test_sin_from_anything_alike_is_nine_digits_or_refused(text, sample):
    read = partial(parse_sin, accept_vendor_sample=sample)
    number = read_or_refused(read, text)

    assert number is None or (len(number) == 9 and read(number) == number)
