"""Finding applications again by exactly what a person says of themselves: nothing is opened to search.

What is searched for stands in no address, no log and no session: it comes by POST, and the answer is the page itself.
"""

import re
from typing import Any

from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from applications.journey.fields.dates import DateField
from applications.models import Application
from applications.persons import account_keys, email_keys, name_keys, phone_keys, plain_name
from applications.review.filters import Filters
from applications.review.keyset import NEWEST_FIRST, Position
from applications.review.listing import PAGE_SIZE, Listing
from applications.review.listing_page import lines_of
from applications.review.scope import ReviewRequest, stores_of_manager
from flexiti_portal.crispy import bare_helper
from merchants.access import Action, allows

_DIGITS_OF_A_PHONE = 10


def _box(label: Any, hint: Any = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", **attributes})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=254, widget=widget)


class SearchForm(forms.Form):
    """What is known of the applicant; where more than one thing is given, all of them must be true."""

    phone_number = _box(gettext_lazy("Phone number"), inputmode="tel")
    email = _box(gettext_lazy("E-mail"), inputmode="email")
    last_name = _box(gettext_lazy("Last name"))
    dob = DateField(label=gettext_lazy("Date of birth"), required=False)
    account_number = _box(gettext_lazy("Account number"), gettext_lazy("Flexiti’s, digits only."), inputmode="numeric")
    reference_id = _box(gettext_lazy("Reference"), gettext_lazy("As it stands on every page of the application."))

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.hide_optional = True  # type: ignore[attr-defined]
        self.helper = bare_helper()
        self.helper.layout = Layout(
            Fieldset(gettext_lazy("Name and date of birth, both"), Row("last_name", "dob")),
            Fieldset(
                gettext_lazy("Or one of these"), Row("phone_number", "email"), Row("account_number", "reference_id")
            ),
        )

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """What the row of an application must hold one of, by column."""
        given = self.cleaned_data
        keys = {
            "phone_key": phone_keys(given["phone_number"]),
            "email_key": email_keys(given["email"]),
            "account_key": account_keys(given["account_number"]),
            "name_key": name_keys(given["last_name"], given["dob"].isoformat()) if given["dob"] else (),
            "reference_id": (given["reference_id"],) if given["reference_id"] else (),
        }
        return {column: every for column, every in keys.items() if every}

    def clean_phone_number(self) -> str:
        digits = re.sub(r"\D", "", self.cleaned_data["phone_number"]).removeprefix("1")
        if self.cleaned_data["phone_number"] and len(digits) != _DIGITS_OF_A_PHONE:
            raise forms.ValidationError(_("Enter all ten digits, with the area code."))
        return digits

    def clean_email(self) -> str:
        address: str = self.cleaned_data["email"]
        if address and not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            raise forms.ValidationError(_("Enter the whole address, for example anne@example.com."))
        return address

    def clean_account_number(self) -> str:
        number = re.sub(r"[\s-]", "", self.cleaned_data["account_number"])
        if number and not re.fullmatch("(?=0*[1-9])[0-9]{1,14}", number):
            raise forms.ValidationError(_("Enter the digits only, fourteen at most."))
        return number

    def clean_last_name(self) -> str:
        name: str = self.cleaned_data["last_name"]
        if name and not plain_name(name):
            raise forms.ValidationError(_("Enter the last name in letters."))
        return name

    def clean_reference_id(self) -> str:
        return re.sub(r"\s", "", self.cleaned_data["reference_id"]).lower()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("last_name") and "dob" in cleaned and not cleaned["dob"]:
            self.add_error("dob", _("A name alone cannot be searched for. Add the date of birth."))
        if cleaned.get("dob") and "last_name" in cleaned and not cleaned["last_name"]:
            self.add_error("last_name", _("A date of birth alone cannot be searched for. Add the last name."))
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(_("Enter what you know of the applicant, in at least one box."))
        return cleaned


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@allows(Action.REVIEW)
def review_list_search(request: ReviewRequest) -> HttpResponse:
    """The form; with a POST also what was found in the manager's stores, the newest first."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "review/search.html", {"form": form}, status=422 if form.is_bound else 200)
    found = _found(request, form.columns)
    context = {"form": form, "lines": lines_of(found[:PAGE_SIZE]), "has_more": len(found) > PAGE_SIZE}
    return render(request, "review/search.html", {**context, "is_answered": True})


def _found(request: ReviewRequest, columns: dict[str, tuple[str, ...]]) -> list[Application]:
    """One more than a page at the most."""
    counter, stores = request.counter, tuple(stores_of_manager(request.counter))
    any_of = {f"{column}__in": every for column, every in columns.items()}
    matching = Application.objects.filter(merchant=counter.merchant, store__in=stores, **any_of)
    rows = matching.order_by(*NEWEST_FIRST).values_list("created_at", "id")[: PAGE_SIZE + 1]
    return Listing(counter.merchant, stores, Filters()).opened([Position(*row) for row in rows])
