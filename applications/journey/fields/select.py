"""Selects over the lender's lists, whose labels are in the customer's language."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.journey.fields.text import Answer
from posapi import Choice

CHOOSE = _("Choose…")


class CustomerSelect(forms.Select):
    """A select whose options say in which language they are: the page around them may be in another."""

    language = ""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value and self.language:
            option["attrs"]["lang"] = self.language
        return option


class SelectField(Answer, forms.ChoiceField):
    """One code of a list of the lender's; the list is given when the form is made."""

    widget = CustomerSelect
    codes: tuple[str, ...] = ()
    default_error_messages = {"invalid_choice": _("Choose from the list.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def offer(self, choices: Sequence[Choice], *, language: str = "") -> None:
        """Offer these, in this language, below an empty line."""
        self.codes = tuple(choice.code for choice in choices)
        self.choices = [("", CHOOSE), *((choice.code, choice.label) for choice in choices)]
        if isinstance(self.widget, CustomerSelect):
            self.widget.language = language

    def offers(self, code: Any) -> bool:
        return self.valid_value(code)
