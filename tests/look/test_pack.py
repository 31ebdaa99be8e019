"""The crispy pack: what a person, and a screen reader, finds around every kind of field."""

import re
from typing import Any

import pytest
from crispy_forms.bootstrap import AppendedText, FormActions, PrependedText, StrictButton
from crispy_forms.helper import FormHelper
from crispy_forms.layout import (
    HTML,
    ButtonHolder,
    Column,
    Div,
    Field,
    Fieldset,
    Hidden,
    Layout,
    Row,
    Submit,
)
from crispy_forms.utils import render_crispy_form
from django import forms


class Sample(forms.Form):
    use_required_attribute = False

    amount = forms.CharField(label="Amount", help_text="With taxes")
    lang = forms.ChoiceField(
        label="Language", choices=[("en", "English"), ("fr", "Français")], widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], required=False)
    consent = forms.BooleanField(label="I agree")
    born = forms.SplitDateTimeField(label="Born", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def html_of(form: forms.Form, *layout: Any, **settings: Any) -> str:
    helper = FormHelper()
    helper.layout = Layout(*layout) if layout else None
    for key, value in settings.items():
        setattr(helper, key, value)
    return str(render_crispy_form(form, helper))


def ids(html: str) -> list[str]:
    return re.findall(r'\sid="([^"]+)"', html)


@pytest.mark.parametrize("data", [None, {}, {"amount": "", "lang": "de", "born_0": "x"}])
def test_every_reference_leads_to_one_element(data: dict[str, str] | None) -> None:
    form = Sample(data)
    form.fields["amount"].warning = "Unusually large"  # type: ignore[attr-defined]
    html = html_of(form)
    found = ids(html)
    assert len(found) == len(set(found))
    pointers = " ".join(re.findall(r'(?:aria-describedby|aria-labelledby|for)="([^"]+)"', html)).split()
    links = re.findall(r'href="#([^"]+)"', html)
    assert set(pointers + links) <= set(found)


def test_error_is_told_in_the_summary_and_by_the_field() -> None:
    html = html_of(Sample({"lang": "en", "consent": "on"}))
    assert '<div class="error-summary" role="alert" tabindex="-1"' in html
    assert 'href="#id_amount"' in html
    assert 'id="id_amount_error"' in html
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in html
    assert "Please correct one answer" in html


def test_summary_leads_to_the_first_radio_button() -> None:
    html = html_of(Sample({"amount": "1", "consent": "on"}))
    assert 'href="#id_lang_0"' in html
    assert 'aria-describedby="id_lang_error"' in html


def test_summary_shows_errors_of_the_whole_form() -> None:
    form = Sample({"amount": "1", "lang": "en", "consent": "on"})
    form.add_error(None, "These two do not go together.")
    assert "<li>These two do not go together.</li>" in html_of(form)


def test_pristine_form_has_no_summary() -> None:
    assert "error-summary" not in html_of(Sample())


def test_radio_buttons_are_a_group_with_a_legend() -> None:
    html = html_of(Sample(), "lang")
    assert re.search(r'<fieldset class="field" id="id_lang">\s*<legend class="field__label">\s*Language', html)
    assert html.count('type="radio"') == 2


def test_parts_of_one_answer_are_a_group_with_a_legend() -> None:
    html = html_of(Sample(), "born")
    assert "<legend" in html
    assert 'name="born_0"' in html
    assert 'name="born_1"' in html


def test_only_optional_fields_are_marked() -> None:
    assert "(optional)" in html_of(Sample(), "kind")
    assert "(optional)" not in html_of(Sample(), "amount")


def test_optional_mark_can_be_hidden() -> None:
    form = Sample()
    form.fields["kind"].hide_optional = True  # type: ignore[attr-defined]
    assert "(optional)" not in html_of(form, "kind")


def test_warning_of_the_form_stands_by_its_field_and_does_not_mark_it_wrong() -> None:
    form = Sample()
    form.warnings = {"amount": "Unusually large"}  # type: ignore[attr-defined]
    html = html_of(form, "amount", "kind")
    assert html.count("Unusually large") == 1
    assert 'aria-describedby="id_amount_helptext id_amount_warning"' in html
    assert "aria-invalid" not in html


def test_scanned_answer_is_marked() -> None:
    form = Sample()
    form.fields["amount"].widget.attrs["data-scanned"] = "yes"
    assert html_of(form, "amount", "kind").count("field__scanned") == 1


@pytest.mark.parametrize("affix", [PrependedText("amount", "$"), AppendedText("amount", "%")])
def test_affix_stands_beside_the_input(affix: PrependedText) -> None:
    assert "field__affix" in html_of(Sample(), affix)


def test_affix_can_be_set_on_the_field() -> None:
    form = Sample()
    form.fields["amount"].prefix = "$"  # type: ignore[attr-defined]
    assert re.search(r'field__affix" aria-hidden="true">\$<', html_of(form, "amount"))


def test_layout_objects_render() -> None:
    html = html_of(
        Sample(),
        Fieldset("Purchase", Row("amount", Column("kind")), css_class="wide"),
        Div(Field("lang", wrapper_class="field--side"), data_show_when="kind=a", css_id="more"),
        HTML("<p>Aside</p>"),
        Hidden("step", "start"),
        FormActions(Submit("save", "Save")),
        ButtonHolder(StrictButton("Add", css_class="button")),
    )
    assert '<legend class="form__legend heading">Purchase</legend>' in html
    assert '<div id="more" data-show-when="kind=a">' in html
    assert 'class="field field--side"' in html
    assert re.search(r'<button type="submit" name="save" value="Save"[^>]*class="button button--primary', html)
    assert '<input type="hidden" name="step"' in html
    assert html.count('class="button-row"') == 2


def test_form_leaves_checking_to_the_server() -> None:
    helper_attributes = {"data-submit-once": "", "autocomplete": "off"}
    html = html_of(Sample(), "amount", attrs=helper_attributes, form_id="step-form")
    opening = html[html.index("<form") : html.index(">", html.index("<form"))]
    for part in ('id="step-form"', "data-submit-once", 'autocomplete="off"', 'method="post"', "novalidate"):
        assert part in opening


def test_form_tag_can_be_left_to_the_page() -> None:
    assert "<form" not in html_of(Sample(), "amount", form_tag=False)


def test_hidden_field_has_no_label() -> None:
    html = html_of(Sample(), "token")
    assert 'type="hidden" name="token"' in html
    assert "<label" not in html
