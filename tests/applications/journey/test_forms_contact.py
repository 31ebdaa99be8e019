import pytest

from applications.journey.forms import ContactForm
from tests.applications.journey.specimens import CONTACT, context


def filled(changed_context=None, **changes):
    return ContactForm({**CONTACT, **changes}, context=changed_context or context())


def test_contact_gives_its_answers_as_they_go_on_the_wire():
    form = filled()

    assert form.is_valid()
    assert form.values() == {
        "phone_number": "4165550123",
        "email": "etienne@example.ca",
        "address_1": "123 Any Street",
        "city": "Toronto",
        "postal_code": "M5V2T6",
    }


@pytest.mark.parametrize("field", [name for name in CONTACT if name != "address_2"])
def test_contact_without_an_answer_asks_for_it(field):
    form = filled(**{field: ""})

    assert list(form.errors) == [field]
    assert "This field" not in form.errors[field][0]


@pytest.mark.parametrize(("field", "limit"), [("address_1", 250), ("address_2", 100), ("city", 100)])
def test_contact_too_long_says_the_limit(field, limit):
    assert filled(**{field: "x" * limit}).is_valid()
    assert str(limit) in filled(**{field: "x" * (limit + 1)}).errors[field][0]


def test_contact_with_a_postal_code_of_another_province_warns_and_passes():
    form = filled(context(province="QC"), postal_code="A1A0H1")

    assert form.is_valid()
    assert list(form.warnings) == ["postal_code"]


def test_contact_with_a_postal_code_of_the_province_does_not_warn():
    assert filled().warnings == {}


def test_contact_warns_on_a_later_visit_too():
    saved = {"postal_code": "A1A0H1"}

    assert list(ContactForm(context=context(), initial=saved).warnings) == ["postal_code"]
    assert ContactForm(context=context(province="NL"), initial=saved).warnings == {}


def test_contact_shows_saved_answers_as_people_write_them():
    form = ContactForm(context=context(), initial={"phone_number": "4165550123", "postal_code": "M5V2T6"})

    assert form["phone_number"].value() == "416 555 0123"
    assert form["postal_code"].value() == "M5V 2T6"
