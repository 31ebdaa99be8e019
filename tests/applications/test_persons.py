"""Blind indexes that recognise a person, and tell nothing else."""

import pytest

from applications.answers import Answers
from applications.persons import account_key, person_keys
from tests.factories import saved_answers


def keys_of(**changes):
    return person_keys(Answers(saved=saved_answers(**changes)))


@pytest.mark.parametrize(
    "changes",
    [
        {"first_name": "ANNE-ÉLISE"},
        {"first_name": "Anne  Elise"},
        {"last_name": "O’Brien"},
        {"last_name": " o'brien "},
    ],
)
def test_spelling_does_not_make_another_person(changes):
    assert keys_of(**changes).person_key == keys_of().person_key


@pytest.mark.parametrize("changes", [{"first_name": "Anne"}, {"last_name": "Brien"}, {"dob": "1988-04-10"}])
def test_other_name_or_birth_date_is_another_person(changes):
    assert keys_of(**changes).person_key != keys_of().person_key


def test_phone_and_email_count_only_with_the_birth_date():
    spouse, renamed = keys_of(first_name="Marc", dob="1985-01-01"), keys_of(last_name="Tremblay")
    assert (spouse.phone_person_key, spouse.email_person_key) != (
        keys_of().phone_person_key,
        keys_of().email_person_key,
    )
    assert renamed.phone_person_key == keys_of().phone_person_key
    assert keys_of(email="ANNE@example.test ").email_person_key == keys_of().email_person_key


def test_key_is_empty_while_an_answer_is_missing():
    keys = keys_of(dob="")
    assert (keys.person_key, keys.phone_person_key, keys.email_person_key) == ("", "", "")
    assert keys_of(email="").email_person_key == ""


def test_keys_of_parts_that_run_together_differ():
    assert (
        keys_of(first_name="Ann", last_name="Elise").person_key
        != keys_of(first_name="Ann Elise", last_name="x").person_key
    )


def test_account_key_ignores_leading_zeros():
    assert account_key("0020035156") == account_key("20035156") != account_key("20035157")
