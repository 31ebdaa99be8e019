import pytest

from applications.journey.forms import SecurityForm
from tests.applications.journey.specimens import SECURITY, context


def filled(initial=None, changed_context=None, **changes):
    return SecurityForm({**SECURITY, **changes}, context=changed_context or context(), initial=initial)


def test_security_gives_its_answers_as_they_go_on_the_wire():
    assert filled().values() == SECURITY


@pytest.mark.parametrize("field", list(SECURITY))
def test_security_without_an_answer_asks_for_it(field):
    form = filled(**{field: ""})

    assert list(form.errors) == [field]
    assert "This field" not in form.errors[field][0]


@pytest.mark.parametrize(("field", "limit"), [("security_answer", 50), ("piw", 100)])
def test_security_too_long_says_the_limit(field, limit):
    assert filled(**{field: "x" * limit}).is_valid()
    assert str(limit) in filled(**{field: "x" * (limit + 1)}).errors[field][0]


def test_security_on_file_is_never_written_into_the_page():
    html = f"{SecurityForm(context=context(), initial=SECURITY)}"

    assert "Horse" not in html
    assert "Cloud" not in html
    assert html.count("•••") == 2


def test_security_on_file_is_kept_when_the_boxes_are_left_empty():
    assert filled(initial=SECURITY, security_answer="", piw="").values() == SECURITY


def test_security_cannot_be_removed():
    assert set(filled(initial=SECURITY).fields) == set(SECURITY)


def test_security_answer_on_file_does_not_answer_another_question():
    form = filled(initial=SECURITY, security_qid="9", security_answer="", piw="")

    assert list(form.errors) == ["security_answer"]
    assert filled(initial=SECURITY, security_qid="9", security_answer="Casablanca").is_valid()


def test_security_answer_to_another_question_stays_wanted_on_the_next_visit():
    typed = filled(initial=SECURITY, security_qid="9", security_answer="", piw="").typed()
    again = filled(initial={**SECURITY, **typed}, security_qid="9", security_answer="", piw="")

    assert list(again.errors) == ["security_answer"]


def test_security_word_the_lender_complained_of_is_asked_again():
    complained = context(corrections={"piw": "invalid"})

    assert list(SecurityForm(context=complained, initial=SECURITY).errors) == ["piw"]
    assert list(filled(initial=SECURITY, changed_context=complained, piw="").errors) == ["piw"]
