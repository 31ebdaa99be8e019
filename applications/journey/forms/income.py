"""What the customer earns and does, and what their home costs."""

from django.utils.translation import gettext_lazy as _

from applications.journey.employment import (
    WITH_EMPLOYER_NAME,
    WITH_EMPLOYER_PHONE,
    asks_employer_name,
    asks_employer_phone,
)
from applications.journey.fields import Answer, LineField, MoneyField, PhoneField, SelectField, SinField
from applications.journey.forms.base import Values
from applications.journey.forms.concealed import ConcealingForm

VENDOR_SAMPLE_ENVIRONMENTS = frozenset({"sandbox", "training"})


class IncomeForm(ConcealingForm):
    personal_income = MoneyField(
        allow_zero=True,
        label=_("Personal income per year"),
        help_text=_("Before tax, in dollars. Without income, enter 0."),
        error_messages={"required": _("Enter the customer’s yearly income, or 0.")},
    )
    household_income = MoneyField(
        allow_zero=True,
        label=_("Household income per year"),
        help_text=_("Before tax, of everyone in the home, the customer included."),
        error_messages={"required": _("Enter the yearly income of the household, the customer’s included.")},
    )
    housing_type = SelectField(
        label=_("Housing situation"),
        error_messages={"required": _("Choose how the customer is housed.")},
    )
    monthly_housing_expenses = MoneyField(
        allow_zero=True,
        label=_("Housing costs per month"),
        help_text=_("Rent or mortgage, in dollars. Without costs, enter 0."),
        error_messages={"required": _("Enter what the home costs per month, or 0. It is required in Quebec.")},
    )
    occupation_id = SelectField(
        label=_("Occupation"),
        error_messages={"required": _("Choose the customer’s occupation.")},
    )
    occupation_title = LineField(
        limit=100,
        label=_("Job title"),
        help_text=_("Without a job, enter the situation in a word, for example Retired, Student or Homemaker."),
        error_messages={"required": _("Enter the job title or, without a job, a word such as Retired or Student.")},
    )
    employer_name = LineField(
        limit=100,
        required=False,
        label=_("Employer’s name"),
        help_text=_("Only for people with an employer, or the business name of the self-employed."),
    )
    employer_phone = PhoneField(
        required=False,
        label=_("Employer’s phone number"),
        help_text=_("Only for people with an employer. Ten digits, for example 416 555 0123."),
    )
    sin = SinField(
        label=_("Social Insurance Number"),
        help_text=_(
            "It helps to match the customer with the right credit file. The customer may say no: the application "
            "goes on without it."
        ),
    )

    groups = (
        (_("Income"), (("personal_income", "household_income"),)),
        (_("Housing"), (("housing_type", "monthly_housing_expenses"),)),
        (_("Work"), (("occupation_id", "occupation_title"), ("employer_name", "employer_phone"))),
        (_("Social Insurance Number"), ("sin",)),
    )
    concealed = ("sin",)
    removals = {"sin": _("Remove the number on file")}

    def offer(self) -> None:
        super().offer()
        self.fields["monthly_housing_expenses"].required = self.context.province == "QC"
        for name, occupations in (
            ("employer_name", WITH_EMPLOYER_NAME),
            ("employer_phone", WITH_EMPLOYER_PHONE),
        ):
            answer = self.fields[name]
            assert isinstance(answer, Answer)
            answer.hide_optional = True
            answer.widget.attrs["data-show-when"] = f"occupation_id={','.join(occupations)}"
        sin = self.fields["sin"]
        assert isinstance(sin, SinField)
        sin.accept_vendor_sample = self.context.environment in VENDOR_SAMPLE_ENVIRONMENTS

    def masked(self, name: str) -> str:
        """The last three digits, enough for the customer to know which number it is."""
        return f"••• ••• {self.on_file[name][-3:]}"

    def clean(self) -> Values:
        """Nothing is said, and nothing sent, about an employer where the occupation has none."""
        cleaned = super().clean()
        occupation = cleaned.get("occupation_id", "")
        if occupation and not asks_employer_name(occupation):
            self._drop("employer_name", cleaned)
        if occupation and not asks_employer_phone(occupation):
            self._drop("employer_phone", cleaned)
        return cleaned

    def _drop(self, name: str, cleaned: Values) -> None:
        self.errors.pop(name, None)
        cleaned[name] = ""
