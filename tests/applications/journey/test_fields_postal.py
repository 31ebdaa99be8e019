import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from applications.journey.fields import PostalCodeField, parse_postal_code
from tests.applications.journey.specimens import NBSP, read_or_refused, unhurried

codes = st.from_regex(r"\A[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z][0-9][ABCEGHJ-NPRSTV-Z][0-9]\Z")


def refused(text):
    with pytest.raises(ValidationError) as refusal:
        parse_postal_code(text)
    return refusal.value


@pytest.mark.parametrize(
    "text", ["k1a 0b1", "K1A 0B1", "K1A-0B1", "k1a0b1", "K1A  0B1", " k1A–0b1 ", f"K1A{NBSP}0B1", "K 1 A 0 B 1"]
)
def test_postal_code_in_any_spelling(text):
    assert parse_postal_code(text) == "K1A0B1"


def test_postal_code_of_the_vendors_sample_is_accepted():
    assert parse_postal_code("A1A0H1") == "A1A0H1"


@pytest.mark.parametrize("text", ["K1A OB1", "KIA 0B1", "kla ob1", "K1AoBi"])
def test_postal_code_with_a_letter_for_a_digit_says_which_is_meant(text):
    refusal = refused(text)

    assert refusal.error_list[0].code == "meant"
    assert "K1A 0B1" in refusal.messages[0]


@pytest.mark.parametrize("text", ["D1A 0B1", "K1O 0B1", "K1A 0U1", "Z1A 0B1", "W1A 0B1"])
def test_postal_code_with_a_letter_never_used_says_which(text):
    assert refused(text).error_list[0].code == "letters"


@pytest.mark.parametrize("text", ["K1A", "K1A 0B", "K1A 0B12", "90210", "1K1 A0B", "K1A_0B1", "K1A 0B١", "SW1A 1AA"])
def test_postal_code_of_another_shape_is_refused(text):
    assert refused(text).error_list[0].code == "unreadable"


@unhurried
@given(code=codes, between=st.sampled_from(["", " ", "-", "  ", NBSP]), lower=st.booleans())
def test_postal_code_in_every_spelling_reads_the_same(code, between, lower):
    text = code[:3] + between + code[3:]

    assert parse_postal_code(text.lower() if lower else text) == code


@unhurried
@given(code=codes)
def test_postal_code_shown_reads_back_the_same(code):
    field = PostalCodeField()

    assert field.shown(code) == f"{code[:3]} {code[3:]}"
    assert field.clean(field.shown(code)) == code


@unhurried
@given(st.text(alphabet="ABKOIL0123456789- oß", max_size=8))
def test_postal_code_from_anything_alike_is_six_characters_or_refused(text):
    code = read_or_refused(parse_postal_code, text)

    assert code is None or (len(code) == 6 and parse_postal_code(code) == code)
