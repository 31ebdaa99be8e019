import time

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import PhoneField, parse_phone
from tests.applications.journey.specimens import NBSP, read_or_refused, unhurried

ten_digits = st.text(alphabet="0123456789", min_size=10, max_size=10)


def refused(text):
    with pytest.raises(ValidationError) as refusal:
        parse_phone(text)
    return refusal.value


@pytest.mark.parametrize(
    "text",
    [
        "4165550123",
        "416-555-0123",
        "416 555 0123",
        "416 555-0123",
        "416.555.0123",
        "(416) 555-0123",
        "(416)555-0123",
        "1 416 555 0123",
        "1-416-555-0123",
        "+1 416 555 0123",
        "+1 (416) 555-0123",
        "+14165550123",
        "tel: 416-555-0123",
        "Tél. 416-555-0123".replace("é", "e"),
        f"416{NBSP}555–0123",
        "\u202a416-555-0123\u202c",
    ],
)
def test_phone_in_any_common_spelling(text):
    assert parse_phone(text) == "4165550123"


@pytest.mark.parametrize("number", ["5551231231", "1231231231"])
def test_phone_of_the_vendors_samples_is_accepted(number):
    assert parse_phone(number) == number


@pytest.mark.parametrize(
    "text", ["416-555-0123 x45", "416 555 0123 ext. 45", "4165550123 poste 45", "416 555 0123 #45", "4165550123p. 45"]
)
def test_phone_with_an_extension_says_to_leave_it_out(text):
    refusal = refused(text)

    assert refusal.error_list[0].code == "extension"
    assert "extension" in refusal.messages[0]


@pytest.mark.parametrize(
    "text", ["+33 1 23 45 67 89", "011 33 1 23 45 67 89", "0033 1 23 45 67 89", "+52 55 1234 5678"]
)
def test_phone_abroad_asks_for_one_here(text):
    assert refused(text).error_list[0].code == "abroad"


def test_phone_without_area_code_says_how_many_digits_there_are():
    refusal = refused("555-0123")

    assert refusal.error_list[0].code == "count"
    assert "7" in refusal.messages[0]
    assert "area code" in refusal.messages[0]


@pytest.mark.parametrize("text", ["24165550123", "416555012", "41655501234", "+1 231 231 231"])
def test_phone_of_another_length_is_refused(text):
    assert refused(text).error_list[0].code == "count"


@pytest.mark.parametrize("text", ["416-FLOWERS", "none", "416_555_0123", "٤١٦٥٥٥٠١٢٣", "+", "()"])
def test_phone_with_anything_but_digits_is_refused(text):
    assert refused(text).error_list[0].code == "unreadable"


@unhurried
@given(
    number=ten_digits,
    form=st.sampled_from(
        ["{0}{1}{2}", "({0}) {1}-{2}", "{0}.{1}.{2}", "+1 {0} {1} {2}", "1-{0}-{1}-{2}", "{0} {1}–{2}"]
    ),
)
def test_phone_in_every_spelling_reads_the_same(number, form):
    assert parse_phone(form.format(number[:3], number[3:6], number[6:])) == number


@unhurried
@given(number=ten_digits, language=st.sampled_from(["en", "fr"]))
def test_phone_shown_reads_back_the_same(number, language):
    field = PhoneField()

    with translation.override(language):
        assert field.clean(field.shown(number)) == number


@pytest.mark.parametrize(("language", "text"), [("en", "416 555 0123"), ("fr", "416 555-0123")])
def test_phone_is_shown_as_the_staff_language_writes_it(language, text):
    with translation.override(language):
        assert PhoneField().shown("4165550123") == text


@unhurried
@given(st.text(alphabet="0123456789+-() .xextposte#", max_size=24))
def test_phone_from_anything_alike_is_ten_digits_or_refused(text):
    number = read_or_refused(parse_phone, text)

    assert number is None or (len(number) == 10 and parse_phone(number) == number)


@pytest.mark.parametrize("text", ["1" * 20_000, "1 " * 10_000, "-" * 20_000])
def test_phone_far_too_long_is_refused_at_once(text):
    began = time.process_time()
    assert read_or_refused(parse_phone, text) is None
    assert time.process_time() - began < 1
