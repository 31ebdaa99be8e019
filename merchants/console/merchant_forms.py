"""The forms of a merchant."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from flexiti_portal.crispy import bare_helper
from merchants.models import Merchant


class MerchantForm(forms.Form):
    """Name and contact. `merchant` is the one that is edited; its own name is not taken."""

    name = forms.CharField(
        label=_("Name"), max_length=130, error_messages={"required": _("Enter the name of the merchant.")}
    )
    support_contact = forms.CharField(
        label=_("Whom should staff tell?"),
        max_length=200,
        help_text=_("Shown when something is wrong that staff cannot mend: a name and a phone number."),
        error_messages={"required": _("Enter a name and a phone number.")},
    )
    support_contact_fr = forms.CharField(
        label=_("The same in French"),
        max_length=200,
        required=False,
        help_text=_("Only if it reads differently, such as « siège social » for “head office”."),
    )

    use_required_attribute = False

    def __init__(self, data: Any = None, *, merchant: Merchant | None = None) -> None:
        super().__init__(data, initial={name: getattr(merchant, name) for name in self.base_fields} if merchant else {})
        self.merchant = merchant
        self.helper = bare_helper()

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Merchant.objects.exclude(pk=self.merchant.pk) if self.merchant else Merchant.objects
        if others.filter(name__iexact=name).exists():
            raise ValidationError(_("There is a merchant of this name already. Give another one."))
        return name
