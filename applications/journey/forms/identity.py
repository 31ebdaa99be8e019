"""Who the customer is, by the identification on the counter."""

from datetime import date
from typing import Any

from crispy_forms.layout import HTML, Field
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from applications.journey.fields import DateField, LineField, SelectField
from applications.journey.fields.dates import refuse_expired, refuse_impossible_birth
from applications.journey.fields.text import NameField
from applications.journey.forms.base import Group, StepForm, Values
from applications.journey.majority import age_of_majority, is_of_age
from applications.journey.options import issuers, offered

TOO_YOUNG = _(
    "In this province a customer must be at least %(age)d years old. Check the date; if it is right, no "
    "application can be taken."
)
OTHER_ISSUER = _("This identification is not issued there. The list now fits the type: choose who issued it.")
SHOW_ISSUERS = _("Show who issues this type")

# Without the script that changes the list at once, the list has to be asked for.
_REFRESH = (
    '<noscript><button type="submit" class="button" name="refresh" value="govid_issuedby" formnovalidate>'
    "{}</button></noscript>"
)


class IssuerField(SelectField):
    """Who issued the identification.

    A type with one issuer leaves nothing to choose, and before a type is chosen there is nobody to choose from.
    """

    default_error_messages = {"invalid_choice": OTHER_ISSUER}

    def to_python(self, value: Any) -> Any:
        return self.only or (super().to_python(value) if self.codes else "")

    def bound_data(self, data: Any, initial: Any) -> Any:
        return self.only or super().bound_data(data, initial)

    @property
    def only(self) -> str:
        """The one issuer there is, or "" where there is a choice."""
        return self.codes[0] if len(self.codes) == 1 else ""


class IdentityForm(StepForm):
    """All four fields of the identification are required at the counter (contract §6.1)."""

    salutation = SelectField(
        label=_("Salutation"),
        error_messages={"required": _("Choose how the customer is addressed.")},
    )
    first_name = NameField(
        limit=35,
        label=_("First name"),
        help_text=_("Exactly as on the identification, accents included."),
        error_messages={"required": _("Enter the customer’s first name, as on the identification.")},
    )
    middle_name = NameField(limit=100, required=False, label=_("Middle name"))
    last_name = NameField(
        limit=50,
        label=_("Last name"),
        error_messages={"required": _("Enter the customer’s last name, as on the identification.")},
    )
    dob = DateField(
        label=_("Date of birth"),
        help_text=_("Year-month-day, for example 1990-01-31."),
        error_messages={"required": _("Enter the customer’s date of birth, for example 1990-01-31.")},
    )
    govid_type = SelectField(
        label=_("Type of identification"),
        error_messages={"required": _("Choose which identification the customer shows.")},
    )
    govid_issuedby = IssuerField(
        label=_("Issued by"),
        help_text=_("The list depends on the type."),
        error_messages={"required": _("Choose who issued the identification.")},
    )
    govid_number = LineField(
        limit=100,
        label=_("Number on the identification"),
        error_messages={"required": _("Enter the number on the identification.")},
    )
    govid_expiry = DateField(
        label=_("Expiry date"),
        help_text=_("Year-month-day, for example 2030-01-31. It must not be past."),
        error_messages={"required": _("Enter the expiry date on the identification, for example 2030-01-31.")},
    )

    groups = (
        (_("Name and date of birth"), (("salutation", "first_name", "middle_name"), ("last_name", "dob"))),
        (_("Identification"), (("govid_type", "govid_issuedby"), ("govid_number", "govid_expiry"))),
    )

    def offer(self) -> None:
        """The issuers offered are those of the type chosen so far; before a type is chosen there are none."""
        super().offer()
        issuer = self.fields["govid_issuedby"]
        assert isinstance(issuer, IssuerField)
        issuer.hide_optional = True
        choices = issuers(self.context.options, str(self.now("govid_type")))
        issuer.offer(choices, language=self.context.lang)
        issuer.required = bool(choices)
        self.initial["govid_issuedby"] = issuer.only or self.initial["govid_issuedby"]
        issuer.widget.attrs.update({"data-depends-on": "id_govid_type", "data-options": "govid-issuers"})

    @property
    def issuers_by_type(self) -> dict[str, list[list[str]]]:
        """The list of each type, for the script that changes it at once: type → [[code, label], …]."""
        options = self.context.options
        return {
            kind.code: [[choice.code, choice.label] for choice in issuers(options, kind.code)]
            for kind in offered("govid_type", options)
        }

    def typed(self) -> Values:
        """An issuer that does not fit the type typed is not kept: it has to be chosen again."""
        typed = super().typed()
        issuer = self.fields["govid_issuedby"]
        assert isinstance(issuer, IssuerField)
        fits = issuer.offers(typed.get("govid_issuedby", ""))
        return typed if fits else {**typed, "govid_issuedby": ""}

    def clean_dob(self) -> date:
        born: date = self.cleaned_data["dob"]
        refuse_impossible_birth(born, today=self.context.today)
        if not is_of_age(born, province=self.context.province, today=self.context.today):
            age = age_of_majority(self.context.province)
            raise ValidationError(TOO_YOUNG, code="too_young", params={"age": age})
        return born

    def clean_govid_expiry(self) -> date:
        expiry: date = self.cleaned_data["govid_expiry"]
        refuse_expired(expiry, today=self.context.today)
        return expiry

    def lines(self, group: Group) -> list[Any]:
        first, *others = super().lines(group)
        if "salutation" in first.fields:
            first.fields[0] = Field("salutation", wrapper_class="field--xs")
        else:
            first.fields.insert(1, HTML(format_html(_REFRESH, SHOW_ISSUERS)))
        return [first, *others]
