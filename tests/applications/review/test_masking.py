"""What is left of an answer until somebody reveals it."""

import pytest

from applications.answers import SENSITIVE_FIELDS, Answers
from applications.review.masking import DOTS, masked, masked_name
from tests.factories import SAVED, saved_answers


@pytest.mark.parametrize(
    ("first_name", "last_name", "initials"),
    [
        ("Anne-Élise", "O'Brien", "A. O’B."),
        ("étienne", "d’Amours", "É. D’A."),
        ("Thị", "Nguyễn", "T. N."),
        ("Zoé", "", "Z."),
        ("", "", ""),
        ("'", "-", ""),
    ],
)
def test_name_is_shown_by_its_initials(first_name, last_name, initials):
    assert masked_name(Answers(saved=saved_answers(first_name=first_name, last_name=last_name))) == initials


def test_name_that_was_never_saved_is_empty():
    assert masked_name(Answers()) == ""


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("phone_number", "4165550142", "••• 42"),
        ("phone_number", "12", "•••"),
        ("employer_phone", "4165550199", "••• 99"),
        ("account_number", "20035156", "••• 56"),
        ("email", "anne@example.test", "a•••@•••.test"),
        ("email", "not an address", "•••"),
        ("email", "@example.test", "•••"),
        ("dob", "1988-04-09", "1988-••-••"),
        ("dob", "soon", "•••"),
        ("postal_code", "M5V2T6", "M5V •••"),
        ("first_name", "Anne-Élise", "A."),
        ("address_1", "10 Example Street", "•••"),
        ("employer_name", "Example Inc", "•••"),
        ("personal_income", "52000.00", "•••"),
        ("amount_requested", "2500.00", "2500.00"),
        ("province", "ON", "ON"),
        ("a_field_of_tomorrow", "anything", "•••"),
        ("sin", "", ""),
    ],
)
def test_value_is_masked_by_its_field(field, value, shown):
    assert masked(field, value) == shown


@pytest.mark.parametrize("field", sorted(SENSITIVE_FIELDS))
def test_sensitive_value_shows_nothing_of_itself(field):
    assert masked(field, "046454286") == masked(field, "x") == DOTS


def test_no_answer_that_names_a_person_is_shown_whole():
    telling = "first_name last_name dob phone_number email address_1 postal_code employer_name employer_phone"
    flat = {name: value for step in SAVED.values() for name, value in step.items()}
    for field in [*telling.split(), *SENSITIVE_FIELDS]:
        assert flat[field] not in masked(field, flat[field])
