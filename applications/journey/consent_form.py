"""The customer's agreement to something beside the terms, recorded at the counter."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from applications.consents import Consent
from applications.models import ConsentKind, DeviceHolder
from flexiti_portal.crispy import bare_helper

# What the customer ticks, in their own language.
AGREEMENTS: dict[ConsentKind, Promise] = {
    ConsentKind.ANOTHER_INQUIRY: _("I agree that Flexiti makes another credit inquiry about me."),
    ConsentKind.WAITING: _("I agree that my application waits and is sent when Flexiti is back, also while I am away."),
}


class ConsentForm(forms.Form):
    """A tick by the customer, and who held the device. The label of the agreement is in the customer's language."""

    agree = forms.BooleanField(error_messages={"required": _("The customer ticks this box to go on.")})
    device_holder = forms.ChoiceField(
        label=_("Who held the device?"),
        choices=DeviceHolder.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say who held the device.")},
    )

    def __init__(self, data: Any = None, *, kind: ConsentKind, language: str) -> None:
        super().__init__(data)
        self.kind = kind
        with override(language):
            words = str(AGREEMENTS[kind])
        self.fields["agree"].label = format_html('<span lang="{}">{}</span>', language, words)
        self.helper = bare_helper()

    @property
    def consent(self) -> Consent:
        """The agreement of a valid form."""
        return Consent(self.kind, DeviceHolder(self.cleaned_data["device_holder"]))
