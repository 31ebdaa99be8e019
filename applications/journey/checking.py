"""All answers in words, for a last look before they are sent."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from applications.journey.fields import DateField, MoneyField, PhoneField, PostalCodeField, SelectField
from applications.journey.steps import FORM_STEPS, Position, Step
from applications.models import Application, CustomerLanguage
from applications.templatetags.amounts import money

_NEVER_SHOWN = frozenset({"security_answer", "piw"})
_MASK = "••••••"


@dataclass(frozen=True)
class Row:
    """One answer for `components/summary_list.html`; `note` is a warning about it."""

    label: str
    value: str
    note: str
    url: str


@dataclass(frozen=True)
class Section:
    """The answers of one step."""

    step: Step
    rows: list[Row]


def summary(application: Application, position: Position) -> list[Section]:
    """Every form step with its answers in the order they were asked, each with the way back to its very field."""
    return [_section(application, position, step) for step in FORM_STEPS]


def _section(application: Application, position: Position, step: Step) -> Section:
    form = position.saved_form(step)
    saved = position.answers.saved.get(step.name, {})
    warnings = position.warnings_of(step)
    url = reverse("step", args=[application.pk, step.name])
    rows = [
        Row(
            label=str(field.label),
            value=shown(name, field, saved.get(name), application.lang),
            note=warnings.get(name, ""),
            url=f"{url}?return=check#id_{name}",
        )
        for name, field in form.answers()
    ]
    return Section(step, rows)


def shown(name: str, field: Any, value: Any, lang: str) -> str:
    """An answer as people write it. Choices are in the customer's language, marked as such; secrets are masked."""
    if value in (None, ""):
        return ""
    if name in _NEVER_SHOWN:
        return _("%(mask)s (recorded, not shown)") % {"mask": _MASK}
    if name == "sin":
        return f"••• ••• {value[-3:]}"
    if name == "language":
        return str(CustomerLanguage(value).label)
    match field:
        case SelectField():
            return format_html('<span lang="{}">{}</span>', lang, _label(field, value))
        case MoneyField():
            return money(value)
        case DateField():
            return date_format(date.fromisoformat(value), "DATE_FORMAT")
        case PhoneField() | PostalCodeField():
            return str(field.shown(value))
    return str(value)


def _label(field: SelectField, code: str) -> str:
    choices: Any = field.choices
    return next((str(label) for one, label in choices if one == code), code)
