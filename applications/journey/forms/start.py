"""The first step: in which language, where, and how much."""

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.journey.fields import MoneyField, SelectField
from applications.journey.forms.base import StepForm

# Each language under its own name: the customer may be looking on. Values of contract §6.1.
LANGUAGES = (("en-CA", "English"), ("fr-CA", "Français"))


class StartForm(StepForm):
    language = SelectField(
        choices=LANGUAGES,
        label=_("Customer’s language"),
        help_text=_("For the terms, the decision, and everything the customer reads."),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the language the customer prefers.")},
    )
    province = SelectField(
        label=_("Province or territory where the customer lives"),
        error_messages={"required": _("Choose the province or territory where the customer lives.")},
    )
    amount_requested = MoneyField(
        label=_("Amount requested"),
        help_text=_("The credit the customer asks for, in dollars, for example 2,500.00."),
        error_messages={"required": _("Enter the amount the customer asks for, for example 2,500.00.")},
    )

    groups = ((_("The customer’s request"), ("language", "province", "amount_requested")),)
