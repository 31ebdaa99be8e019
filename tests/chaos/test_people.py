"""Made-up applicants: no two the same person, and complete."""

import random
from collections import Counter

from applications.answers import Answers
from applications.persons import person_keys
from applications.submission.payload import missing_fields
from chaos.people import answers_of, applicants


def test_applicants_are_different_people_by_every_key():
    keys = [person_keys(Answers(saved=answers_of(number))) for number in range(0, 12_000, 3)]
    for name in ("person_key", "phone_person_key", "email_person_key"):
        assert len({getattr(one, name) for one in keys}) == len(keys)


def test_applicants_have_every_required_answer():
    for saved in applicants(50, random.Random(1)):
        assert missing_fields(Answers(saved=saved)) == []


def test_applicants_ask_for_every_kind_of_decision():
    asked = Counter(saved["identity"]["middle_name"][:1] for saved in applicants(1000, random.Random(1)))
    assert 500 < asked[""] + asked["A"] < 850
    assert 80 < asked["D"] < 250
    assert 50 < asked["P"] < 200
