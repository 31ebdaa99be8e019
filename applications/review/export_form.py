"""What a person chooses before an export."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flexiti_portal.crispy import bare_helper
from merchants.models import Language

MASKED, WITH_NAMES = "masked", "with_names"


class ExportForm(forms.Form):
    """The language of headings and values, and whether applicants are named in it."""

    language = forms.ChoiceField(
        label=gettext_lazy("Headings and values in"),
        choices=Language.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("In French, semicolons part the columns and a comma the cents, as spreadsheets expect."),
        error_messages={"required": gettext_lazy("Choose a language.")},
    )
    contents = forms.ChoiceField(
        label=gettext_lazy("Applicants"),
        choices=[
            (MASKED, gettext_lazy("Masked: initials, and the end of phone numbers and e-mail addresses")),
            (WITH_NAMES, gettext_lazy("With names and contact details")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what the file says of the applicants.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why do you need names and contact details?"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Kept with your name and the number of rows. You sign in again before the download."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off", "data-show-when": f"contents={WITH_NAMES}"}),
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.fields["reason"].hide_optional = True  # type: ignore[attr-defined]
        self.helper = bare_helper()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("contents") == WITH_NAMES and not cleaned.get("reason"):
            self.add_error("reason", _("Write down why names are needed, so that it can be checked later."))
        return cleaned
