"""The filters of a list as a form: the address of a page is read by it, and what makes no sense is told."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from localflavor.ca.ca_provinces import PROVINCE_CHOICES

from applications.journey.fields.money import MoneyField
from applications.models import CustomerLanguage
from applications.review.filters import LABELS, Filters
from applications.statuses import Status
from flexiti_portal.crispy import bare_helper
from merchants.models import Environment, Store, User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_EARLIEST, _LATEST = date(2000, 1, 1), date(2099, 12, 31)
_ABOVE_ANY_AMOUNT = Decimal(10**9)
_ANY = pgettext_lazy("any status, store or associate", "Any")


_SELECTED = SafeString(" selected")


class LongSelect(forms.Select):
    """A list of hundreds, written in one go: Django renders a template for every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "\n",
            '<option value="{}"{}>{}</option>',
            ((key, _SELECTED if str(key) == chosen else "", label) for key, label in self.choices),
        )
        return format_html(
            "<select{}>{}</select>", flatatt({"name": name, **self.build_attrs(self.attrs, attrs)}), options
        )


def _day_field(name: str) -> forms.DateField:
    return forms.DateField(
        label=LABELS[name],
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": gettext_lazy("Enter the day as year-month-day, for example 2026-01-31.")},
    )


def _choice_field(name: str, choices: Iterable[tuple[Any, Any]], refusal: "_StrPromise") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=LABELS[name],
        required=False,
        choices=[("", _ANY), *choices],
        widget=LongSelect,
        error_messages={"invalid_choice": refusal},
    )


class FilterForm(forms.Form):
    """The filters as a form. `stores` and `people` are all that this manager may choose from; it is always bound."""

    status = _choice_field("status", Status.choices, gettext_lazy("There is no such status. Choose one from the list."))
    store = _choice_field("store", (), gettext_lazy("This is not one of your stores. Choose one from the list."))
    associate = _choice_field(
        "associate", (), gettext_lazy("Nobody of your stores is meant by that. Choose a person from the list.")
    )
    day_from = _day_field("day_from")
    day_to = _day_field("day_to")
    amount_from = MoneyField(label=LABELS["amount_from"], required=False, allow_zero=True)
    amount_to = MoneyField(label=LABELS["amount_to"], required=False, allow_zero=True)
    province = _choice_field(
        "province", PROVINCE_CHOICES, gettext_lazy("There is no such province. Choose one from the list.")
    )
    language = _choice_field(
        "language", CustomerLanguage.choices, gettext_lazy("There is no such language. Choose one from the list.")
    )
    environment = _choice_field(
        "environment", Environment.choices, gettext_lazy("There is no such environment. Choose one from the list.")
    )

    def __init__(self, data: Any, *, stores: Iterable[Store], people: Iterable[User]) -> None:
        super().__init__(data)
        self.stores = tuple(stores)
        self._chosen: dict[str, dict[str, Any]] = {
            "store": {str(store.pk): store for store in self.stores},
            "associate": {str(person.pk): person for person in people},
        }
        for name, choices in self._chosen.items():
            offered = [(key, str(one)) for key, one in choices.items()]
            self.fields[name].choices = [("", _ANY), *offered]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]
        self.helper = bare_helper()

    @property
    def filters(self) -> Filters:
        """What was asked for; only after `is_valid`."""
        return Filters(**self.cleaned_data)

    def clean_store(self) -> Store | None:
        return self._chosen["store"].get(self.cleaned_data["store"])

    def clean_associate(self) -> User | None:
        return self._chosen["associate"].get(self.cleaned_data["associate"])

    def clean_day_from(self) -> date | None:
        return _possible_day(self.cleaned_data["day_from"])

    def clean_day_to(self) -> date | None:
        return _possible_day(self.cleaned_data["day_to"])

    def clean_amount_from(self) -> Decimal | None:
        return _possible_amount(self.cleaned_data["amount_from"])

    def clean_amount_to(self) -> Decimal | None:
        return _possible_amount(self.cleaned_data["amount_to"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if _ends_before_it_begins(cleaned.get("day_from"), cleaned.get("day_to")):
            self.add_error("day_to", _("This day is before the first one. Change one of the two."))
        if _ends_before_it_begins(cleaned.get("amount_from"), cleaned.get("amount_to")):
            self.add_error("amount_to", _("This amount is below the first one. Change one of the two."))
        return cleaned


def _ends_before_it_begins(begin: Any, end: Any) -> bool:
    return begin is not None and end is not None and bool(end < begin)


def _possible_day(day: date | None) -> date | None:
    if day and not _EARLIEST <= day <= _LATEST:
        raise forms.ValidationError(_("Enter a day of this century, for example 2026-01-31."))
    return day


def _possible_amount(amount: Decimal | None) -> Decimal | None:
    if amount is not None and amount >= _ABOVE_ANY_AMOUNT:
        raise forms.ValidationError(_("This amount is too large. Check the number of zeros."))
    return amount
