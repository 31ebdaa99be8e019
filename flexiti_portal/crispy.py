"""How crispy-forms is used here."""

from crispy_forms.helper import FormHelper


def bare_helper() -> FormHelper:
    """Fields only: a page writes its own form element and token, because it has more to send than one form."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper
